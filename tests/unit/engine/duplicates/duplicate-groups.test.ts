// Photos that are there more than once, by what a real catalogue has of them: which are told as
// one, which of them is to be kept and why, and what is no group at all.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import type { Catalogue } from '../../../../main/catalogue/catalogue.ts'
import { createSearch } from '../../../../main/engine/answering/search.ts'
import { duplicatesOf } from '../../../../main/engine/duplicates/duplicate-groups.ts'
import type { DuplicateQuestion } from '../../../../main/engine/duplicates/duplicate-groups.ts'
import type { DateSource } from '../../../../main/wire/photo-date.ts'
import { toHalves } from '../../../../model/retrieval.ts'
import { FINGERPRINT_BYTES } from '../../../../model/retrieval.ts'
import { BACKBONE, hashOf, temporaryCatalogue } from '../../../support/library.ts'

const AT = Date.UTC(2024, 4, 6, 7, 8, 9)

interface Photo {
  /** Photos of the same content are equal files. */
  content: string
  size: number
  side: number // pixels, square
  directory: string
  modifiedAt: number
  taken: number | null
  source: DateSource
  format: string
  sharpness: number // as in a fingerprint
  feature: number[]
}

const PLAIN: Omit<Photo, 'content'> = {
  size: 1000,
  side: 100,
  directory: '',
  modifiedAt: AT,
  taken: null,
  source: 'exif',
  format: 'jpeg',
  sharpness: 80,
  feature: [1, 0]
}

/** A library that photos are added to. */
function libraryOf(context: TestContext) {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const search = createSearch(catalogue)
  search.useBackbone(BACKBONE)
  const contents = new Map<string, string>() // by the photo's name

  function add(name: string, given: Partial<Photo> = {}): number {
    const photo = { ...PLAIN, content: name, ...given }
    const { size, modifiedAt, side, taken, source, format } = photo
    const facts = { name: `${name}.jpg`, size, modifiedAt, inode: contents.size + 1 }
    const id = catalogue.files.insert(folder, photo.directory, facts, 0)
    const hash = hashOf(photo.content)
    contents.set(name, hash)
    const fingerprint = new Uint8Array(FINGERPRINT_BYTES).fill(200)
    fingerprint[3] = photo.sharpness
    catalogue.transaction(() => {
      const date = { capturedAt: taken, dateSource: source }
      const what = { hash, width: side, height: side, format, ...date }
      assert.ok(catalogue.work.describe(catalogue.work.task(id)!, what))
      catalogue.fingerprints.put(hash, fingerprint, false)
      catalogue.vectors.putFeature(id, BACKBONE, toHalves(Float32Array.from(photo.feature)))
    })
    return id
  }

  /** Tells that photos show the same picture. */
  function link(catalogue: Catalogue, one: number, other: number): void {
    const held = catalogue.contents.heldBy([one, other])
    catalogue.fingerprints.link(held.get(one)!.content, held.get(other)!.content)
  }

  const groups = (question: DuplicateQuestion = {}) =>
    duplicatesOf(catalogue, search, question).groups.map(({ kind, photos, reason, bytes }) => ({
      kind,
      reason,
      bytes,
      photos: photos.map(({ path }) => path.replace(/^\/photos\/|\.jpg$/g, ''))
    }))
  const found = () => duplicatesOf(catalogue, search, {})
  const linked = (one: number, other: number): void => link(catalogue, one, other)
  return { catalogue, folder, found, add, link: linked, groups }
}

test('equal files: where they lie decides, and a preferred folder most of all', (context) => {
  const { add, groups } = libraryOf(context)
  add('a', { content: 'one', directory: 'backup', modifiedAt: AT + 1000 })
  add('b', { content: 'one', directory: 'album' })
  add('c', { content: 'one', directory: 'backup', modifiedAt: AT + 2000 })
  add('other')
  const bytes = 2000
  assert.deepEqual(groups(), [
    { kind: 'identical', reason: 'first', bytes, photos: ['album/b', 'backup/a', 'backup/c'] }
  ])
  const preferred = ['/photos/nowhere', '/photos/backup']
  assert.deepEqual(groups({ preferred }), [
    { kind: 'identical', reason: 'first', bytes, photos: ['backup/a', 'backup/c', 'album/b'] }
  ])
  assert.deepEqual(groups({ preferred: ['/photos/album', '/photos/backup'] })[0]?.reason, 'folder')
  assert.deepEqual(groups({ within: '/photos/album' }), [])
  assert.equal(groups({ within: '/photos/backup' })[0]?.photos.length, 2)
})

/** Each way to tell versions apart, the better one first. */
const BETTER: readonly [string, Partial<Photo>, Partial<Photo>][] = [
  ['size', { side: 101 }, { size: 9000 }],
  ['format', { format: 'png' }, { size: 9000 }],
  ['dated', { taken: AT }, { size: 9000 }],
  ['bytes', { size: 1001 }, { modifiedAt: AT - 1 }],
  ['first', { modifiedAt: AT - 1 }, {}],
  ['place', { directory: '' }, { directory: 'a' }]
]

for (const [reason, better, worse] of BETTER)
  test(`of two versions of a picture one is to be kept: ${reason}`, (context) => {
    for (const isBetterFirst of [true, false]) {
      const { add, link, groups } = libraryOf(context)
      const ids = isBetterFirst
        ? [add('better', better), add('worse', worse)]
        : [add('worse', worse), add('better', better)]
      link(ids[0]!, ids[1]!)
      const [group, ...others] = groups()
      assert.deepEqual(others, [])
      assert.equal(group?.kind, 'same')
      assert.equal(group?.reason, reason)
      assert.match(group?.photos[0] ?? '', /better$/)
      assert.equal(group?.bytes, worse.size ?? PLAIN.size)
    }
  })

test('a favourite is kept before a larger picture', (context) => {
  const { catalogue, add, link, groups } = libraryOf(context)
  const [large, small] = [add('large', { side: 400 }), add('small')]
  link(large, small)
  catalogue.favourites.set([small], true, 0)
  assert.deepEqual(groups()[0]?.photos, ['small', 'large'])
  assert.equal(groups()[0]?.reason, 'marked')
})

test('groups do not chain, and are the same whatever order photos came in', (context) => {
  const sides = { a: 500, b: 400, c: 300, d: 200 }
  const told = ['abcd', 'dcba', 'cadb'].map((order) => {
    const { add, link, groups } = libraryOf(context)
    const ids = new Map(
      [...order].map((name) => [name, add(name, { side: sides[name as keyof typeof sides] })])
    )
    for (const [one, other] of ['ab', 'bc', 'cd'] as const) link(ids.get(one!)!, ids.get(other!)!)
    return groups()
  })
  const bytes = 1000
  const expected = [
    { kind: 'same', reason: 'size', bytes, photos: ['a', 'b'] },
    { kind: 'same', reason: 'size', bytes, photos: ['c', 'd'] }
  ]
  for (const groups of told) assert.deepEqual(groups, expected, 'a is as b is, and not as c')
})

test('a superfluous copy is told once, with its equal files alone', (context) => {
  const { add, link, groups } = libraryOf(context)
  const large = add('large', { side: 400, size: 5000 })
  add('small', { content: 'small' })
  const copy = add('copy of small', { content: 'small' })
  link(large, copy)
  const kinds = groups().map(({ kind, photos }) => [kind, ...photos])
  assert.deepEqual(kinds, [
    ['identical', 'small', 'copy of small'],
    ['same', 'large', 'small']
  ])
})

test('shots of one moment that are alike are a burst; the sharpest is to be kept', (context) => {
  const { add, link, groups } = libraryOf(context)
  const first = add('shot 1', { taken: AT })
  const second = add('shot 2', { taken: AT + 900, sharpness: 120, feature: [0.6, 0.8] })
  add('shot 3', { taken: AT + 9000, feature: [0.99, 0.1] })
  add('of something else', { taken: AT + 1000, feature: [0, 1] })
  add('later', { taken: AT + 60_000 })
  add('dated by its file', { modifiedAt: AT })
  add('dated by its name', { taken: AT, source: 'name' })
  link(first, second) // near-identical, but the camera was pressed twice
  assert.deepEqual(groups(), [
    { kind: 'bursts', reason: 'sharp', bytes: 1000, photos: ['shot 2', 'shot 1'] }
  ])
})

test('a shot that is no version of another may have one itself', (context) => {
  const { add, link, groups } = libraryOf(context)
  const shot = add('shot', { taken: AT, sharpness: 120 })
  add('next', { taken: AT + 500 })
  const saved = add('shot saved again', { taken: AT, size: 500 })
  link(shot, saved)
  assert.deepEqual(
    groups().map(({ kind, photos }) => [kind, ...photos]),
    [
      ['bursts', 'shot', 'next'],
      ['same', 'shot', 'shot saved again']
    ]
  )
})

test('thousands of one wrong date are compared with bounded work', (context) => {
  const { add, groups } = libraryOf(context)
  for (let i = 0; i < 300; i++) add(`${i}`, { taken: 0, feature: [Math.cos(i), Math.sin(i)] })
  for (const { photos } of groups()) assert.ok(photos.length <= 1 + 2 * 64, 'no endless group')
})

test('what a person said to be no duplicates is in no group any more, and can be again', (context) => {
  const { catalogue, add, link, found } = libraryOf(context)
  const { duplicateDecisions } = catalogue
  const [large, middle, small] = [add('large', { side: 300 }), add('middle', { side: 200 }), add('small')]
  for (const [one, other] of [[large, middle], [large, small], [middle, small]] as const)
    link(one, other)
  const copies = [add('one', { content: 'equal' }), add('two', { content: 'equal' })]
  const shots = [add('shot', { taken: AT }), add('next shot', { taken: AT + 500 })]
  const kinds = (): string[] =>
    found().groups.map(({ kind, photos }) => `${kind} ${photos.map(({ id }) => id).join(' ')}`)
  assert.equal(kinds().length, 3)

  const decisions = [copies, shots, [large, small]].map((ids) => duplicateDecisions.add(ids, 0))
  assert.deepEqual(kinds(), [`same ${large} ${middle}`], 'the middle one is as both are')
  assert.equal(found().decided, 3)
  assert.deepEqual(
    duplicateDecisions.withPhotos().map(({ ids }) => ids.sort((a, b) => a - b)),
    [[large, small], shots, copies]
  )
  for (const decision of decisions) duplicateDecisions.forget(decision)
  assert.equal(kinds().length, 3)
  assert.equal(found().decided, 0)
})

test('what lies in a protected folder is kept, and never what may go', (context) => {
  const { catalogue, folder, add, link, found, groups } = libraryOf(context)
  add('a', { content: 'one', directory: 'album/2024' })
  add('b', { content: 'one', directory: 'album/2025', modifiedAt: AT - 1 })
  add('c', { content: 'one', directory: 'albums', modifiedAt: AT - 2, size: 700 })
  add('d', { content: 'two', directory: 'album' })
  add('e', { content: 'two', directory: 'album/copy' })
  link(add('large', { side: 400 }), add('f', { directory: 'album' }))
  const album = { folder, directory: 'album', isProtected: true }
  catalogue.duplicateDecisions.setPlaces([album])
  assert.deepEqual(groups(), [
    { kind: 'same', reason: 'protected', bytes: 1000, photos: ['album/f', 'large'] },
    {
      kind: 'identical',
      reason: 'protected',
      bytes: 700,
      photos: ['album/2025/b', 'album/2024/a', 'albums/c']
    }
  ])
  assert.equal(found().protected, 2, 'one of each group of equal files')
  // The order alone, without protection.
  const order = ['album/2024', 'albums'].map((directory) => {
    return { folder, directory, isProtected: false }
  })
  catalogue.duplicateDecisions.setPlaces(order)
  const identical = groups().filter(({ kind }) => kind === 'identical')
  assert.deepEqual(
    identical.map(({ reason, photos }) => [reason, ...photos]),
    [
      ['folder', 'album/2024/a', 'albums/c', 'album/2025/b'],
      ['place', 'album/d', 'album/copy/e']
    ]
  )
})

test('photos of drives and folders that are not there are in no group', (context) => {
  const { catalogue, folder, add, groups, found } = libraryOf(context)
  for (const directory of ['here', 'here too', 'drive'])
    add(directory, { content: 'one', directory })
  catalogue.mounts.put(folder, 'drive', '/photos/drive')
  catalogue.mounts.setAway(folder, 'drive', true)
  assert.deepEqual(groups()[0]?.photos, ['here/here', 'here too/here too'])
  assert.equal(found().away, 1)
  catalogue.mounts.setAway(folder, 'drive', false)
  assert.equal(groups()[0]?.photos.length, 3)
  catalogue.folders.setPresent(folder, false)
  assert.deepEqual(groups(), [])
  assert.equal(found().away, 3)
})
