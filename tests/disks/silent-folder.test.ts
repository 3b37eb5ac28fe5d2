// A folder whose disk or share does not answer at all: nothing else waits for it, it is told once,
// and it is back by itself with its first answer, however late that comes. The calls that hang are
// real ones, of a file system that does not answer them.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import type { TestContext } from 'node:test'
import type { Engine } from '../../main/engine/api.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { connect } from '../../main/wire/channel.ts'
import { engineContract } from '../../main/wire/engine-contract.ts'
import type { FolderInfo } from '../../main/wire/engine-records.ts'
import { portPair } from '../../main/wire/port.ts'
import { ROOT } from '../support/electron.ts'
import { atEnd } from '../support/endings.ts'
import { superviseCompute } from '../support/compute.ts'
import { NO_FAULTY_FOLDER, faultyFolder } from '../support/faulty-folder.ts'
import type { FaultyFolder } from '../support/faulty-folder.ts'
import { makePhotos } from '../support/photos.ts'
import { TYPESCRIPT } from '../support/typescript.ts'
import { SOON, isWell, whenProgress } from '../support/waiting.ts'

const skip = NO_FAULTY_FOLDER
const THERE = 6 // photos in the folder
const MORE = 3 // that come later, and in another folder
/**
 * A disk that is late, and one that is never waited for again, ms: far longer than the answers take
 * that come.
 */
const IMPATIENT = { slow: 1500, silent: 3000 }

const home = mkdtempSync(join(tmpdir(), 'kindred-silent-'))
after(() => rmSync(home, { recursive: true, force: true }))

interface Made {
  engine: Engine
  own: string
  disk: string
  shown: string
  folder: FaultyFolder
}

let libraries = 0

/** A library with a folder that is indexed and may be told to hang. */
async function made(context: TestContext, patience = IMPATIENT): Promise<Made> {
  const own = join(home, `${libraries++}`)
  const [disk, shown, library] = [join(own, 'disk'), join(own, 'shown'), join(own, 'library')]
  await makePhotos(disk, THERE, { seed: 31, size: 64 })
  const folder = await faultyFolder(context, disk, shown)
  const engine = await createEngine({ library, watch: false, settle: 0, spacing: SOON, patience })
  const compute = await superviseCompute((port) => engine.attachCompute(port), undefined, patience)
  atEnd(context, async () => {
    folder.obey()
    await engine.close()
    await compute.stop()
  })
  await engine.addFolder(shown)
  await engine.idle()
  assert.equal(engine.status().indexed, THERE)
  return { engine, own, disk, shown, folder }
}

/** Until the folder is told of, as one that does not answer. */
async function whenTold(engine: Engine): Promise<void> {
  const { waits } = await whenProgress(engine, ({ waits: [wait] }) => wait !== undefined)
  assert.deepEqual(
    waits.map(({ fault, folder, closed }) => [fault.kind, fault.about, folder, closed?.first]),
    [['disk-error', 'folder', 'shown', '']]
  )
}

test('others are added, indexed and removed while a folder hangs', { skip }, async (context) => {
  const { engine, own, disk, shown, folder } = await made(context)
  const [name = ''] = readdirSync(disk)
  await makePhotos(disk, MORE, { seed: 32, size: 64 })
  folder.hang('any')
  const looked = engine.rescan()
  const other = join(own, 'other')
  await makePhotos(other, MORE, { seed: 33, size: 64 })
  await engine.addFolder(other)
  await whenProgress(engine, () => engine.status().indexed === THERE + MORE)
  await looked
  await whenTold(engine)
  const { photos, indexed, failed } = engine.status()
  assert.deepEqual([photos, indexed, failed], [THERE + MORE, THERE + MORE, 0], 'all are kept')
  const of = { path: join(shown, name) }
  const { kin } = await engine.similar({ parts: [{ of, weight: 1 }], top: 3 })
  assert.equal(kin.length, 3, 'its photos are asked with')

  folder.obey()
  await whenProgress(engine, (now) => isWell(now) && engine.status().indexed === THERE + 2 * MORE)
})

test('what hangs in the middle of a look is looked through later', { skip }, async (context) => {
  const { engine, disk, folder } = await made(context)
  await makePhotos(join(disk, 'new'), MORE, { seed: 34, size: 64 })
  folder.hang('stat', '/new/')
  await engine.rescan()
  await whenProgress(engine, ({ waits }) => waits.length > 0)
  folder.obey()
  await whenProgress(engine, (now) => isWell(now) && engine.status().indexed === THERE + MORE)
  assert.equal(engine.status().failed, 0)
})

test('photos whose reading hangs wait, and others are described', { skip }, async (context) => {
  const { engine, own, disk, folder } = await made(context)
  await makePhotos(disk, MORE, { seed: 36, size: 64 })
  folder.hang('read')
  await engine.rescan()
  const other = join(own, 'other')
  await makePhotos(other, MORE, { seed: 37, size: 64 })
  await engine.addFolder(other)
  await whenProgress(engine, () => engine.status().indexed === THERE + MORE)
  // The threads of compute have more to do than to read: with few cores another disk may seem late.
  const isOf = ({ folder: name }: { folder: string | null }): boolean => name === 'shown'
  const { waits } = await whenProgress(engine, (now) => now.waits.some(isOf))
  assert.deepEqual(
    waits.filter(isOf).map(({ fault, photos }) => [fault.kind, fault.about, photos]),
    [['disk-error', 'folder', MORE]]
  )
  assert.equal(engine.status().failed, 0)
  folder.obey()
  await whenProgress(engine, (now) => isWell(now) && engine.status().indexed === THERE + 2 * MORE)
})

test('a folder that is late is not told of', { skip }, async (context) => {
  const { engine, disk, folder } = await made(context, { ...IMPATIENT, silent: 600_000 })
  await makePhotos(disk, MORE, { seed: 35, size: 64 })
  let told = 0
  context.after(engine.onProgress(({ waits }) => (told += waits.length)))
  folder.hang('list')
  await engine.rescan() // it was given up for now
  assert.equal(engine.status().indexed, THERE)
  folder.obey()
  await whenProgress(engine, (now) => isWell(now) && engine.status().indexed === THERE + MORE)
  assert.equal(told, 0)
})

test('a folder that hangs is removed', { skip }, async (context) => {
  const { engine, folder } = await made(context)
  const [near, far] = portPair()
  engine.servePage(near)
  const page = connect(far, engineContract)
  folder.hang('any')
  await engine.rescan()
  const [{ id } = { id: 0 }] = (await page.call('library', {})).folders
  await page.call('removeFolder', { id })
  assert.deepEqual((await page.call('library', {})).folders, [])
})

test('a folder of a program, or of another computer, is not watched, and said so', {
  skip
}, async (context) => {
  const own = join(home, `${libraries++}`)
  const [near, far, library] = [join(own, 'near'), join(own, 'far'), join(own, 'library')]
  for (const path of [near, join(own, 'disk')]) mkdirSync(path, { recursive: true })
  await faultyFolder(context, join(own, 'disk'), far)
  const engine = await createEngine({ library, settle: 0 })
  atEnd(context, async () => void (await engine.close()))
  await engine.addFolder(near)
  await engine.addFolder(far)
  const [ours, theirs] = portPair()
  engine.servePage(ours)
  const page = connect(theirs, engineContract)
  const folders = await new Promise<FolderInfo[]>((resolve, reject) => {
    const look = (): void =>
      void page.call('library', {}).then((info) => {
        if (info.folders.some(({ watched }) => watched)) resolve(info.folders)
      }, reject)
    page.on('changed', look)
    look()
  })
  assert.deepEqual(
    folders.map(({ name, watched }) => [name, watched]).sort(),
    [['far', false], ['near', true]]
  )
})

test('the engine closes while a folder hangs, and says so', { skip }, async (context) => {
  const { engine, folder } = await made(context)
  folder.hang('any')
  await engine.rescan()
  const { unanswered } = await engine.close()
  assert.ok(unanswered > 0)
})

test('an error that nobody caught ends a process while a call hangs', { skip }, async (context) => {
  const own = join(home, `${libraries++}`)
  mkdirSync(join(own, 'disk'), { recursive: true })
  writeFileSync(join(own, 'disk/1.jpg'), 'a photo')
  const folder = await faultyFolder(context, join(own, 'disk'), join(own, 'shown'))
  folder.hang('stat')
  const args = [...TYPESCRIPT, join(ROOT, 'tests/support/hanging-child.ts'), join(own, 'shown/1.jpg')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const closed = once(child, 'close')
  let told = ''
  for await (const text of child.stderr.setEncoding('utf8')) {
    told += String(text)
    if (told.includes('made by a test')) break
  }
  folder.obey() // not even a signal takes back what a program of FUSE was asked
  await closed
  assert.equal(child.signalCode, 'SIGKILL')
})
