// Drives with photos, below a folder or under it, that go and come back: nothing is lost, nothing
// is described anew, and what was really emptied is empty. Real mounts.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { haveDrivesChanged } from '../../main/engine/folders/drives.ts'
import { addFolder, locateFolder } from '../../main/engine/folders/library-folders.ts'
import { currentMounts } from '../../main/engine/faults/disk.ts'
import { presenceOf } from '../../main/engine/folders/presence.ts'
import { reconcile } from '../../main/engine/folders/reconcile.ts'
import type { Findings } from '../../main/engine/folders/reconcile.ts'
import { createScanner } from '../../main/engine/folders/scanner.ts'
import { purge } from '../../main/engine/indexing/sweep-thumbnails.ts'
import { StepAside } from '../../main/wire/step-aside.ts'
import { drives } from '../support/drives.ts'
import type { Drives } from '../support/drives.ts'
import { temporaryFolder } from '../support/library.ts'
import { describe, disk } from '../support/scanned-folder.ts'
import type { Disk } from '../support/scanned-folder.ts'
import { NO_SMALL_DISK } from '../support/small-disk.ts'

const skip = NO_SMALL_DISK
const MONTH = 31 * 24 * 3600_000
const NAMES = ['1.jpg', '2.jpg', '3.jpg']

interface Made extends Disk {
  plugs: Drives
  /** What is on the drive, and where it is mounted. */
  drive: string
  point: string
}

/** A folder with a photo, and a drive below it with three that are favourites. */
async function made(context: TestContext, below = 'trips/usb'): Promise<Made> {
  const plugs = drives(context)
  const it = disk(context)
  const drive = temporaryFolder(context)
  for (const name of NAMES) writeFileSync(join(drive, name), `on the drive: ${name}`)
  it.put('a.jpg')
  const point = join(it.root, below)
  plugs.plug(drive, point)
  await it.scan()
  for (const { id } of it.catalogue.photos.paths(0, 10)) await describe(it, id)
  it.catalogue.favourites.set(idsOf(it), true)
  return { ...it, plugs, drive, point }
}

function idsOf(it: Disk, directory = 'trips/usb'): number[] {
  return NAMES.map((name) => it.idOf(join(directory, name)) ?? 0)
}

const away = (it: Disk): string[] =>
  it.catalogue.mounts.ofFolder(it.folder).flatMap((row) => (row.away ? [row.directory] : []))

/** Nothing is known to have gone. */
function assertKept(it: Disk, ids: readonly number[], findings: Findings): void {
  assert.deepEqual([findings.changed, findings.left], [false, []])
  assert.deepEqual(idsOf(it), ids)
  assert.equal(it.catalogue.photos.paths(0, 10).length, 4)
}

for (const left of ['an empty directory', 'a stray file', 'no directory'] as const)
  test(`a drive below a folder that leaves ${left} is away`, { skip }, async (context) => {
    const it = await made(context)
    const ids = idsOf(it)
    it.plugs.unplug(it.point)
    if (left === 'a stray file') writeFileSync(join(it.point, 'stray.jpg'), 'by another program')
    if (left === 'no directory') rmSync(it.point, { recursive: true })
    const findings = await it.scan()
    assertKept(it, ids, findings)
    assert.deepEqual([findings.told, away(it)], [new Set([it.folder]), ['trips/usb']])
    assertKept(it, ids, await it.scan([{ directory: 'trips', deep: false }]))
    assertKept(it, ids, await it.scan([{ directory: 'trips/usb', deep: true }]))
    assert.equal(await purge(it.catalogue, Date.now() + MONTH), 0)

    it.plugs.plug(it.drive, it.point)
    const [row] = it.catalogue.folders.list()
    assert.ok(row && (await haveDrivesChanged(it.catalogue, row, currentMounts())))
    const back = await it.scan()
    assertKept(it, ids, back)
    assert.deepEqual([back.opened, away(it)], [new Set([it.folder]), []])
    assert.ok(it.rows().every((path) => path.endsWith(' indexed')), 'nothing is described anew')
    assert.ok(ids.every((id) => it.catalogue.photos.shown(id)?.favourite))
    assert.ok(!(await haveDrivesChanged(it.catalogue, row, currentMounts())))
  })

test('what was deleted on a drive that is there is gone, and so is a folder', { skip }, async (context) => {
  const it = await made(context)
  it.put('b/c.jpg')
  await it.scan()
  for (const name of NAMES) rmSync(join(it.drive, name))
  rmSync(join(it.root, 'b/c.jpg'))
  await it.scan()
  assert.deepEqual(it.rows(), ['a.jpg indexed'])
  for (const name of readdirSync(it.root).filter((one) => one !== 'trips'))
    rmSync(join(it.root, name), { recursive: true })
  await it.scan()
  assert.deepEqual(it.rows(), [], 'a folder on a drive that is there, and empty, is empty')
})

test('a drive that goes while it is looked through keeps its photos', { skip }, async (context) => {
  const it = await made(context)
  const ids = idsOf(it)
  it.put('b.jpg') // its row is written before the drive is listed
  const [folder] = it.catalogue.folders.list()
  assert.ok(folder)
  const starts = [{ directory: '', deep: true }]
  const findings = await reconcile(it.catalogue, [{ folder, starts, known: new Set() }], {
    settle: 0,
    now: Date.now,
    onRows: () => it.plugs.unplug(it.point)
  })
  assert.deepEqual([findings.left, idsOf(it), away(it)], [[], ids, ['trips/usb']])
})

test('a directory with the photos of the drive in its place is one like others', { skip }, async (context) => {
  const it = await made(context)
  it.plugs.unplug(it.point)
  await it.scan()
  for (const name of NAMES) copyFileSync(join(it.drive, name), join(it.point, name))
  writeFileSync(join(it.point, 'new.jpg'), 'a new photo')
  await it.scan()
  assert.deepEqual(away(it), [])
  assert.ok(it.rows().includes('trips/usb/new.jpg pending'))
})

test('a folder whose own drive is away is away, whatever lies in its place', { skip }, async (context) => {
  const plugs = drives(context)
  const it = disk(context)
  const drive = temporaryFolder(context)
  for (const name of NAMES) writeFileSync(join(drive, name), `on the drive: ${name}`)
  plugs.plug(drive, it.root)
  const [folder] = it.catalogue.folders.list()
  assert.ok(folder)
  assert.equal((await presenceOf(it.catalogue, folder)).present, true)
  await it.scan()
  const ids = idsOf(it, '')
  plugs.unplug(it.root) // what lies there are the notes that were there before
  assert.equal((await presenceOf(it.catalogue, folder)).present, false)
  assert.deepEqual((await it.scan()).left, [])
  assert.deepEqual(idsOf(it, ''), ids)
  plugs.plug(drive, it.root)
  assert.equal((await presenceOf(it.catalogue, folder)).present, true)
  for (const name of NAMES) rmSync(join(drive, name))
  await it.scan()
  assert.deepEqual(it.rows(), [], 'it is there, and empty')
})

test('a drive stays known when the folder becomes a part of another', { skip }, async (context) => {
  const it = await made(context, 'usb')
  const outer = join(it.root, '..')
  const ids = idsOf(it, 'usb')
  it.plugs.unplug(it.point)
  await it.scan()
  mkdirSync(it.point, { recursive: true })
  const { id } = await addFolder(it.catalogue, outer)
  const directories = it.catalogue.mounts.ofFolder(id).map((row) => [row.point, row.away])
  assert.deepEqual(directories, [[it.point, true]])
  assert.deepEqual(
    ids.map((each) => it.catalogue.work.task(each)?.folder ?? id),
    ids.map(() => id)
  )
})

for (const way of ['by itself', 'by a person'] as const)
  test(`a folder found again ${way} keeps a drive that is away`, { skip }, async (context) => {
    const plugs = drives(context)
    const it = disk(context)
    const drive = temporaryFolder(context)
    for (const name of NAMES) writeFileSync(join(drive, name), `on the drive: ${name}`)
    const [former, path] = ['Photos', 'Pictures'].map((name) => join(it.root, name))
    assert.ok(former && path)
    for (let i = 0; i < 20; i++) it.put(`Photos/a/${i}.jpg`, `Photos/z/${i}.jpg`)
    plugs.plug(drive, join(former, 'nas'))
    it.catalogue.folders.remove(it.folder, Date.now())
    const { id } = await addFolder(it.catalogue, former)
    const scanner = createScanner(it.catalogue, {
      except: '',
      settle: 0,
      aside: new StepAside(),
      onFindings: () => Promise.resolve(),
      onPresence: () => undefined,
      onRows: () => undefined,
      onFault: assert.ifError,
      onBusy: () => undefined
    })
    context.after(() => scanner.close())
    await scanner.scan()
    const ids = idsOf(it, 'nas')
    plugs.unplug(join(former, 'nas'))
    await scanner.scan()

    renameSync(former, path)
    if (way === 'by a person') await locateFolder(it.catalogue, id, path)
    await scanner.scan()
    assert.equal(it.catalogue.folders.get(id)?.path, path)
    const below = (): unknown =>
      it.catalogue.mounts
        .ofFolder(id)
        .flatMap(({ directory, point, away }) => (directory === '' ? [] : [[point, away]]))
    assert.deepEqual([below(), idsOf(it, 'nas')], [[[join(path, 'nas'), true]], ids])
    assert.equal(await purge(it.catalogue, Date.now() + MONTH), 0)

    plugs.plug(drive, join(path, 'nas'))
    await scanner.scan()
    assert.deepEqual([below(), idsOf(it, 'nas')], [[[join(path, 'nas'), false]], ids])
  })

test('a folder that is seen at two places is seen once', { skip }, async (context) => {
  const it = await made(context)
  const ids = idsOf(it)
  it.plugs.plug(it.drive, join(it.root, 'again'))
  await it.scan()
  assert.deepEqual([idsOf(it), it.rows().length], [ids, 4])
  assert.equal(it.catalogue.otherPaths.total(), 3)
  it.plugs.unplug(join(it.root, 'again'))
  rmSync(join(it.root, 'again'), { recursive: true })
  await it.scan()
  assert.deepEqual([idsOf(it), it.rows().length], [ids, 4])
})
