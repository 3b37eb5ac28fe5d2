// Filters over a real catalogue: each part and all together against a plain look at every row; kin
// within them against brute force; slices and months of the grid; favourites that move.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import type { Catalogue } from '../../../../main/catalogue/catalogue.ts'
import { createFilters, passes } from '../../../../main/engine/answering/filters.ts'
import type { Filters } from '../../../../main/engine/answering/filters.ts'
import { createLayouts } from '../../../../main/engine/answering/layout.ts'
import { StepAside } from '../../../../main/wire/step-aside.ts'
import { createRevision } from '../../../../main/engine/answering/revision.ts'
import { directoriesOf } from '../../../../main/engine/answering/subfolders.ts'
import { createSearch } from '../../../../main/engine/answering/search.ts'
import type { Filter } from '../../../../main/wire/query-contract.ts'
import { nameAt } from '../../../../main/wire/thumbnail.ts'
import { encode, multiplyReference, serialiseQuantizer } from '../../../../model/retrieval.ts'
import { fileFacts, hashOf, temporaryCatalogue } from '../../../support/library.ts'
import { clusteredFeatures, fitted } from '../../../support/quantizers.ts'

const N = 300
const D = 32
const features = clusteredFeatures(N, D, 10)
const fitting = fitted(N, D)
const DIRECTORIES = ['', 'a', 'a/b', 'a b', 'a/b/c', 'b']
const DAY = 86_400_000

interface Photo {
  id: number
  folder: number
  directory: string
  time: number
  favourite: boolean
}

interface Library {
  catalogue: Catalogue
  filters: Filters
  photos: Photo[]
  /** Raises the revision. */
  change(): void
  revision(): number
}

async function library(context: TestContext): Promise<Library> {
  const { backbone } = await fitting
  const catalogue = temporaryCatalogue(context)
  const folders = ['/one', '/two'].map((path) => catalogue.folders.add(path, path.slice(1)))
  const photos = catalogue.transaction(() =>
    Array.from({ length: N }, (_, place): Photo => {
      const folder = folders[place % 2]!
      const directory = DIRECTORIES[place % DIRECTORIES.length]!
      const time = Date.UTC(2020, 0, 1) + ((place * 37) % N) * 5 * DAY
      const dated = place % 3 !== 0 // others go by the file's date
      const facts = fileFacts(`${place}.jpg`, { modifiedAt: dated ? 5 : time })
      const id = catalogue.files.insert(folder, directory, facts, 0)
      const what = { hash: hashOf(`${place}`), width: 40 + place, height: 30 }
      const capturedAt = dated ? time : null
      catalogue.work.describe(catalogue.work.task(id)!, { ...what, capturedAt })
      catalogue.vectors.putFeature(id, backbone, features.slice(place * D, (place + 1) * D))
      return { id, folder, directory, time, favourite: place % 7 === 0 }
    })
  )
  catalogue.favourites.set(
    photos.filter((photo) => photo.favourite).map((photo) => photo.id),
    true
  )
  let revision = 1
  const filters = createFilters(catalogue, () => revision)
  return { catalogue, filters, photos, change: () => revision++, revision: () => revision }
}

function isIn(photo: Photo, { folder, directory, from, until, favourites }: Filter): boolean {
  const inDirectory =
    !directory || photo.directory === directory || photo.directory.startsWith(`${directory}/`)
  return (
    (folder === undefined || (photo.folder === folder && inDirectory)) &&
    photo.time >= (from ?? -Infinity) &&
    photo.time < (until ?? Infinity) &&
    (!favourites || photo.favourite)
  )
}

function filtersOf({ photos }: Library): Filter[] {
  const folder = photos[0]!.folder
  const from = Date.UTC(2021, 0, 1)
  return [
    { folder },
    { folder, directory: 'a' },
    { folder, directory: 'a/b' },
    { folder: folder + 1, directory: 'a b' },
    { folder, directory: 'none' },
    { from },
    { until: from },
    { from, until: Date.UTC(2022, 5, 1) },
    { favourites: true },
    { folder, directory: 'a', from, favourites: true }
  ]
}

test('a mask holds just the photos that pass; without a filter there is none', async (context) => {
  const given = await library(context)
  for (const filter of filtersOf(given)) {
    const mask = given.filters.maskOf(filter)
    assert.ok(mask)
    for (const photo of given.photos)
      assert.equal(passes(mask, photo.id), isIn(photo, filter), JSON.stringify([filter, photo]))
    assert.equal(given.filters.maskOf(filter), mask, 'kept')
  }
  assert.equal(given.filters.maskOf({}), undefined)
  assert.equal(given.filters.maskOf({ favourites: false }), undefined)
  const [first] = given.photos
  const mask = given.filters.maskOf({ favourites: true })
  given.catalogue.favourites.set([first!.id], false)
  given.change()
  assert.ok(mask && passes(mask, first!.id))
  assert.ok(!passes(given.filters.maskOf({ favourites: true })!, first!.id), 'made anew')
})

test('kin within a filter are those of brute force, with and without a model', async (context) => {
  const given = await library(context)
  const { catalogue, filters, photos } = given
  const quantizer = await fitting
  const search = createSearch(catalogue)
  search.useBackbone(quantizer.backbone)
  const compare = (): void => {
    const vectors = search.vectorsOf(photos[4]!.id)!
    const parts = [
      { vectors, weight: 1 },
      { vectors: search.vectorsOf(photos[9]!.id)!, weight: -0.4 }
    ]
    const all = search.find(parts, { top: N })
    for (const filter of filtersOf(given)) {
      const passing = new Set(photos.filter((one) => isIn(one, filter)).map((one) => one.id))
      const expected = [...all.ids].filter((id) => passing.has(id) && id !== photos[4]!.id)
      const mask = filters.maskOf(filter)
      const found = search.find(parts, { top: 30, except: [photos[4]!.id], mask })
      assert.deepEqual([...found.ids], expected.slice(0, 30), JSON.stringify(filter))
    }
  }
  compare()
  const model = catalogue.models.add('first', serialiseQuantizer(quantizer), 0)
  const { projected, descriptors, codes } = await encode(quantizer, features, multiplyReference)
  const [P, L, C] = [projected.length / N, descriptors.length / N, codes.length / N]
  catalogue.transaction(() => {
    photos.forEach(({ id }, i) =>
      catalogue.vectors.putEncoding(id, model, {
        projected: projected.slice(i * P, (i + 1) * P),
        descriptor: descriptors.slice(i * L, (i + 1) * L),
        code: codes.slice(i * C, (i + 1) * C)
      })
    )
  })
  search.serve(await search.load(model))
  compare()
})

test('slices of the grid fit together, filtered or not, also when it changes', async (context) => {
  const given = await library(context)
  const { catalogue, filters, photos } = given
  const layouts = createLayouts(catalogue, filters, given.revision)
  const sorted = [...photos].sort((a, b) => b.time - a.time || a.id - b.id)
  for (const filter of [undefined, ...filtersOf(given)]) {
    const expected = sorted.filter((photo) => isIn(photo, filter ?? {})).map((photo) => photo.id)
    const whole = await layouts.slice({ filter })
    assert.deepEqual([...whole.ids], expected)
    assert.equal(whole.total, expected.length)
    const slices = await Promise.all(
      [0, 1, 2, 3].map((i) => layouts.slice({ filter, offset: i * 80, count: 80 }))
    )
    assert.deepEqual(slices.flatMap(({ ids }) => [...ids]), expected)
    assert.deepEqual(slices.flatMap(({ aspects }) => [...aspects]), [...whole.aspects])
    assert.deepEqual(slices.flatMap(({ thumbnails }) => [...thumbnails]), [...whole.thumbnails])
    assert.deepEqual(
      expected.map((_, place) => nameAt(whole.thumbnails, place)),
      expected.map((id) => catalogue.photos.shown(id)?.thumbnail)
    )
    const months = await layouts.months(filter)
    const counts = new Map<string, number>()
    for (const photo of sorted.filter((one) => isIn(one, filter ?? {}))) {
      const month = new Date(photo.time).toISOString().slice(0, 7)
      counts.set(month, (counts.get(month) ?? 0) + 1)
    }
    assert.deepEqual(
      months.map(({ year, month, photos: count }) => [
        `${year}-${String(month).padStart(2, '0')}`,
        count
      ]),
      [...counts]
    )
  }
  const before = await layouts.slice({ count: 10 })
  catalogue.files.leave(sorted[0]!.id, 1)
  given.change()
  const next = await layouts.slice({ offset: 10, count: 10, order: before.order })
  assert.deepEqual([next.order, next.total], [before.order, N], 'the order that was begun')
  const now = await layouts.slice({ count: 10 })
  assert.deepEqual([now.order, now.total, now.ids[0]], [given.revision(), N - 1, sorted[1]!.id])
  const lost = await layouts.slice({ offset: 10, count: 10, order: 77 })
  assert.equal(lost.order, given.revision(), 'one that is not kept: today’s')
})

test('a favourite makes only the order of favourites anew', async (context) => {
  const { catalogue, photos } = await library(context)
  const revision = createRevision(() => undefined, new StepAside())
  context.after(() => revision.close())
  const filters = createFilters(catalogue, (filter) => revision.of(filter))
  const layouts = createLayouts(catalogue, filters, (filter) => revision.of(filter))
  const folder = photos[0]!.folder
  const asked: Filter[] = [{}, { folder }, { favourites: true }]
  const totals = async (): Promise<number[]> =>
    Promise.all(asked.map(async (filter) => (await layouts.slice({ filter })).total))
  const before = await totals()
  const begun = await layouts.slice({ count: 10 })
  // What the catalogue says now is seen only where an order is made anew.
  const photo = photos.find((one) => one.folder === folder && !one.favourite)!
  catalogue.favourites.set([photo.id], true)
  catalogue.files.leave(photos.find((one) => one.folder === folder && one !== photo)!.id, 1)
  assert.deepEqual(await totals(), before)
  revision.raise('marks')
  const next = await layouts.slice({ offset: 10, count: 10 })
  assert.equal(next.order, begun.order, 'the same, so that a page does not read it again')
  assert.deepEqual(await totals(), [before[0], before[1], before[2]! + 1])
  revision.raise('rest')
  assert.deepEqual(await totals(), [before[0], before[1], before[2]! + 1])
  revision.raise()
  assert.deepEqual((await totals()).slice(0, 2), [before[0]! - 1, before[1]! - 1])
})

test('directories come with all that is below them, parents first', async (context) => {
  const { catalogue, photos } = await library(context)
  const folder = photos[0]!.folder
  const mine = photos.filter((photo) => photo.folder === folder)
  const count = (directory: string): number =>
    mine.filter((photo) => isIn(photo, { folder, directory })).length
  assert.deepEqual(
    directoriesOf(catalogue, folder),
    ['', 'a', 'a/b', 'a/b/c'].map((path) => ({ path, photos: count(path) })).filter((d) => d.photos)
  )
})

test('a favourite that is moved, gone or changed stays one', async (context) => {
  const { catalogue, photos } = await library(context)
  const [photo] = photos
  const isFavourite = (): boolean | undefined => catalogue.photos.shown(photo!.id)?.favourite
  assert.equal(isFavourite(), true)
  const target = catalogue.files.insert(photo!.folder, 'new', fileFacts('0.jpg'), 0)
  catalogue.files.move(photo!.id, catalogue.files.candidate(target)!)
  assert.equal(isFavourite(), true)
  catalogue.files.leave(photo!.id, 1)
  catalogue.files.comeBack(photo!.id)
  assert.equal(isFavourite(), true)
  catalogue.files.change(photo!.id, fileFacts('other'))
  assert.equal(isFavourite(), true)
})
