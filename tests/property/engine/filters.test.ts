// Filters over a real catalogue: whatever is combined, a mask holds just the photos that a plain
// look at every one of them finds, kin within it are those of an exhaustive search among them, and
// the choice of filters counts them right.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import fc from 'fast-check'
import { createFilters, filterKey, passes } from '../../../main/engine/answering/filters.ts'
import { createSearch } from '../../../main/engine/answering/search.ts'
import { traitsOf } from '../../../main/engine/answering/traits.ts'
import { ORIENTATIONS, orientationOf } from '../../../main/wire/filter.ts'
import type { Filter, Orientation } from '../../../main/wire/filter.ts'
import type { PhotoFacts, Place } from '../../../main/wire/photo-facts.ts'
import { encode, multiplyReference, serialiseQuantizer } from '../../../model/retrieval.ts'
import { faultRecord, fileFacts, hashOf, temporaryCatalogue } from '../../support/library.ts'
import { clusteredFeatures, fitted } from '../../support/quantizers.ts'

const N = 400
const D = 32
/** Photos that are asked with. */
const ASKED = 5
const FORMATS = ['jpeg', 'jpeg', 'raw', 'heic', 'png', null] as const
const CAMERAS = ['Canon EOS 5D', 'Nikon D70', 'Apple iPhone 7', null] as const
const SIZES = [
  [4000, 3000], [3000, 4000], [1000, 1000], [1050, 1000], [1051, 1000], [640, 480]
] as const
const CENTRES = [[48, 11], [-89.9, 0], [0, 179.95], [0, -179.95], [0, -0.02]] as const
const FIRST = Date.UTC(2020, 0)
const DAY = 86_400_000

interface Photo {
  id: number
  time: number
  favourite: boolean
  rating: number
  width: number
  height: number
  format: (typeof FORMATS)[number]
  facts: PhotoFacts | null
}

/** Numbers that look drawn, the same each time. */
const drawn = (place: number, of: number): number => Math.floor((place * 7919 + 13 * of) % of)

function factsAt(place: number): PhotoFacts | null {
  const camera = CAMERAS[drawn(place, CAMERAS.length)] ?? null
  const [latitude, longitude] = CENTRES[drawn(place + 1, CENTRES.length)]!
  const away = drawn(place, 97) / 1000 // degrees
  const point = { latitude: latitude + away, longitude: longitude - away / 3, altitude: null }
  const isPlaced = place % 3 !== 0
  if (camera === null && !isPlaced) return null
  return {
    camera,
    lens: null,
    exposureTime: null,
    aperture: null,
    iso: null,
    focalLength: null,
    place: isPlaced ? point : null
  }
}

/** A library with a model that serves. */
async function library(context: TestContext) {
  const quantizer = await fitted(N, D)
  const features = clusteredFeatures(N, D, 10)
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const photos = catalogue.transaction(() =>
    Array.from({ length: N }, (_, place): Photo => {
      const [width, height] = SIZES[drawn(place, SIZES.length)]!
      const format = FORMATS[drawn(place + 2, FORMATS.length)] ?? null
      const time = FIRST + drawn(place, 300) * DAY
      const facts = factsAt(place)
      const id = catalogue.files.insert(folder, '', fileFacts(`${place}.jpg`), 0)
      const what = { hash: hashOf(`${place}`), width, height, format, facts, capturedAt: time }
      catalogue.work.describe(catalogue.work.task(id)!, what)
      const feature = features.slice(place * D, (place + 1) * D)
      catalogue.vectors.putFeature(id, quantizer.backbone, feature)
      const marks = { favourite: place % 7 === 0, rating: place % 5 }
      return { id, time, width, height, format, facts, ...marks }
    })
  )
  const marked = photos.filter(({ favourite }) => favourite).map(({ id }) => id)
  catalogue.favourites.set(marked, true)
  for (const { id, rating } of photos) catalogue.ratings.set([id], rating)
  const model = catalogue.models.add('first', serialiseQuantizer(quantizer), 0)
  const { projected, descriptors, codes } = await encode(quantizer, features, multiplyReference)
  const rowOf = <T extends Uint16Array | Uint8Array>(rows: T, i: number): T => {
    const size = rows.length / N
    return rows.slice(i * size, (i + 1) * size) as T
  }
  catalogue.transaction(() => {
    photos.forEach(({ id }, i) =>
      catalogue.vectors.putEncoding(id, model, {
        projected: rowOf(projected, i),
        descriptor: rowOf(descriptors, i),
        code: rowOf(codes, i)
      })
    )
  })
  const search = createSearch(catalogue)
  search.serve(await search.load(model))
  return { catalogue, photos, search }
}

/** The reference: each part by itself, of a photo that is known. */
function isIn({ facts, width, height, ...photo }: Photo, filter: Filter): boolean {
  const { camera, format, orientation, megapixels = 0, placed, near } = filter
  const place = facts?.place ?? null
  return (
    photo.time >= (filter.from ?? -Infinity) && photo.time < (filter.until ?? Infinity) &&
    (!filter.favourites || photo.favourite) && photo.rating >= (filter.rating ?? 0) &&
    (camera === undefined || facts?.camera === camera) &&
    (format === undefined || photo.format === format) &&
    (orientation === undefined || shapeOf(width, height) === orientation) &&
    width * height >= megapixels * 1e6 &&
    (placed === undefined || (place !== null) === placed) &&
    (near === undefined || (place !== null && kilometresBetween(place, near) <= near.kilometres))
  )
}

/** By division, where the catalogue compares products. */
function shapeOf(width: number, height: number): Orientation {
  if (width / height <= 1.05 && height / width <= 1.05) return 'square'
  return width > height ? 'landscape' : 'portrait'
}

type Point = Pick<Place, 'latitude' | 'longitude'>

/** By the chord between two points of a sphere, where the catalogue compares angles. */
function kilometresBetween(one: Point, other: Point): number {
  const onSphere = ({ latitude, longitude }: Point): readonly [number, number, number] => {
    const [north, east] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180]
    const around = Math.cos(north)
    return [around * Math.cos(east), around * Math.sin(east), Math.sin(north)]
  }
  const [a, b] = [onSphere(one), onSphere(other)]
  const chord = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
  return 2 * 6371.0088 * Math.asin(Math.min(1, chord / 2))
}

const centre = fc.constantFrom(...CENTRES)
const filters = fc.record<Filter>(
  {
    from: fc.nat(300).map((days) => FIRST + days * DAY),
    until: fc.nat(300).map((days) => FIRST + days * DAY),
    favourites: fc.boolean(),
    rating: fc.nat(5),
    camera: fc.constantFrom('Canon EOS 5D', 'Nikon D70', 'Apple iPhone 7', 'none such'),
    format: fc.constantFrom('jpeg', 'raw', 'heic', 'png', 'gif'),
    orientation: fc.constantFrom(...ORIENTATIONS),
    megapixels: fc.constantFrom(0, 0.3, 0.3072, 1, 1.05, 12, 12.0001),
    placed: fc.boolean(),
    near: fc
      .tuple(centre, fc.constantFrom(1, 5, 10, 100, 20_000, 20_100))
      .map(([[latitude, longitude], kilometres]) => ({ latitude, longitude, kilometres }))
  },
  { requiredKeys: [] }
)

test('any filter selects what a look at every photo finds, and kin among those', async (context) => {
  const { catalogue, photos, search } = await library(context)
  const all = createFilters(catalogue, () => 1)
  const orders = photos.slice(0, ASKED).map(({ id }) => {
    const parts = [{ vectors: search.vectorsOf(id)!, weight: 1 }]
    return [...search.find(parts, { top: N, except: [id] }).ids]
  })
  fc.assert(
    fc.property(filters, fc.nat(ASKED - 1), (filter, place) => {
      const asked = photos[place]!
      const passing = photos.filter((photo) => isIn(photo, filter))
      const mask = all.maskOf(filter)
      if (mask)
        assert.deepEqual(
          photos.filter(({ id }) => passes(mask, id)).map(({ id }) => id),
          passing.map(({ id }) => id)
        )
      else assert.equal(passing.length, N)
      const parts = [{ vectors: search.vectorsOf(asked.id)!, weight: 1 }]
      const among = new Set(passing.map(({ id }) => id))
      const expected = orders[place]!.filter((id) => among.has(id)).slice(0, 20)
      const found = search.find(parts, { top: 20, except: [asked.id], mask })
      assert.deepEqual([...found.ids], expected)
    }),
    { numRuns: 150 }
  )
})

test('filters that select other photos have other names', () => {
  fc.assert(
    fc.property(filters, filters, (one, other) => {
      const bare = ({ favourites, rating, megapixels, ...rest }: Filter) => ({
        ...rest,
        ...(favourites && { favourites }),
        ...(rating && { rating }),
        ...(megapixels && { megapixels })
      })
      const isSame = stable(bare(one)) === stable(bare(other))
      assert.equal(filterKey(one) === filterKey(other), isSame)
    })
  )
})

test('the choice counts what is in the grid', async (context) => {
  const { catalogue, photos } = await library(context)
  for (const { id } of photos.slice(0, 50)) catalogue.files.leave(id, 1)
  for (const { id } of photos.slice(50, 90)) {
    catalogue.files.change(id, { ...fileFacts(`${id}.jpg`), size: 77 })
    catalogue.work.fail(catalogue.work.task(id)!, faultRecord('corrupt-photo'))
  }
  const shown = photos.slice(90)
  const traits = traitsOf(catalogue)
  const counted = (filter: Filter): number => shown.filter((photo) => isIn(photo, filter)).length
  for (const { format, photos: count } of traits.formats) assert.equal(count, counted({ format }))
  for (const { camera, photos: count } of traits.cameras) assert.equal(count, counted({ camera }))
  for (const orientation of ORIENTATIONS)
    assert.equal(traits.orientations[orientation], counted({ orientation }))
  for (const { least, photos: count } of traits.megapixels)
    assert.equal(count, counted({ megapixels: least }))
  assert.equal(traits.placed, counted({ placed: true }))
  assert.equal(traits.unplaced, counted({ placed: false }))
  assert.deepEqual([traits.formats.length, traits.cameras.length], [4, 3])
  const counts = traits.cameras.map((one) => one.photos)
  assert.deepEqual(counts, [...counts].sort((a, b) => b - a), 'most first')
  assert.equal(orientationOf(1050, 1000), 'square')
})

test('the reference knows how far places are from each other', () => {
  const at = (latitude: number, longitude: number) => ({ latitude, longitude })
  const isAbout = (kilometres: number, expected: number): void =>
    assert.ok(Math.abs(kilometres - expected) < 1, `${kilometres}`)
  isAbout(kilometresBetween(at(48.1374, 11.5755), at(48.2083, 16.3725)), 355)
  isAbout(kilometresBetween(at(0, -179.5), at(0, 179.5)), 111) // over the date line
  isAbout(kilometresBetween(at(90, 0), at(-90, 77)), 20_015)
  assert.equal(kilometresBetween(at(48, 11), at(48, 11)), 0)
})

function stable(filter: Filter): string {
  return JSON.stringify(Object.entries(filter).sort(([a], [b]) => a.localeCompare(b)))
}
