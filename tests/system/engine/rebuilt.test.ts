// A damaged catalogue under a real engine: photos are indexed again by themselves, favourites are
// back on their photos, the damaged file is kept, and it is told. Damage that is met at work ends
// the process, and the next one replaces the catalogue. A copy that is killed is none.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CATALOGUE_FILE, connectCatalogue, openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { copiesOf, makeCopy } from '../../../main/catalogue/copies.ts'
import { decisionTables } from '../../../main/catalogue/decisions.ts'
import { COPIES_FOLDER } from '../../../main/catalogue/library-files.ts'
import { MIGRATIONS } from '../../../main/catalogue/schema-steps.ts'
import { readableDecisions } from '../../../main/catalogue/soundness.ts'
import type { Engine } from '../../../main/engine/api.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { superviseCompute } from '../../support/compute.ts'
import { damageAtWork } from '../../support/damage.ts'
import { kindred } from '../../support/kindred.ts'
import { ask, kinOf, modelRecord, temporaryFolder } from '../../support/library.ts'
import { makePhotos } from '../../support/photos.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

const PHOTOS = 12

function childFile(name: string): string {
  return join(import.meta.dirname, '../../support', name)
}

async function indexed(
  library: string,
  work: (engine: Engine) => Promise<void>
): Promise<void> {
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  try {
    await work(engine)
  } finally {
    await engine.close()
    await compute.stop()
  }
}

interface Made {
  library: string
  path: string
}

const home = mkdtempSync(join(tmpdir(), 'kindred-rebuilt-'))
let photos: string[] = []

before(async () => {
  photos = await makePhotos(join(home, 'photos'), PHOTOS, { seed: 21, size: 80 })
  const library = join(home, 'library')
  await indexed(library, async (engine) => {
    await engine.addFolder(join(home, 'photos'))
    await engine.idle()
  })
  const catalogue = openCatalogue(library)
  catalogue.favourites.set([2, 5], true)
  makeCopy(library, Date.now())
  catalogue.close()
})
after(() => rmSync(home, { recursive: true, force: true }))

/** A library of photos, two of which are favourites; a copy of it was made. */
function libraryOf(context: TestContext): Made {
  const library = join(temporaryFolder(context), 'library')
  cpSync(join(home, 'library'), library, { recursive: true })
  return { library, path: join(library, CATALOGUE_FILE) }
}

/** Names of the photos that are favourites. */
function favouritesOf(library: string): string[] {
  const catalogue = connectCatalogue(library, 'read')
  const shown = catalogue.photos.paths(0, 100).flatMap(({ id }) => catalogue.photos.shown(id) ?? [])
  catalogue.close()
  return shown.filter(({ favourite }) => favourite).map(({ name }) => name)
}

function damagedFiles(library: string): string[] {
  return readdirSync(library).filter((name) => /^kindred-damaged-.*\.sqlite$/.test(name))
}

const DAMAGES: Record<string, (path: string) => void> = {
  'garbage in the middle': (path) => {
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill(0xa5, 8192, bytes.length - 8192))
  },
  'cut off': (path) => truncateSync(path, 20_000),
  'zero bytes': (path) => truncateSync(path, 0)
}

for (const [what, damage] of Object.entries(DAMAGES))
  test(`a catalogue with ${what} is replaced, and photos are back`, async (context) => {
    const { library, path } = libraryOf(context)
    const favourites = favouritesOf(library)
    assert.equal(favourites.length, 2)
    damage(path)
    const found = readFileSync(path)
    await indexed(library, async (engine) => {
      await engine.idle()
      const { indexed: count, pending, failed } = engine.status()
      assert.deepEqual([count, pending, failed], [PHOTOS, 0, 0])
      assert.equal((await kinOf(engine, ask({ path: photos[0] ?? '' }, 3))).length, 3)
    })
    assert.deepEqual(favouritesOf(library).sort(), favourites.sort())
    const [kept = '', ...more] = damagedFiles(library)
    assert.deepEqual(more, [])
    assert.deepEqual(readFileSync(join(library, kept)), found)
  })

test('the command line says what happened, and goes on', async (context) => {
  const { library, path } = libraryOf(context)
  truncateSync(path, 0)
  const { code, stderr } = await kindred('status', '--library', library)
  assert.equal(code, 0)
  assert.match(stderr, /was damaged: your folders and favourites are back, as of \d+ \w+ \d{4}/)
  assert.match(stderr, /kindred-damaged-.*\.sqlite/)
  const again = await kindred('index', join(home, 'photos'), '--library', library)
  assert.equal(again.code, 0)
  assert.doesNotMatch(again.stderr, /damaged/)
  assert.equal(favouritesOf(library).length, 2)
})

test('damage that is met at work ends the engine; the next start replaces it', async (context) => {
  const { library, path } = libraryOf(context)
  const child = fork(childFile('open-engine-child.ts'), [library], {
    execArgv: [...TYPESCRIPT],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc']
  })
  context.after(() => child.kill('SIGKILL'))
  let told = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (told += text))
  const ended = once(child, 'close')
  await once(child, 'message')
  damageAtWork(path)
  child.send('look')
  await ended
  assert.equal(child.signalCode, 'SIGKILL')
  assert.match(told, /nobody caught this: Fault: .*kindred\.sqlite/)
  await indexed(library, async (engine) => void (await engine.idle()))
  assert.equal(damagedFiles(library).length, 1)
  assert.equal(favouritesOf(library).length, 2)
})

test('a process that is killed while it makes copies leaves whole ones', async (context) => {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  catalogue.folders.add('/photos', 'photos')
  for (let i = 0; i < 4; i++)
    catalogue.models.add('first', { ...modelRecord(), weights: new Uint8Array(2 ** 20) }, 0, 'retired')
  catalogue.close()
  for (let round = 0; round < 5; round++) {
    const child = fork(childFile('copying-child.ts'), [library], { execArgv: [...TYPESCRIPT] })
    await once(child, 'message') // one was made, the next is in the making
    await sleep(9 * round)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const copies = copiesOf(library)
    for (const { path } of copies) {
      const readable = readableDecisions(path)
      assert.equal(readable?.tables.size, decisionTables(MIGRATIONS.length).length, path)
    }
  }
  assert.ok(makeCopy(library, Date.now()))
  assert.equal(readdirSync(join(library, COPIES_FOLDER)).length, 3)
  assert.equal(existsSync(join(library, COPIES_FOLDER, 'unfinished.sqlite')), false)
})
