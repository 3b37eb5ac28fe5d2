// Photos that are there more than once, by what a real catalogue has of them: which are told as
// one, which of them is to be kept and why, and what is no group at all.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import type { Catalogue } from '../../../../main/catalogue/catalogue.ts'
import { createSearch } from '../../../../main/engine/answering/search.ts'
import { duplicatesOf } from '../../../../main/engine/answering/duplicate-groups.ts'
import type { DuplicateQuestion } from '../../../../main/engine/answering/duplicate-groups.ts'
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
    duplicatesOf(catalogue, search, question).map(({ kind, photos, reason, bytes }) => ({
      kind,
      reason,
      bytes,
      photos: photos.map(({ path }) => path.replace(/^\/photos\/|\.jpg$/g, ''))
    }))
  return { catalogue, add, link: (a: number, b: number) => link(catalogue, a, b), groups }
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
