// Kills at random moments, in turns while photos are indexed, while learning, while another model
// takes over, while somebody searches, and while an older catalogue is brought up to date.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CATALOGUE_FILE, openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import { migrate } from '../../../main/catalogue/migrations.ts'
import { MIGRATIONS } from '../../../main/catalogue/schema-steps.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { seededRandom } from '../../../model/retrieval.ts'
import { superviseCompute } from '../../support/compute.ts'
import { QUICK, indexInto } from '../../support/learning.ts'
import { makePhotos } from '../../support/photos.ts'
import { NOTHING, accountOf, lostBetween, sumOf, unknownTo } from './account.ts'
import type { Account, Lost } from './account.ts'
import { TASKS } from './tasks.ts'
import type { Task } from './tasks.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))
const FIRST = 300 // photos: enough to learn from
const EACH = 40 // photos that come before each kill of indexing
const LATEST = 2500 // ms of work before a kill, at most
const LATEST_OPENING = 600
/** The newest version with favourites in photos' rows only: its steps rewrite what people said. */
const OLD_VERSION = 5
const OLD_PHOTOS = 3000

export interface Killed {
  tried: Record<Task, number>
  lost: Lost
  /** Photos that the library should have known at the end. */
  unknown: number
  failed: number
  /** Whether all was indexed and served at the end. */
  wellAtTheEnd: boolean
}

/** Kills a process so often; below `home`, which is empty. */
export async function kills(home: string, count: number, seed: number): Promise<Killed> {
  const random = seededRandom(seed)
  const photos = join(home, 'photos')
  const library = join(home, 'library')
  const paths = await makePhotos(photos, FIRST, { seed, size: 96 })
  await indexInto(library, photos)
  await learnOnce(library)
  const old = join(home, 'old')
  makeOldLibrary(old)

  const tried = { indexing: 0, learning: 0, swapping: 0, searching: 0, migrating: 0 }
  let lost = NOTHING
  for (let kill = 0; kill < count; kill++) {
    const task = TASKS[kill % TASKS.length]!
    tried[task]++
    if (task === 'migrating') {
      const copy = join(home, `old-${kill}`)
      cpSync(old, copy, { recursive: true })
      await killAt(task, copy, random() * LATEST_OPENING)
      openCatalogue(copy).close()
      lost = sumOf(lost, lostOfOld(accountOf(copy)))
      rmSync(copy, { recursive: true, force: true, maxRetries: 20 })
      continue
    }
    if (task === 'indexing')
      paths.push(...(await makePhotos(photos, EACH, { seed: seed + 1000 + kill, size: 96 })))
    markSome(library, kill)
    const before = accountOf(library)
    await killAt(task, library, random() * LATEST)
    lost = sumOf(lost, lostBetween(before, accountOf(library)))
  }
  await indexInto(library, photos)
  const end = accountOf(library)
  const isIndexed = [...end.photos.values()].every(({ status }) => status === 'indexed')
  return {
    tried,
    lost,
    unknown: unknownTo(end, paths).length,
    failed: end.failed,
    wellAtTheEnd: isIndexed && end.uncoded === 0 && end.photos.size === paths.length
  }
}

/** A second model, so that there is one to swap with. */
async function learnOnce(library: string): Promise<void> {
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  const { kept, reason } = await engine.learner.learn(QUICK)
  await engine.close()
  await compute.stop()
  if (!kept) throw new Error(`expected a second model to swap with, got none: ${reason}`)
}

async function killAt(task: Task, library: string, after: number): Promise<void> {
  const child = fork(WORKER, [task, library], {
    execArgv: [...TYPESCRIPT],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  const exit = once(child, 'exit')
  const first = await Promise.race([once(child, 'message'), exit.then(() => 'ended' as const)])
  if (first === 'ended') throw new Error(`${task}: the process ended before it was at work`)
  await Promise.race([sleep(after), exit])
  child.kill('SIGKILL')
  await exit
}

/** A person goes on marking: a favourite, a rating, two that are no duplicates. */
function markSome(library: string, round: number): void {
  const catalogue = openCatalogue(library)
  const ids = catalogue.photos.paths(0, 100_000).map(({ id }) => id)
  const at = (place: number): number => ids[(round * 7 + place) % ids.length]!
  catalogue.favourites.set([at(0)], true)
  catalogue.ratings.set([at(1)], 1 + (round % 5))
  catalogue.duplicateDecisions.add([at(2), at(3)], Date.now())
  catalogue.close()
}

function makeOldLibrary(library: string): void {
  mkdirSync(library, { recursive: true })
  const database = openDatabase(join(library, CATALOGUE_FILE))
  migrate(database, MIGRATIONS.slice(0, OLD_VERSION))
  database.script(`
    INSERT INTO folders (path, name) VALUES ('/away', 'away');
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${OLD_PHOTOS})
    INSERT INTO photos (folder, directory, name, size, modified_at, inode, added_at, status, hash,
      width, height, favourite)
      SELECT 1, '', i || '.jpg', i, i, i, 1, 'indexed', printf('%064d', i), 4, 3, i % 3 = 0 FROM n;
    INSERT INTO features (photo, backbone, feature, made_at)
      SELECT id, 'x', zeroblob(2560), 1 FROM photos`)
  database.close()
}

/** What the old library held and the new one does not. */
function lostOfOld({ photos, marks }: Account): Lost {
  const described = [...photos.values()].filter((photo) => photo.described).length
  return {
    ...NOTHING,
    rows: OLD_PHOTOS - photos.size,
    vectors: OLD_PHOTOS - described,
    marks: OLD_PHOTOS / 3 - marks.size
  }
}
