// Moving and copying photos with what belongs to them, on a real disk and a real catalogue: nothing
// is overwritten, what fails leaves all as it was, and the catalogue follows at once.
import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { filesOfPhotos, lastCopies } from '../../../../main/engine/moving/last-copies.ts'
import { followFiles, putBack, transferPhoto } from '../../../../main/engine/moving/move-photos.ts'
import { numbered, transferFiles } from '../../../../main/engine/moving/transfer.ts'
import { isFault } from '../../../../main/wire/fault.ts'
import { diskOf } from '../../../support/described-disk.ts'
import { temporaryFolder } from '../../../support/library.ts'

test('a photo that moves keeps its row, favourite and rating', async (context) => {
  const d = await diskOf(context, {
    'a/one.jpg': 'one',
    'a/one.jpg.xmp': '<x/>',
    'b/two.jpg': 'two'
  })
  const id = d.id('a/one.jpg')
  d.catalogue.favourites.set([id], true)
  d.catalogue.ratings.set([id], 4)
  const move = { id, directory: join(d.root, 'b'), copies: false }
  const { files, changed } = await transferPhoto(d.catalogue, move, d.library)
  assert.deepEqual(
    files.map(({ to }) => to),
    [join(d.root, 'b/one.jpg'), join(d.root, 'b/one.jpg.xmp')]
  )
  assert.deepEqual(changed, [id])
  assert.equal(d.id('b/one.jpg'), id)
  await d.scan()
  const shown = d.catalogue.photos.shown(id)
  assert.deepEqual(
    [shown?.directory, shown?.status, shown?.favourite, shown?.rating, shown?.companions],
    ['b', 'indexed', true, 4, ['one.jpg.xmp']]
  )
  assert.deepEqual(readdirSync(join(d.root, 'a')), [])

  await putBack(d.catalogue, id, files)
  assert.equal(d.id('a/one.jpg'), id)
  assert.deepEqual(readdirSync(join(d.root, 'a')).sort(), ['one.jpg', 'one.jpg.xmp'])
})

test('of folders one in the other the inner one has what moves into it', async (context) => {
  const d = await diskOf(context, { 'one.jpg': 'one' })
  const id = d.id('one.jpg')
  const inner = join(d.root, '.hidden/inner')
  mkdirSync(join(inner, 'deep'), { recursive: true })
  const folder = d.catalogue.folders.add(inner, 'inner')
  const move = { id, directory: join(inner, 'deep'), copies: false }
  await transferPhoto(d.catalogue, move, d.library)
  assert.equal(d.catalogue.photos.atPath(folder, 'deep', 'one.jpg'), id)
})

test('nothing is overwritten: photo and companions get the same free number', async (context) => {
  const d = await diskOf(context, {
    'a/one.jpg': 'new',
    'a/one.ARW': 'raw',
    'a/one.jpg.xmp': '<x/>',
    'b/one.jpg': 'old',
    'b/one (2).ARW': 'also old'
  })
  const move = { id: d.id('a/one.jpg'), directory: join(d.root, 'b'), copies: false }
  const { files } = await transferPhoto(d.catalogue, move, d.library)
  assert.deepEqual(
    files.map(({ to }) => to.slice(d.root.length)).sort(),
    ['/b/one (3).ARW', '/b/one (3).jpg', '/b/one (3).jpg.xmp']
  )
  assert.equal(readFileSync(join(d.root, 'b/one.jpg'), 'utf8'), 'old')
  assert.equal(readFileSync(join(d.root, 'b/one (3).jpg'), 'utf8'), 'new')
  assert.equal(numbered('IMG_1.JPG', 'IMG_E1', 2), 'IMG_1 (2).JPG')
})

test('a photo that moves out of the library is gone until it is put back', async (context) => {
  const d = await diskOf(context, { 'one.jpg': 'one' })
  const id = d.id('one.jpg')
  const elsewhere = temporaryFolder(context)
  const move = { id, directory: elsewhere, copies: false }
  const { files } = await transferPhoto(d.catalogue, move, d.library)
  assert.equal(d.catalogue.photos.shown(id), undefined)
  assert.equal(readFileSync(join(elsewhere, 'one.jpg'), 'utf8'), 'one')
  writeFileSync(join(d.root, 'one.jpg'), 'another took its place')
  await putBack(d.catalogue, id, files)
  assert.equal(d.id('one (2).jpg'), id, 'under a free name')
  assert.equal(d.catalogue.photos.shown(id)?.status, 'indexed')
  assert.equal(readFileSync(join(d.root, 'one.jpg'), 'utf8'), 'another took its place')
})

test('a copy is equal, the photo stays, and its time is kept', async (context) => {
  const d = await diskOf(context, { 'one.jpg': 'one' })
  const elsewhere = temporaryFolder(context)
  const copy = { id: d.id('one.jpg'), directory: elsewhere, copies: true }
  const { files, changed } = await transferPhoto(d.catalogue, copy, d.library)
  assert.deepEqual(changed, [])
  const [was, is] = [join(d.root, 'one.jpg'), files[0]!.to].map((path) => statSync(path))
  assert.ok(Math.abs(was!.mtimeMs - is!.mtimeMs) < 1)
  assert.deepEqual(readdirSync(elsewhere), ['one.jpg'], 'nothing else is left')
})

test('between file systems the copy is compared before the original goes', async (context) => {
  const here = temporaryFolder(context)
  const shared = '/dev/shm'
  if (!existsSync(shared) || statSync(shared).dev === statSync(here).dev)
    return context.skip('needs /dev/shm as another file system')
  const there = mkdtempSync(join(shared, 'kindred-moving-'))
  context.after(() => rmSync(there, { recursive: true }))
  const bytes = Buffer.alloc(3_000_000, 'photo')
  writeFileSync(join(here, 'a.jpg'), bytes)
  writeFileSync(join(here, 'a.xmp'), '<x/>')
  const sources = ['a.jpg', 'a.xmp'].map((name) => ({ path: join(here, name), copies: false }))
  await transferFiles(sources, there)
  assert.deepEqual(readdirSync(here), [])
  assert.deepEqual(readdirSync(there).sort(), ['a.jpg', 'a.xmp'])
  assert.ok(readFileSync(join(there, 'a.jpg')).equals(bytes))
})

test('what fails in the middle leaves all as it was', async (context) => {
  const [here, there] = [temporaryFolder(context), temporaryFolder(context)]
  writeFileSync(join(here, 'a.jpg'), 'photo')
  const names = ['a.jpg', 'missing.xmp']
  const sources = names.map((name) => ({ path: join(here, name), copies: false }))
  for (const copies of [false, true])
    await assert.rejects(
      transferFiles(sources.map((source) => ({ ...source, copies })), there),
      { kind: 'not-found' }
    )
  assert.deepEqual([readdirSync(here), readdirSync(there)], [['a.jpg'], []])
  // The page is shown faults, and logs keep them: neither knows a folder.
  const told = (error: unknown): boolean =>
    isFault(error, 'not-found') && !JSON.stringify(error.record).includes('/')
  await assert.rejects(transferFiles(sources.slice(0, 1), join(there, 'none')), told)
  const stopped = AbortSignal.abort()
  await assert.rejects(transferFiles(sources.slice(0, 1), there, stopped))
  assert.deepEqual([readdirSync(here), readdirSync(there)], [['a.jpg'], []])
})

test('no link out of the folder is followed, nothing comes into the library', async (context) => {
  const d = await diskOf(context, { 'one.jpg': 'one' })
  const outside = temporaryFolder(context)
  const id = d.id('one.jpg')
  const into = { id, directory: d.library, copies: true }
  mkdirSync(d.library)
  await assert.rejects(transferPhoto(d.catalogue, into, d.library), { kind: 'bad-argument' })
  writeFileSync(join(outside, 'secret'), 'secret')
  rmSync(join(d.root, 'one.jpg'))
  symlinkSync(join(outside, 'secret'), join(d.root, 'one.jpg'))
  const move = { id, directory: temporaryFolder(context), copies: false }
  await assert.rejects(transferPhoto(d.catalogue, move, d.library), { kind: 'no-access' })
  assert.deepEqual([readdirSync(outside), readdirSync(move.directory)], [['secret'], []])
  await assert.rejects(transferPhoto(d.catalogue, { ...move, id: 999 }, d.library), {
    kind: 'not-found'
  })
})

test('what belongs to another photo, too, stays with it', async (context) => {
  const d = await diskOf(context, { 'a/one.jpg': 'one', 'a/two.jpg': 'two', 'b/x.jpg': 'x' })
  for (const name of ['one.jpg', 'two.jpg'])
    d.catalogue.companions.set(d.id(`a/${name}`), { companions: ['both.xmp'] })
  writeFileSync(join(d.root, 'a/both.xmp'), '<x/>')
  const move = { id: d.id('a/one.jpg'), directory: join(d.root, 'b'), copies: false }
  await transferPhoto(d.catalogue, move, d.library)
  assert.deepEqual(readdirSync(join(d.root, 'a')).sort(), ['both.xmp', 'two.jpg'])
  assert.deepEqual(readdirSync(join(d.root, 'b')).sort(), ['both.xmp', 'one.jpg', 'x.jpg'])
})

test('what belongs to another photo, too, is not among the files of a photo', async (context) => {
  const d = await diskOf(context, { 'a/one.jpg': 'one', 'a/two.jpg': 'two' })
  const [one, two] = [d.id('a/one.jpg'), d.id('a/two.jpg')]
  d.catalogue.companions.set(one, { companions: ['both.xmp', 'one.xmp'] })
  d.catalogue.companions.set(two, { companions: ['both.xmp'] })
  const names = (id: number) =>
    filesOfPhotos(d.catalogue, [id])[0]?.paths.map((path) => path.slice(d.root.length))
  assert.deepEqual(names(one), ['/a/one.jpg', '/a/one.xmp'])
  assert.deepEqual(names(two), ['/a/two.jpg'])
  d.catalogue.files.leave(two, Date.now())
  assert.deepEqual(names(one), ['/a/one.jpg', '/a/both.xmp', '/a/one.xmp'])
})

test('an XMP file of two photos of one name stays when one of them goes', async (context) => {
  const d = await diskOf(context, { 'a/a.jpg': 'jpeg', 'a/a.heic': 'heic', 'a/a.xmp': '<x/>' })
  const id = d.id('a/a.jpg')
  assert.equal(d.catalogue.files.candidate(d.id('a/a.heic'))?.sidecar, 'a.xmp')
  const [files] = filesOfPhotos(d.catalogue, [id])
  assert.deepEqual(files?.paths, [join(d.root, 'a/a.jpg')])
  const move = { id, directory: temporaryFolder(context), copies: false }
  await transferPhoto(d.catalogue, move, d.library)
  assert.deepEqual(readdirSync(join(d.root, 'a')).sort(), ['a.heic', 'a.xmp'])
  assert.deepEqual(readdirSync(move.directory).sort(), ['a.jpg', 'a.xmp'])
})

test('files are put back, but no row of another photo follows them', async (context) => {
  const d = await diskOf(context, { 'a/one.jpg': 'one', 'a/two.jpg': 'two', 'b/x.jpg': 'x' })
  const [one, two] = [d.id('a/one.jpg'), d.id('a/two.jpg')]
  const move = { id: one, directory: join(d.root, 'b'), copies: false }
  const { files } = await transferPhoto(d.catalogue, move, d.library)
  // Ids of a library that was made anew are those of other photos.
  const { changed, places } = await putBack(d.catalogue, two, files)
  assert.deepEqual([changed, places], [[], [{ folder: d.folder, directory: 'a' }]])
  assert.equal(d.id('a/two.jpg'), two)
  assert.deepEqual(readdirSync(join(d.root, 'a')).sort(), ['one.jpg', 'two.jpg'])
  await d.scan()
  assert.equal(d.id('a/one.jpg'), one, 'the next look finds it')
})

test('the last copy is told: no equal photo stays that is as it was', async (context) => {
  const d = await diskOf(context, {
    'a.jpg': 'same',
    'b.jpg': 'same',
    'c.jpg': 'other',
    'd.jpg': 'pair',
    'd.ARW': 'raw',
    'e.jpg': 'pair'
  })
  const [a, b, c] = [d.id('a.jpg'), d.id('b.jpg'), d.id('c.jpg')]
  assert.deepEqual(await lastCopies(d.catalogue, [a]), [])
  assert.deepEqual(await lastCopies(d.catalogue, [a, b]), [a, b])
  assert.deepEqual(await lastCopies(d.catalogue, [c]), [c])
  assert.deepEqual(await lastCopies(d.catalogue, [d.id('d.jpg')]), [d.id('d.jpg')], 'it has a RAW')
  assert.deepEqual(await lastCopies(d.catalogue, [d.id('e.jpg')]), [])
  writeFileSync(join(d.root, 'b.jpg'), 'edited since')
  assert.deepEqual(await lastCopies(d.catalogue, [a]), [a])
  rmSync(join(d.root, 'b.jpg'))
  assert.deepEqual(await lastCopies(d.catalogue, [a]), [a])
  const [files] = filesOfPhotos(d.catalogue, [d.id('d.jpg'), 999])
  assert.deepEqual(files?.paths, [join(d.root, 'd.jpg'), join(d.root, 'd.ARW')])
})

test('a photo whose file is taken away is gone until it comes back', async (context) => {
  const d = await diskOf(context, { 'a.jpg': 'a', 'b.jpg': 'b' })
  const [a, b] = [d.id('a.jpg'), d.id('b.jpg')]
  const elsewhere = join(temporaryFolder(context), 'a.jpg')
  const { files } = await takenTo(d.root, elsewhere)
  const { changed } = await followFiles(d.catalogue, [a, b], Date.now())
  assert.deepEqual(changed, [a])
  assert.equal(d.catalogue.photos.shown(a), undefined)
  await transferFiles([{ path: files[0]!.to, copies: false }], d.root)
  assert.deepEqual((await followFiles(d.catalogue, [a, b], Date.now())).changed, [a])
  assert.equal(d.catalogue.photos.shown(a)?.status, 'indexed')
})

async function takenTo(root: string, path: string): Promise<{ files: { to: string }[] }> {
  const source = { path: join(root, 'a.jpg'), copies: false }
  return { files: await transferFiles([source], join(path, '..')) }
}
