// Folders that cannot be listed, for permissions or a disk that gives errors: they are told with
// their number and the name of the first, what is known of them is kept, and they are looked
// through by themselves once they can be. The errors are the system's own.
import assert from 'node:assert/strict'
import { chmodSync, chownSync, copyFileSync, mkdirSync } from 'node:fs'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../main/engine/api.ts'
import { createEngine } from '../../main/engine/engine.ts'
import type { Spacings } from '../../main/engine/faults/decision.ts'
import { connect } from '../../main/wire/channel.ts'
import { engineContract } from '../../main/wire/engine-contract.ts'
import { portPair } from '../../main/wire/port.ts'
import { atEnd } from '../support/endings.ts'
import { superviseCompute } from '../support/compute.ts'
import { NO_FAULTY_FOLDER, faultyFolder } from '../support/faulty-folder.ts'
import type { FaultyFolder } from '../support/faulty-folder.ts'
import { kindred } from '../support/kindred.ts'
import { makePhotos } from '../support/photos.ts'
import { SOON, whenProgress } from '../support/waiting.ts'
import { NOBODY, NO_OTHER_USER, withoutRights } from '../support/without-rights.ts'

const skip = NO_FAULTY_FOLDER
const OPEN = 3
const CLOSED = 4 // photos in the folder that is closed
const ALL = OPEN + CLOSED
const HOUR = { first: 3600_000, most: 3600_000 }
const LATER: Spacings = { photo: HOUR, folder: HOUR, library: HOUR, program: HOUR }

const home = mkdtempSync(join(tmpdir(), 'kindred-closed-'))
chmodSync(home, 0o755)
after(() => rmSync(home, { recursive: true, force: true }))

let folders = 0

/** A folder of photos, some of them in the subfolder `May`. */
async function photosIn(): Promise<{ own: string; disk: string; library: string }> {
  const own = join(home, `${folders++}`)
  const [disk, library] = [join(own, 'disk'), join(own, 'library')]
  await makePhotos(disk, OPEN, { seed: 21, size: 64 })
  await makePhotos(join(disk, 'May'), CLOSED, { seed: 22, size: 64 })
  return { own, disk, library }
}

async function shownFolder(
  context: TestContext
): Promise<{ library: string; shown: string; folder: FaultyFolder }> {
  const { own, disk, library } = await photosIn()
  const shown = join(own, 'shown')
  return { library, shown, folder: await faultyFolder(context, disk, shown) }
}

async function opened(
  context: TestContext,
  library: string,
  { spacing = SOON, watch = false }: { spacing?: Spacings; watch?: boolean } = {}
): Promise<Engine> {
  const engine = await createEngine({ library, watch, settle: 0, spacing })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  atEnd(context, async () => {
    await engine.close()
    await compute.stop()
  })
  return engine
}

function told(engine: Engine): unknown[] {
  return engine.progress().waits.map(({ fault, folder, closed }) => {
    return [fault.kind, fault.about, folder, closed?.directories, closed?.first]
  })
}

/** Waits until so many photos are indexed and nothing is told any more. */
async function allIndexed(engine: Engine, photos: number): Promise<void> {
  await whenProgress(
    engine,
    ({ waits }) => waits.length === 0 && engine.status().indexed === photos
  )
}

for (const [error, kind] of [['EACCES', 'no-access'], ['EIO', 'disk-error']] as const)
  test(`a subfolder whose listing gives ${error} for a while`, { skip }, async (context) => {
    const { library, shown, folder } = await shownFolder(context)
    folder.refuse('list', error, 0, '/May')
    const engine = await opened(context, library)
    await engine.addFolder(shown)
    await whenProgress(engine, ({ waits }) => waits.length > 0)
    await engine.idle()
    assert.deepEqual(told(engine), [[kind, 'folder', 'shown', 1, 'May']])
    const { photos, indexed, failed } = engine.status()
    assert.deepEqual([photos, indexed, failed], [OPEN, OPEN, 0])
    folder.obey()
    await allIndexed(engine, ALL)
  })

test('a folder that cannot be listed at all keeps its photos', { skip }, async (context) => {
  const { library, shown, folder } = await shownFolder(context)
  const engine = await opened(context, library)
  await engine.addFolder(shown)
  await engine.idle()
  assert.equal(engine.status().indexed, ALL)
  folder.refuse('list', 'EIO')
  await engine.rescan()
  await engine.idle()
  assert.deepEqual(told(engine), [['disk-error', 'folder', 'shown', 1, '']])
  const { photos, indexed, failed } = engine.status()
  assert.deepEqual([photos, indexed, failed], [ALL, ALL, 0])
  folder.obey()
  await allIndexed(engine, ALL)
})

for (const method of ['tryNow', 'rescan'] as const)
  test(`a closed folder is asked when its time comes, or at once by ${method} of the page`, {
    skip
  }, async (context) => {
    const { library, shown, folder } = await shownFolder(context)
    folder.refuse('list', 'EACCES', 0, '/May')
    const engine = await opened(context, library, { spacing: LATER })
    await engine.addFolder(shown)
    await engine.idle()
    const [before] = engine.progress().waits
    assert.ok(before && before.retryAt > Date.now())
    folder.obey()
    await engine.rescan()
    await engine.idle()
    assert.deepEqual(engine.progress().waits, [before], 'it was not asked')
    assert.equal(engine.status().indexed, OPEN)
    const [near, far] = portPair()
    engine.servePage(near)
    await connect(far, engineContract).call(method, {})
    await allIndexed(engine, ALL)
  })

test('index says what it could not look into, and ends with 4', { skip }, async (context) => {
  const { library, shown, folder } = await shownFolder(context)
  folder.refuse('list', 'EACCES', 0, '/May')
  const inPart = await kindred('index', shown, '--library', library)
  assert.equal(inPart.code, 4, inPart.stderr)
  assert.match(inPart.stdout, new RegExp(`^${OPEN} of ${OPEN} photos are indexed, 0 failed`))
  const why = 'cannot be read: the folder may not be opened. Allow opening it'
  assert.ok(inPart.stderr.includes(`The subfolder “May” of “shown” ${why}`), inPart.stderr)
  folder.refuse('list', 'EACCES')
  const whole = await kindred('index', shown, '--library', library)
  assert.deepEqual([whole.code, whole.stderr.includes(`“shown” ${why}`)], [4, true], whole.stderr)
  const status = await kindred('status', '--library', library)
  assert.ok(status.stdout.includes(`“shown” ${why}`), status.stdout)
  folder.obey()
  const open = await kindred('index', shown, '--library', library)
  assert.equal(open.code, 0, open.stderr)
  assert.match(open.stdout, new RegExp(`^${ALL} of ${ALL} photos are indexed, 0 failed`))
})

test('folders that a user may not open', { skip: NO_OTHER_USER }, async (context) => {
  const { disk, library } = await photosIn()
  mkdirSync(join(disk, 'June'))
  const engine = await opened(context, library, { watch: true })
  for (const path of [disk, library]) {
    chownSync(path, NOBODY, NOBODY)
    for (const name of readdirSync(path)) chownSync(join(path, name), NOBODY, NOBODY)
  }
  const close = (mode: number): void => {
    for (const name of ['May', 'June']) chmodSync(join(disk, name), mode)
  }
  close(0)
  await withoutRights(async () => {
    await engine.addFolder(disk)
    await whenProgress(engine, ({ waits }) => waits.length > 0)
    await engine.idle()
    assert.deepEqual(told(engine), [['no-access', 'folder', 'disk', 2, 'June']])
    assert.equal(engine.status().indexed, OPEN)
    close(0o755)
    await allIndexed(engine, ALL)
    // It is watched from now on: of photos that come one after the other one is seen.
    const [photo = ''] = readdirSync(join(disk, 'May'))
    for (let i = 0; engine.status().indexed === ALL; i++) {
      copyFileSync(join(disk, 'May', photo), join(disk, 'June', `${i}.jpg`))
      await sleep(200)
    }
  })
})
