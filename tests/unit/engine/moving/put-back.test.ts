// Files that are put back have the names they had, and their photo's row follows with what belongs
// to it. On a real disk and a real catalogue.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { openDatabase } from '../../../../main/catalogue/database.ts'
import { CATALOGUE_FILE } from '../../../../main/catalogue/library-files.ts'
import { followFiles, putBack, transferPhoto } from '../../../../main/engine/moving/move-photos.ts'
import { isFault } from '../../../../main/wire/fault.ts'
import { diskOf } from '../../../support/described-disk.ts'
import { temporaryFolder } from '../../../support/library.ts'

test('what got another name where it went has its own again when it is back', async (context) => {
  const d = await diskOf(context, {
    'a/one.jpg': 'new',
    'a/one.jpg.xmp': '<x/>',
    'b/one.jpg': 'old'
  })
  const id = d.id('a/one.jpg')
  const move = { id, directory: join(d.root, 'b'), copies: false }
  const { files } = await transferPhoto(d.catalogue, move, d.library)
  assert.equal(d.id('b/one (2).jpg'), id)
  await putBack(d.catalogue, id, files)
  assert.deepEqual(readdirSync(join(d.root, 'a')).sort(), ['one.jpg', 'one.jpg.xmp'])
  assert.equal(d.id('a/one.jpg'), id)
  assert.deepEqual(d.catalogue.companions.of(id), ['one.jpg.xmp'])
  assert.equal(d.catalogue.files.candidate(id)?.sidecar, 'one.jpg.xmp')
})

test('from a trash with names of its own a photo comes back as it was', async (context) => {
  const d = await diskOf(context, { 'IMG.JPG': 'one', 'IMG.JPG.xmp': '<x/>' })
  const id = d.id('IMG.JPG')
  const trash = temporaryFolder(context)
  const names = { 'IMG.JPG': 'IMG.2.JPG', 'IMG.JPG.xmp': 'IMG.JPG.2.xmp' }
  const files = Object.entries(names).map(([name, other]) => {
    const [from, to] = [join(d.root, name), join(trash, other)]
    renameSync(from, to)
    return { from, to }
  })
  await followFiles(d.catalogue, [id], Date.now())
  assert.equal(d.catalogue.photos.shown(id), undefined)
  await putBack(d.catalogue, id, files)
  assert.deepEqual(readdirSync(d.root).sort(), ['IMG.JPG', 'IMG.JPG.xmp'])
  assert.equal(d.id('IMG.JPG'), id)
  assert.equal(d.catalogue.photos.shown(id)?.status, 'indexed')
  assert.equal(d.catalogue.files.candidate(id)?.sidecar, 'IMG.JPG.xmp')
  assert.deepEqual(d.catalogue.companions.of(id), ['IMG.JPG.xmp'])
})

test('what was copied along for two photos is not there twice', async (context) => {
  const d = await diskOf(context, { 'a/one.jpg': 'one', 'a/two.jpg': 'two' })
  const id = d.id('a/one.jpg')
  for (const name of ['one.jpg', 'two.jpg'])
    d.catalogue.companions.set(d.id(`a/${name}`), { companions: ['both.xmp'] })
  writeFileSync(join(d.root, 'a/both.xmp'), '<x/>')
  mkdirSync(join(d.root, 'b'))
  const move = { id, directory: join(d.root, 'b'), copies: false }
  const { files } = await transferPhoto(d.catalogue, move, d.library)
  await putBack(d.catalogue, id, files)
  assert.deepEqual(readdirSync(join(d.root, 'a')).sort(), ['both.xmp', 'one.jpg', 'two.jpg'])
  assert.deepEqual(readdirSync(join(d.root, 'b')), [])
  assert.deepEqual(d.catalogue.companions.of(id), ['both.xmp'])
  assert.equal(readFileSync(join(d.root, 'a/both.xmp'), 'utf8'), '<x/>')
})

test('files that were moved are told, though the catalogue does not take it', async (context) => {
  const d = await diskOf(context, { 'a/one.jpg': 'one', 'b/two.jpg': 'two' })
  const id = d.id('a/one.jpg')
  const other = openDatabase(join(d.data, CATALOGUE_FILE))
  const refuse = `CREATE TRIGGER refuse BEFORE UPDATE ON photos
    BEGIN SELECT RAISE(ABORT, 'not now'); END`
  const both = ['a', 'b'].map((directory) => ({ folder: d.folder, directory }))
  other.script(refuse)
  const move = { id, directory: join(d.root, 'b'), copies: false }
  const { files, changed, places } = await transferPhoto(d.catalogue, move, d.library)
  assert.deepEqual([changed, places], [[], both])
  other.script('DROP TRIGGER refuse')
  await d.scan()
  assert.equal(d.id('b/one.jpg'), id, 'the next look finds it')

  other.script(refuse)
  assert.deepEqual((await putBack(d.catalogue, id, files)).places, both.reverse())
  other.script('DROP TRIGGER refuse')
  other.close()
  await d.scan()
  assert.equal(d.id('a/one.jpg'), id)
})

test('a directory that went is made again, a folder that is away is not', async (context) => {
  const d = await diskOf(context, { 'a/deep/one.jpg': 'one' })
  const id = d.id('a/deep/one.jpg')
  const there = temporaryFolder(context)
  const move = { id, directory: there, copies: false }
  const { files } = await transferPhoto(d.catalogue, move, d.library)
  rmSync(d.root, { recursive: true })
  const back = (): Promise<unknown> => putBack(d.catalogue, id, files)
  await assert.rejects(back(), (error) => {
    assert.ok(isFault(error, 'disk-error'))
    assert.deepEqual([error.record.about, error.record.subject], ['folder', 'photos'])
    return true
  })
  assert.deepEqual([existsSync(d.root), readdirSync(there)], [false, ['one.jpg']])

  mkdirSync(d.root)
  await back()
  assert.deepEqual(readdirSync(there), [])
  assert.equal(d.id('a/deep/one.jpg'), id)
  assert.equal(readFileSync(join(d.root, 'a/deep/one.jpg'), 'utf8'), 'one')
})

test('below a drive that is not mounted no directory is made', async (context) => {
  const d = await diskOf(context, { 'usb/trip/one.jpg': 'one' })
  const id = d.id('usb/trip/one.jpg')
  const there = temporaryFolder(context)
  const move = { id, directory: there, copies: false }
  const { files } = await transferPhoto(d.catalogue, move, d.library)
  rmSync(join(d.root, 'usb/trip'), { recursive: true }) // an empty mount point is left
  d.catalogue.mounts.put(d.folder, 'usb', join(d.root, 'usb'))
  d.catalogue.mounts.setAway(d.folder, 'usb', true)
  await assert.rejects(putBack(d.catalogue, id, files), { kind: 'disk-error' })
  assert.deepEqual(readdirSync(join(d.root, 'usb')), [])
})
