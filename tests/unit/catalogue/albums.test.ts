// Albums are kept: by what the files of their photos hold, with pictures from outside, in copies
// and in catalogues that go back to one; and what the wire takes as one.
import assert from 'node:assert/strict'
import test from 'node:test'
import * as v from 'valibot'
import type { Catalogue } from '../../../main/catalogue/catalogue.ts'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { makeCopy } from '../../../main/catalogue/copies.ts'
import { restoreCopy } from '../../../main/catalogue/rebuild.ts'
import { LARGEST_KEPT_PICTURE, NewAlbum } from '../../../main/wire/methods/album-methods.ts'
import { thumbnailName } from '../../../main/wire/thumbnail.ts'
import { addCopy, addPending, hashOf } from '../../support/library.ts'
import { temporaryCatalogue, temporaryFolder } from '../../support/library.ts'

const CROP = { left: 0, top: 0.25, width: 0.5, height: 0.5 }
const like = (id: number, crop: typeof CROP | null = null) =>
  ({ of: { kind: 'photo', id, crop }, weight: 1 }) as const
const outside = (bytes: Uint8Array) =>
  ({ of: { kind: 'picture', name: 'outside.png', bytes, crop: CROP }, weight: 1 }) as const

/** Puts a photo where files are gone. */
function lose(catalogue: Catalogue, ...ids: number[]): void {
  for (const id of ids) catalogue.files.leave(id, 1)
}

test('an album asks what it was kept with, by content, wherever the files lie', (t) => {
  const catalogue = temporaryCatalogue(t)
  const { albums } = catalogue
  const folder = catalogue.folders.add('/photos', 'photos')
  const add = (name: string): number => addCopy(catalogue, folder, `${name}.jpg`, name)
  const [a, b] = [add('a'), add('b')]
  const bytes = Uint8Array.of(1, 2, 3)
  const parts = [like(a), { ...like(b, CROP), weight: -1 as const }, outside(bytes)]
  const id = albums.keep({ name: 'beach', filter: { rating: 3 }, parts }, 1)
  const loved = { favourites: true }
  const favourites = albums.keep({ name: 'All loved', filter: loved, parts: [] }, 2)
  const cover = thumbnailName(hashOf('a'))
  assert.deepEqual(albums.all(), [
    { id: favourites, name: 'All loved', filter: loved, like: 0, unlike: 0, cover: null },
    { id, name: 'beach', filter: { rating: 3 }, like: 2, unlike: 1, cover }
  ])
  const opened = albums.open(id)
  assert.deepEqual(opened, {
    name: 'beach',
    filter: { rating: 3 },
    parts: [
      { of: { kind: 'photo', id: a, name: 'a.jpg', crop: null }, weight: 1 },
      { of: { kind: 'photo', id: b, name: 'b.jpg', crop: CROP }, weight: -1 },
      outside(bytes)
    ]
  })
  lose(catalogue, a, b)
  assert.deepEqual(
    albums.open(id).parts.map(({ of }) => (of.kind === 'photo' ? [of.id, of.name] : of.kind)),
    [[null, 'a.jpg'], [null, 'b.jpg'], 'picture'],
    'who is not there is named'
  )
  assert.equal(albums.all()[1]?.cover, null)
  const came = addCopy(catalogue, folder, 'elsewhere.jpg', 'a')
  const [first] = albums.open(id).parts
  assert.equal(first?.of.kind === 'photo' && first.of.id, came)
})

test('albums are renamed, removed and put back; what is not there is told', (t) => {
  const catalogue = temporaryCatalogue(t)
  const { albums } = catalogue
  const names = (): string[] => albums.all().map(({ name }) => name)
  const keep = (name: string): number =>
    albums.keep({ name, filter: { favourites: true }, parts: [] }, 1)
  const [one, other] = [keep('one'), keep('other')]
  albums.rename(one, 'zoo')
  assert.deepEqual(names(), ['other', 'zoo'])
  albums.remove(one, 1)
  assert.deepEqual([names(), albums.removed('zoo'), albums.removed('one')], [['other'], [one], []])
  const isMissing = { name: 'Fault', kind: 'not-found' }
  assert.throws(() => albums.open(one), isMissing)
  assert.throws(() => albums.rename(one, 'again'), isMissing)
  assert.throws(() => albums.remove(one, 2), isMissing)
  albums.putBack(one)
  assert.deepEqual(names(), ['other', 'zoo'])
  assert.throws(() => albums.putBack(one), isMissing)

  albums.remove(one, 1)
  albums.remove(other, 40 * 86_400_000)
  assert.deepEqual([albums.removed('zoo'), albums.removed('other')], [[], [other]], 'after a month')

  const folder = catalogue.folders.add('/photos', 'photos')
  const pending = addPending(catalogue, folder, 'new.jpg')
  for (const id of [pending, 999])
    assert.throws(() => albums.keep({ name: 'no', filter: {}, parts: [like(id)] }, 1), isMissing)
  assert.deepEqual(names(), [], 'all or nothing')
})

test('albums are in copies, and in a catalogue that goes back to one, but removed ones', (t) => {
  const library = temporaryFolder(t)
  const catalogue = openCatalogue(library)
  const folder = catalogue.folders.add('/photos', 'photos')
  const photo = addCopy(catalogue, folder, 'a.jpg', 'a')
  const parts = [like(photo, CROP), outside(Uint8Array.of(7))]
  const id = catalogue.albums.keep({ name: 'kept', filter: { folder }, parts }, 1)
  const removed = catalogue.albums.keep({ name: 'removed', filter: {}, parts }, 1)
  catalogue.albums.remove(removed, 2)
  const last = catalogue.folders.add('/last', 'last')
  catalogue.folders.remove(last, 1)
  catalogue.folders.purge(2)
  const copy = makeCopy(library, Date.UTC(2026, 2, 12))
  assert.ok(copy)
  catalogue.albums.remove(id, 3)
  catalogue.close()
  restoreCopy(library, copy, Date.UTC(2026, 2, 13))
  const restored = openCatalogue(library)
  t.after(() => restored.close())
  assert.deepEqual(restored.albums.removed('removed'), [])
  const all = restored.albums.all().map(({ name, filter }) => [name, filter])
  assert.deepEqual(all, [['kept', { folder }]])
  const again = restored.folders.add('/elsewhere', 'elsewhere')
  assert.ok(again > last, 'no album is narrowed by the id of another folder')
  const came = addCopy(restored, again, 'b.jpg', 'a')
  assert.deepEqual(restored.albums.open(id).parts, [
    { of: { kind: 'photo', id: came, name: 'a.jpg', crop: CROP }, weight: 1 },
    outside(Uint8Array.of(7))
  ])
})

test('an album within a folder stays so when that becomes a part of another', (t) => {
  const { albums, folders } = temporaryCatalogue(t)
  const [inner, outer] = [folders.add('/photos/2020', '2020'), folders.add('/photos', 'photos')]
  const filters = [
    { folder: inner },
    { folder: inner, directory: 'may/1', rating: 3 },
    { folder: outer },
    { favourites: true }
  ]
  const ids = filters.map((filter) => albums.keep({ name: 'one', filter, parts: [] }, 1))
  albums.adopt(inner, outer, '2020')
  assert.deepEqual(ids.map((id) => albums.open(id).filter), [
    { folder: outer, directory: '2020' },
    { folder: outer, directory: '2020/may/1', rating: 3 },
    { folder: outer },
    { favourites: true }
  ])
})

test('the wire takes questions under a name, and nothing else', () => {
  const album = { name: ' Beach ', filter: {}, parts: [like(1)] }
  const refuses = (change: object, why: string): void =>
    assert.ok(!v.safeParse(NewAlbum, { ...album, ...change }).success, why)
  assert.equal(v.parse(NewAlbum, album).name, 'Beach')
  assert.ok(v.safeParse(NewAlbum, { ...album, parts: [], filter: { rating: 4 } }).success)
  refuses({ name: '  ' }, 'no name')
  refuses({ name: 'a'.repeat(101) }, 'a name that is too long')
  refuses({ parts: [] }, 'nothing is asked for')
  refuses({ parts: [{ ...like(1), weight: -1 }] }, 'nothing is wanted')
  refuses({ parts: Array.from({ length: 33 }, () => like(1)) }, 'too many')
  refuses({ parts: [like(1, { ...CROP, left: 2 })] }, 'a part beyond the picture')
  refuses({ parts: [outside(new Uint8Array())] }, 'a picture without bytes')
  refuses({ parts: [outside(new Uint8Array(LARGEST_KEPT_PICTURE + 1))] }, 'a picture too large')
  refuses({ filter: { rating: 9 } }, 'a filter that is none')
})
