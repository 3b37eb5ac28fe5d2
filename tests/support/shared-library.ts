// A library that many tests begin with, made once for all of them: 270 generated photos, enough to
// learn from, indexed by a real engine; with the views of learning, too; and after a run of that.
// Each is kept under the system's temporary folder by what it is made of, as long as it is used. A
// test changes its copy; nobody changes the photos. Test code only.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { CATALOGUE_FILE, openCatalogue } from '../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../main/catalogue/database.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { dropRun } from '../../main/engine/runs/run-records.ts'
import { ensureCommandLine } from '../../main/setup/build.mjs'
import { wholeFolder } from '../../main/setup/whole-folder.mjs'
import { LearnResult } from '../../main/wire/learning-contract.ts'
import { superviseCompute } from './compute.ts'
import { QUICK, indexInto, learnUntil } from './learning.ts'
import { makePhotos } from './photos.ts'

/** Photos of the shared library. */
export const SHARED_PHOTOS = 270
/** This user's: what others made there may not be read. */
const KEPT = join(tmpdir(), `kindred-test-libraries-${process.getuid?.() ?? ''}`)
/** Of the folder of the one that has learned. */
const [LEARNED, RESULT] = ['library', 'result.json']
const MADE_BY = ['shared-library.ts', 'learning.ts', 'photos.ts', 'compute.ts']

let digest: Promise<string> | undefined

/** Of all that it is made of: the command line is built into a folder named by its sources. */
function key(): Promise<string> {
  digest ??= ensureCommandLine().then((entry) => {
    const hash = createHash('sha256').update(basename(dirname(entry)))
    for (const name of MADE_BY)
      hash.update(readFileSync(fileURLToPath(new URL(name, import.meta.url))))
    return hash.digest('hex').slice(0, 16)
  })
  return digest
}

/** Where the photos of the shared library lie. They are read only: other tests have them, too. */
export async function sharedPhotos(): Promise<string> {
  return wholeFolder(join(KEPT, 'photos'), await key(), async (fresh) => {
    await makePhotos(fresh, SHARED_PHOTOS, { seed: 5, size: 80 })
  })
}

async function indexed(): Promise<string> {
  const photos = await sharedPhotos() // their place is the library's, too: they stay there
  return wholeFolder(join(KEPT, 'indexed'), await key(), async (fresh) => {
    const status = await indexInto(fresh, photos)
    // One that is not whole would fail every test for a day.
    assert.deepEqual([status.indexed, status.pending, status.failed], [SHARED_PHOTOS, 0, 0])
    assert.ok(status.model)
  })
}

/**
 * The same with the views of its photos, of which learning makes four of each before it begins:
 * that takes longer than indexing them did. As if a run had been given up then.
 */
async function viewed(): Promise<string> {
  const former = await indexed()
  return wholeFolder(join(KEPT, 'viewed'), await key(), async (fresh) => {
    cpSync(former, fresh, { recursive: true })
    await learnUntil(fresh, 'training')
    const catalogue = openCatalogue(fresh)
    const run = catalogue.runs.unfinished()
    assert.ok(run?.base)
    assert.equal(catalogue.views.photos(run.base).size, SHARED_PHOTOS)
    dropRun(catalogue, run)
    catalogue.close()
  })
}

/**
 * Copies the shared library, its views made, to a folder that is not there yet, or empty.
 * @param missing so many photos are left without
 */
export async function copyViewed(library: string, missing = 0): Promise<void> {
  cpSync(await viewed(), library, { recursive: true })
  const database = openDatabase(join(library, CATALOGUE_FILE))
  database.script(
    `DELETE FROM views WHERE photo IN
       (SELECT photo FROM views ORDER BY photo DESC LIMIT ${missing})`
  )
  database.close()
}

async function learned(): Promise<string> {
  return wholeFolder(join(KEPT, 'learned'), await key(), async (fresh) => {
    const library = join(fresh, LEARNED)
    await copyViewed(library)
    const engine = await createEngine({ library, watch: false, settle: 0 })
    const compute = await superviseCompute((port) => engine.attachCompute(port))
    await engine.idle()
    const result = await engine.learner.learn(QUICK)
    await engine.close()
    await compute.stop()
    assert.equal(result.kept, true, result.reason)
    writeFileSync(join(fresh, RESULT), JSON.stringify(result))
  })
}

/**
 * Copies the shared library as it is after a run of `QUICK` to a folder that is not there yet.
 * @returns what that run came to
 */
export async function copyLearned(library: string): Promise<LearnResult> {
  await sharedPhotos() // their place is that of the copy, too
  const folder = await learned()
  cpSync(join(folder, LEARNED), library, { recursive: true })
  return v.parse(LearnResult, JSON.parse(readFileSync(join(folder, RESULT), 'utf8')))
}

/** Copies the shared library to a folder that is not there yet, or empty. */
export async function copyIndexed(library: string): Promise<void> {
  cpSync(await indexed(), library, { recursive: true })
}
