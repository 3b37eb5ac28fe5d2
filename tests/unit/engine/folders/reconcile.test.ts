// Comparing folders with the catalogue: what is new, changed, moved, gone and back, on a real disk.
import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../../../support/library.ts'
import { describe, disk } from '../../../support/scanned-folder.ts'

test('new files become rows, whatever kind of picture their names speak of', async (context) => {
  const d = disk(context)
  d.put('a.jpg', 'b/c.png', 'b/raw.NEF', 'b/film.mp4', 'b/notes.txt', 'b/LICENSE')
  const findings = await d.scan()
  const expected = ['a.jpg', 'b/c.png', 'b/film.mp4', 'b/raw.NEF'].map((path) => `${path} pending`)
  assert.deepEqual(d.rows(), expected)
  assert.deepEqual([findings.changed, findings.left, findings.returned], [true, [], []])
  assert.equal((await d.scan()).changed, false, 'nothing is new the second time')
})

test('a file that changed is processed again, one that was read is not', async (context) => {
  const d = disk(context)
  d.put('a.jpg', 'b.jpg')
  await d.scan()
  for (const path of ['a.jpg', 'b.jpg']) await describe(d, d.idOf(path)!)
  readFileSync(join(d.root, 'b.jpg'))
  appendFileSync(join(d.root, 'a.jpg'), 'more')
  await d.scan()
  assert.deepEqual(d.rows(), ['a.jpg pending', 'b.jpg indexed'])
})

test('a file that left is gone, and comes back without being processed again', async (context) => {
  const d = disk(context)
  const elsewhere = temporaryFolder(context)
  d.put('a.jpg', 'b/c.jpg')
  await d.scan()
  const id = d.idOf('b/c.jpg')!
  await describe(d, id)
  renameSync(join(d.root, 'b'), join(elsewhere, 'b'))
  const findings = await d.scan()
  assert.deepEqual([d.rows(), findings.left], [['a.jpg pending'], [id]])
  renameSync(join(elsewhere, 'b'), join(d.root, 'b'))
  assert.deepEqual((await d.scan()).returned, [id])
  assert.deepEqual(d.rows(), ['a.jpg pending', 'b/c.jpg indexed'])
})

test('moves and renames keep the row: file, folder, case, over two scans', async (context) => {
  const d = disk(context)
  d.put('a.jpg', 'trip/b.jpg', 'trip/day/c.jpg')
  await d.scan()
  const [a, b, c] = ['a.jpg', 'trip/b.jpg', 'trip/day/c.jpg'].map((path) => d.idOf(path)!)
  for (const id of [a!, b!, c!]) await describe(d, id)
  renameSync(join(d.root, 'a.jpg'), join(d.root, 'A.JPG'))
  renameSync(join(d.root, 'trip'), join(d.root, 'Trip 2020'))
  const findings = await d.scan()
  assert.deepEqual(d.rows(), [
    'A.JPG indexed',
    'Trip 2020/b.jpg indexed',
    'Trip 2020/day/c.jpg indexed'
  ])
  assert.deepEqual(
    [d.idOf('A.JPG'), d.idOf('Trip 2020/b.jpg'), d.idOf('Trip 2020/day/c.jpg')],
    [a, b, c]
  )
  assert.equal(findings.left.length, 3, 'the rows that the new paths had for a moment')

  const outside = join(temporaryFolder(context), 'a')
  renameSync(join(d.root, 'A.JPG'), outside)
  await d.scan()
  renameSync(outside, join(d.root, 'back.jpg'))
  assert.deepEqual((await d.scan()).returned, [a])
  assert.equal(d.idOf('back.jpg'), a)
})

test('a folder renamed while it was looked through keeps its rows', async (context) => {
  const it = disk(context)
  it.put('n/1.jpg')
  await it.scan()
  const id = it.idOf('n/1.jpg')
  renameSync(join(it.root, 'n'), join(it.root, 'N'))
  // A look at the new place alone: the old one had been looked through before the rename.
  await it.scan([{ directory: 'N', deep: true }])
  assert.deepEqual(it.rows(), ['N/1.jpg pending', 'n/1.jpg pending'])
  await it.scan()
  assert.deepEqual(it.rows(), ['N/1.jpg pending'])
  assert.equal(it.idOf('N/1.jpg'), id)
})

test('a copy whose original was deleted is a move, told by content', async (context) => {
  const d = disk(context)
  d.put('a.jpg')
  await d.scan()
  const id = d.idOf('a.jpg')!
  await describe(d, id)
  copyFileSync(join(d.root, 'a.jpg'), join(d.root, 'copy.jpg')) // another inode, another time
  rmSync(join(d.root, 'a.jpg'))
  await d.scan()
  assert.deepEqual([d.idOf('copy.jpg'), d.rows()], [id, ['copy.jpg indexed']])
})

test('a copy beside the original is a photo of its own, a link to it is not', async (context) => {
  const d = disk(context)
  d.put('a.jpg')
  await d.scan()
  await describe(d, d.idOf('a.jpg')!)
  copyFileSync(join(d.root, 'a.jpg'), join(d.root, 'b.jpg'))
  await d.scan()
  assert.deepEqual(d.rows(), ['a.jpg indexed', 'b.jpg pending'])
  linkSync(join(d.root, 'a.jpg'), join(d.root, 'c.jpg')) // which changes the first, for the system
  await d.scan()
  assert.deepEqual(d.rows(), ['a.jpg pending', 'b.jpg pending'])
})

test('files of one size and other content are not taken for a move', async (context) => {
  const d = disk(context)
  d.put('a.jpg')
  await d.scan()
  const id = d.idOf('a.jpg')!
  await describe(d, id)
  rmSync(join(d.root, 'a.jpg'))
  writeFileSync(join(d.root, 'b.jpg'), 'THE PHOTO A.JPG')
  await d.scan()
  assert.deepEqual(d.rows(), ['b.jpg pending'])
  assert.notEqual(d.idOf('b.jpg'), id)
})

test('two files that swap their names are both looked at again', async (context) => {
  const d = disk(context)
  d.put('a.jpg', 'bb.jpg')
  await d.scan()
  for (const path of ['a.jpg', 'bb.jpg']) await describe(d, d.idOf(path)!)
  renameSync(join(d.root, 'a.jpg'), join(d.root, 't'))
  renameSync(join(d.root, 'bb.jpg'), join(d.root, 'a.jpg'))
  renameSync(join(d.root, 't'), join(d.root, 'bb.jpg'))
  await d.scan()
  assert.deepEqual(d.rows(), ['a.jpg pending', 'bb.jpg pending'])
})

test('a folder that is away, or empty like an unplugged mount, loses nothing', async (context) => {
  const d = disk(context)
  d.put('a.jpg', 'b/c.jpg')
  await d.scan()
  const elsewhere = join(temporaryFolder(context), 'drive')
  renameSync(d.root, elsewhere)
  assert.equal((await d.scan()).changed, false)
  mkdirSync(d.root)
  assert.equal((await d.scan()).changed, false)
  assert.deepEqual(d.rows(), ['a.jpg pending', 'b/c.jpg pending'])
  rmSync(d.root, { recursive: true })
  renameSync(elsewhere, d.root)
  rmSync(join(d.root, 'b'), { recursive: true })
  await d.scan()
  assert.deepEqual(d.rows(), ['a.jpg pending'])
})

test('a file that may still be growing is left for later', async (context) => {
  const d = disk(context)
  d.put('a/old.jpg')
  await sleep(50)
  d.put('a/growing.jpg')
  utimesSync(join(d.root, 'a/growing.jpg'), 1e9, 1e9) // as programs that copy do at last
  const { ctimeMs } = statSync(join(d.root, 'a/growing.jpg'))
  const findings = await d.scan(undefined, 25, () => Math.round(ctimeMs))
  assert.deepEqual(d.rows(), ['a/old.jpg pending'])
  assert.deepEqual([...findings.unsettled], [[d.folder, new Set(['a'])]])
  await d.scan()
  assert.deepEqual(d.rows(), ['a/growing.jpg pending', 'a/old.jpg pending'])
})

test('a RAW stays the photo, and a favourite, until its JPEG is there', async (context) => {
  const it = disk(context)
  it.put('a.arw')
  utimesSync(join(it.root, 'a.arw'), 1e9, 1e9)
  await it.scan()
  it.catalogue.favourites.set([it.idOf('a.arw')!], true)
  it.put('a.jpg')
  await it.scan(undefined, 60_000)
  assert.deepEqual(it.rows(), ['a.arw pending'])
  await it.scan()
  assert.deepEqual(it.rows(), ['a.jpg pending'])
  const photo = it.catalogue.photos.shown(it.idOf('a.jpg')!)
  assert.deepEqual([photo?.favourite, photo?.companions], [true, ['a.arw']])
})

test('favourites are handed on in any number, each to its own', async (context) => {
  const it = disk(context)
  const n = 300
  const names = Array.from({ length: n }, (_, i) => `${i}`)
  it.put(...names.flatMap((name) => [`${name}.jpg`, `${name}.arw`]))
  await it.scan()
  const kept = names.filter((_, i) => i % 3 > 0)
  it.catalogue.favourites.set(kept.map((name) => it.idOf(`${name}.jpg`)!), true)
  for (const name of names) if (Number(name) % 2 === 0) rmSync(join(it.root, `${name}.jpg`))
  await it.scan()
  const photos = it.catalogue.photos.paths(0, 1000).map(({ id }) => it.catalogue.photos.shown(id))
  assert.equal(photos.length, n)
  const favourites = photos.filter((photo) => photo?.favourite).map((photo) => photo?.name)
  const expected = kept.map((name) => `${name}.${Number(name) % 2 === 0 ? 'arw' : 'jpg'}`)
  assert.deepEqual(favourites.sort(), expected.sort())
})

test('a shallow look sees one directory, and new ones below it', async (context) => {
  const d = disk(context)
  d.put('a.jpg', 'b/c.jpg', 'b/d/e.jpg')
  await d.scan()
  d.put('f.jpg', 'b/not-seen.jpg', 'new/g/h.jpg')
  rmSync(join(d.root, 'b/d'), { recursive: true })
  await d.scan([{ directory: '', deep: false }])
  const seen = ['a.jpg', 'b/c.jpg', 'b/d/e.jpg', 'f.jpg', 'new/g/h.jpg']
  assert.deepEqual(
    d.rows(),
    seen.map((path) => `${path} pending`)
  )
  await d.scan([{ directory: 'b', deep: false }])
  const all = ['a.jpg', 'b/c.jpg', 'b/not-seen.jpg', 'f.jpg', 'new/g/h.jpg']
  assert.deepEqual(
    d.rows(),
    all.map((path) => `${path} pending`)
  )
  rmSync(join(d.root, 'new'), { recursive: true })
  await d.scan([{ directory: 'new', deep: true }])
  assert.equal(d.rows().length, 4)
})

test('a change that puts size and time back is noticed', async (context) => {
  const d = disk(context)
  d.put('a.jpg', 'b.jpg')
  for (const name of ['a.jpg', 'b.jpg']) utimesSync(join(d.root, name), 1e9, 1e9)
  await d.scan()
  for (const name of ['a.jpg', 'b.jpg']) await describe(d, d.idOf(name)!)
  await sleep(20) // longer than a tick of the file system's clock
  writeFileSync(join(d.root, 'a.jpg'), 'THE PHOTO A.JPG')
  utimesSync(join(d.root, 'a.jpg'), 1e9, 1e9)
  assert.equal((await d.scan()).changed, true)
  assert.deepEqual(d.rows(), ['a.jpg pending', 'b.jpg indexed'])
})

test('rows of an older library are filled, and not asked for', async (context) => {
  const d = disk(context)
  d.put('a.jpg')
  const { size, mtimeMs: modifiedAt, ctimeMs, ino: inode } = statSync(join(d.root, 'a.jpg'))
  const file = { name: 'a.jpg', size, modifiedAt, inode }
  await describe(d, d.catalogue.files.insert(d.folder, '', file, 0))
  assert.equal((await d.scan()).changed, false)
  assert.deepEqual(d.rows(), ['a.jpg indexed'])
  assert.equal(d.catalogue.files.candidate(d.idOf('a.jpg')!)?.changedAt, ctimeMs)
})

test('what is left out is counted and named, and forgotten when it is gone', async (context) => {
  const d = disk(context)
  d.put('a.jpg', 'b/c.jpg', 'b/@Recycle/old.jpg', 'Previews.lrdata/p.jpg', 'phone/x/y.jpg')
  d.put('.hidden/h.jpg', 'b/.Trash-1000/files/t.jpg')
  for (const name of ['link.jpg', 'album']) symlinkSync(join(d.root, 'b'), join(d.root, name))
  symlinkSync('nowhere.txt', join(d.root, 'notes-link.txt'))
  writeFileSync(join(d.root, 'phone/.nomedia'), '')
  writeFileSync(join(d.root, '.nomedia'), '') // the folder that was chosen is looked into
  const latin = Buffer.from('caf\u00e9.jpg', 'latin1')
  writeFileSync(Buffer.concat([Buffer.from(join(d.root, 'b/')), latin]), 'a name of other bytes')
  const findings = await d.scan()
  assert.deepEqual(d.rows(), ['a.jpg pending', 'b/c.jpg pending'])
  assert.deepEqual(findings.told, new Set([d.folder]))
  const told = d.catalogue.leftOut.groups().map(({ kind, count, first }) => [kind, count, first])
  assert.deepEqual(told, [
    ['hidden', 1, '.hidden'],
    ['link', 2, 'album'],
    ['marked', 1, 'phone'],
    ['name', 1, 'b/caf\ufffd.jpg'],
    ['system', 3, 'Previews.lrdata']
  ])
  assert.equal((await d.scan()).told.size, 0, 'nothing is new the second time')

  rmSync(join(d.root, 'b'), { recursive: true })
  rmSync(join(d.root, 'link.jpg'))
  rmSync(join(d.root, 'phone/.nomedia'))
  assert.deepEqual((await d.scan()).told, new Set([d.folder]))
  assert.deepEqual(d.rows(), ['a.jpg pending', 'phone/x/y.jpg pending'])
  const left = d.catalogue.leftOut.groups().map(({ kind, count, first }) => [kind, count, first])
  assert.deepEqual(left, [
    ['hidden', 1, '.hidden'],
    ['link', 1, 'album'],
    ['system', 1, 'Previews.lrdata']
  ])
})
