// What a person leaves out of a folder keeps its rows and marks until it is taken back: nothing is
// lost, and nothing is described twice. Real files.
import assert from 'node:assert/strict'
import { copyFileSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { filterOf, subfolderAt } from '../../../../main/engine/answering/at-path.ts'
import { leftOutByFolder } from '../../../../main/engine/answering/left-out.ts'
import { subfoldersOf } from '../../../../main/engine/answering/subfolders.ts'
import { addFolder, removeFolder, takeBackFolder } from '../../../../main/engine/folders/library-folders.ts'
import { leaveOut, leaveOutSmall, setLeastPixels, takeBack } from '../../../../main/engine/folders/omissions.ts'
import { purge } from '../../../../main/engine/indexing/sweep-thumbnails.ts'
import { isFault } from '../../../../main/wire/fault.ts'
import { describe, disk } from '../../../support/scanned-folder.ts'
import type { Disk } from '../../../support/scanned-folder.ts'

const MONTH = 31 * 24 * 3600_000
const PATHS = ['a.jpg', 'cache/b.jpg', 'cache/deep/c.jpg', 'cached/d.jpg']

async function described(context: TestContext): Promise<Disk> {
  const it = disk(context)
  it.put(...PATHS)
  await it.scan()
  for (const path of PATHS) await describe(it, it.idOf(path)!)
  return it
}

const out = (it: Disk, directory: string): Promise<number[]> =>
  leaveOut(it.catalogue, it.folder, directory, Date.now())

/** Each subfolder with its photos, and how it is left out. */
const tree = (it: Disk): string[] =>
  subfoldersOf(it.catalogue, it.folder).map(
    ({ path, photos, leftOut, around }) =>
      `${path} ${photos}${leftOut ? ' out' : ''}${around ? ' around' : ''}`
  )

test('a subfolder that is left out comes back as it was, after a year, too', async (context) => {
  const it = await described(context)
  const ids = new Map(PATHS.map((path) => [path, it.idOf(path)!]))
  it.catalogue.favourites.set([ids.get('cache/deep/c.jpg')!], true)
  const left = await out(it, 'cache')
  assert.deepEqual(left.sort(), [ids.get('cache/b.jpg'), ids.get('cache/deep/c.jpg')])
  assert.deepEqual(it.rows(), ['a.jpg indexed', 'cached/d.jpg indexed'])
  it.put('cache/new.jpg')
  for (const start of ['', 'cache', 'cache/deep'])
    assert.equal((await it.scan([{ directory: start, deep: true }])).changed, false, start)
  assert.equal(await purge(it.catalogue, Date.now() + 12 * MONTH), 0)
  assert.deepEqual(leftOutByFolder(it.catalogue).get(it.folder), [
    { kind: 'chosen', count: 1, first: 'cache' }
  ])
  rmSync(join(it.root, 'cache/b.jpg'))

  assert.deepEqual(takeBack(it.catalogue, it.folder, 'cache').sort(), left)
  const findings = await it.scan([{ directory: 'cache', deep: true }])
  assert.deepEqual(findings.left, [ids.get('cache/b.jpg')])
  assert.deepEqual(it.rows(), [
    'a.jpg indexed',
    'cache/deep/c.jpg indexed',
    'cache/new.jpg pending',
    'cached/d.jpg indexed'
  ])
  assert.equal(it.catalogue.photos.shown(ids.get('cache/deep/c.jpg')!)?.favourite, true)
  assert.equal(await purge(it.catalogue, Date.now() + MONTH), 1, 'the one that was deleted')
})

test('folders within folders are left out each by itself', async (context) => {
  const it = await described(context)
  assert.deepEqual(tree(it), ['cache 2', 'cache/deep 1', 'cached 1'])
  await out(it, 'cache/deep')
  await out(it, 'cache')
  assert.deepEqual(tree(it), ['cache 2 out', 'cache/deep 1 out around', 'cached 1'])
  takeBack(it.catalogue, it.folder, 'cache')
  await it.scan()
  assert.deepEqual(tree(it), ['cache 1', 'cache/deep 1 out', 'cached 1'])
  assert.throws(
    () => takeBack(it.catalogue, it.folder, 'cached'),
    (error) => isFault(error, 'bad-argument') && error.record.received === 'one that is not'
  )
  await out(it, 'cache')
  takeBack(it.catalogue, it.folder, 'cache/deep')
  assert.throws(
    () => takeBack(it.catalogue, it.folder, 'cache/deep'),
    (error) => isFault(error, 'bad-argument') && error.record.received.includes('“cache”')
  )
})

test('a photo that lies elsewhere as well stays there', async (context) => {
  const it = await described(context)
  const id = it.idOf('cache/b.jpg')!
  linkSync(join(it.root, 'cache/b.jpg'), join(it.root, 'kept.jpg'))
  linkSync(join(it.root, 'a.jpg'), join(it.root, 'cache/a-too.jpg'))
  await it.scan()
  assert.equal(it.catalogue.otherPaths.total(), 2)
  await out(it, 'cache')
  await it.scan()
  assert.equal(it.idOf('kept.jpg'), id)
  assert.equal(it.catalogue.otherPaths.total(), 0)
  takeBack(it.catalogue, it.folder, 'cache')
  await it.scan()
  assert.equal(it.catalogue.otherPaths.total(), 2)
  assert.equal(it.idOf('kept.jpg'), id)
})

test('a folder that is left out is taken back by adding it', async (context) => {
  const it = await described(context)
  await out(it, 'cache')
  const added = await addFolder(it.catalogue, join(it.root, 'cache'))
  assert.deepEqual([added.id, added.partOf, added.cameBack?.length], [it.folder, 'photos', 2])
  await it.scan()
  assert.equal(it.rows().length, PATHS.length)

  // One that lies in it is a folder of its own until then.
  await out(it, 'cache')
  const inner = await addFolder(it.catalogue, join(it.root, 'cache/deep'))
  assert.notEqual(inner.id, it.folder)
  takeBackFolder(it.catalogue, it.folder, 'cache')
  assert.deepEqual(it.catalogue.folders.list().map(({ id }) => id), [it.folder])
})

test('what is left out of a folder stays so in the one that takes it in', async (context) => {
  const it = await described(context)
  await out(it, 'cache')
  const { id } = await addFolder(it.catalogue, join(it.root, '..'))
  const [first] = it.catalogue.omitted.directories(id)
  assert.match(first ?? '', /\/cache$/)
  assert.equal(it.catalogue.omitted.counts(id).length, 2)
})

test('a folder that is removed is forgotten after a month with all of it', async (context) => {
  const it = await described(context)
  await out(it, 'cache')
  await removeFolder(it.catalogue, it.folder, Date.now())
  const again = await addFolder(it.catalogue, it.root)
  assert.equal(again.id, it.folder)
  await it.scan()
  assert.deepEqual(it.rows(), ['a.jpg indexed', 'cached/d.jpg indexed'])
  takeBack(it.catalogue, it.folder, 'cache')
  await it.scan()
  assert.equal(it.rows().filter((row) => row.endsWith('indexed')).length, PATHS.length)
  await out(it, 'cache')
  await removeFolder(it.catalogue, it.folder, Date.now())
  assert.equal(await purge(it.catalogue, Date.now() + MONTH), PATHS.length)
  assert.equal(it.catalogue.folders.isKnown(it.root), false)
})

test('photos that are too small for a folder are left out, and come back at once', async (context) => {
  const it = await described(context) // of 4 pixels each
  const a = it.idOf('a.jpg')!
  assert.deepEqual(setLeastPixels(it.catalogue, it.folder, 4, Date.now()), [])
  assert.equal(setLeastPixels(it.catalogue, it.folder, 5, Date.now()).length, PATHS.length)
  assert.deepEqual(it.rows(), [])
  assert.equal((await it.scan()).changed, false, 'they are known, though they are left out')
  assert.deepEqual(leftOutByFolder(it.catalogue).get(it.folder), [
    { kind: 'small', count: PATHS.length, first: 'a.jpg' }
  ])
  assert.equal(await purge(it.catalogue, Date.now() + 12 * MONTH), 0)

  // One that goes is gone; one that changed is looked at, and one that came is left out later.
  rmSync(join(it.root, 'a.jpg'))
  writeFileSync(join(it.root, 'cached/d.jpg'), 'another photo, which may be larger')
  await it.scan()
  assert.deepEqual(it.rows(), ['cached/d.jpg pending'])
  await describe(it, it.idOf('cached/d.jpg')!)
  assert.equal(leaveOutSmall(it.catalogue, Date.now()).length, 1)
  assert.equal(await purge(it.catalogue, Date.now() + MONTH), 1)
  assert.equal(it.catalogue.files.candidate(a), undefined)

  await out(it, 'cache')
  assert.equal(setLeastPixels(it.catalogue, it.folder, 0, Date.now()).length, PATHS.length - 1)
  assert.deepEqual(it.rows(), ['cached/d.jpg indexed'])
})

test('a copy of a photo that is left out is a photo of its own', async (context) => {
  const it = await described(context)
  const id = it.idOf('cache/b.jpg')!
  await out(it, 'cache')
  copyFileSync(join(it.root, 'cache/b.jpg'), join(it.root, 'copy.jpg'))
  await it.scan()
  assert.deepEqual(it.rows(), ['a.jpg indexed', 'cached/d.jpg indexed', 'copy.jpg pending'])
  takeBack(it.catalogue, it.folder, 'cache')
  await it.scan()
  assert.equal(it.idOf('cache/b.jpg'), id)
})

test('a photo that is too small keeps its row where it is, and where it goes', async (context) => {
  const it = await described(context)
  const id = it.idOf('a.jpg')!
  const place = (): string[] => {
    const row = it.catalogue.files.candidate(id)
    return [row?.directory ?? 'none', row?.name ?? 'none']
  }
  setLeastPixels(it.catalogue, it.folder, 5, Date.now())
  copyFileSync(join(it.root, 'a.jpg'), join(it.root, 'copy.jpg'))
  await it.scan()
  assert.deepEqual(place(), ['', 'a.jpg'])
  await describe(it, it.idOf('copy.jpg')!)
  leaveOutSmall(it.catalogue, Date.now())
  assert.equal((await it.scan()).changed, false, 'they do not swap places')

  rmSync(join(it.root, 'copy.jpg'))
  await it.scan()
  renameSync(join(it.root, 'a.jpg'), join(it.root, 'cached/e.jpg'))
  await it.scan()
  assert.deepEqual(place(), ['cached', 'e.jpg'])
  assert.deepEqual(it.rows(), ['cached/e.jpg indexed'])
  leaveOutSmall(it.catalogue, Date.now())
  assert.deepEqual(it.rows(), [])
})

test('a path names a folder that is there, known, or left out', async (context) => {
  const it = await described(context)
  const at = (path: string): string => join(it.root, path)
  for (const find of [filterOf, subfolderAt])
    await assert.rejects(
      find(it.catalogue, at('cahce')),
      (error) => isFault(error, 'bad-argument') && error.record.received.startsWith('no folder')
    )
  await assert.rejects(subfolderAt(it.catalogue, it.root), (error) =>
    isFault(error, 'bad-argument')
  )
  await assert.rejects(filterOf(it.catalogue, at('a.jpg')), (error) => isFault(error, 'bad-argument'))
  mkdirSync(at('empty'))
  assert.equal((await subfolderAt(it.catalogue, at('empty'))).directory, 'empty')
  await out(it, 'cache')
  rmSync(at('cache'), { recursive: true })
  rmSync(at('cached'), { recursive: true })
  for (const name of ['cache', 'cached'])
    assert.equal((await subfolderAt(it.catalogue, at(name))).directory, name)
})
