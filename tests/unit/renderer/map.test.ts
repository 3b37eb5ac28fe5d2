// The geometry of the map in the page: framings, lassos, directions, pictures and clusters.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { clustersOf } from '../../../renderer/state/map/map-clusters.ts'
import { joinedPoints } from '../../../renderer/state/map/map-points.ts'
import { tilesOf } from '../../../renderer/state/map/map-tiles.ts'
import type { MapPoints } from '../../../renderer/state/map/map-tiles.ts'
import { NO_DATES, datesOf, rangeOf, timeBars, yearMarks } from '../../../renderer/state/map/time-bars.ts'
import * as framings from '../../../renderer/state/map/map-framing.ts'

const SIZE = { width: 800, height: 600 }
const coordinate = fc.double({ min: -1, max: 1, noNaN: true })
const somePlaces = fc
  .array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 300 })
  .map((all) => Float32Array.from(all.flat()))
const scale = fc.double({ min: 50, max: 1e5, noNaN: true })
const someView = fc.record({ x: coordinate, y: coordinate, scale })

function pointsOf(places: Float32Array): MapPoints {
  const n = places.length / 2
  return {
    ids: Uint32Array.from({ length: n }, (_, i) => i + 1),
    places,
    clusters: Uint8Array.from({ length: n }, (_, i) => i % 3)
  }
}

test('the whole map is in view', () => {
  fc.assert(
    fc.property(somePlaces, (places) => {
      const framing = framings.fitted(places, SIZE)
      for (let i = 0; i < places.length; i += 2) {
        const { x, y } = framings.pointOf(framing, SIZE, places[i]!, places[i + 1]!)
        assert.ok(x >= -1 && x <= SIZE.width + 1 && y >= -1 && y <= SIZE.height + 1)
      }
    })
  )
})

test('zooming leaves what is under the pointer there, and ends somewhere', () => {
  const whole = { x: 0, y: 0, scale: 300 }
  const at = { x: 700, y: 100 }
  const before = framings.placeAt(whole, SIZE, at)
  const nearer = framings.zoomed(whole, SIZE, 3, at, whole)
  const after = framings.placeAt(nearer, SIZE, at)
  assert.ok(Math.hypot(before.x - after.x, before.y - after.y) < 1e-9)
  assert.equal(nearer.scale, 900)
  const nearest = framings.zoomed(whole, SIZE, 1e12, at, whole)
  assert.equal(framings.zoomed(nearest, SIZE, 2, at, whole).scale, nearest.scale)
  assert.ok(framings.zoomed(whole, SIZE, 1e-12, at, whole).scale > 100)
})

test('a flight begins and ends where it is to', () => {
  fc.assert(
    fc.property(someView, someView, (from, to) => {
      for (const [share, wanted] of [[0, from], [1, to]] as const) {
        const framing = framings.between(from, to, share)
        for (const key of ['x', 'y', 'scale'] as const)
          assert.ok(Math.abs(framing[key] - wanted[key]) <= 1e-6 * Math.max(1, wanted[key]))
      }
    })
  )
})

test('a line around photos has those inside it, however it winds', () => {
  const places = Float32Array.of(0, 0, 0.5, 0.5, -0.5, 0.5, 0.9, 0.9)
  const box = [
    { x: -0.2, y: -0.2 },
    { x: 0.7, y: -0.2 },
    { x: 0.7, y: 0.7 },
    { x: -0.2, y: 0.7 }
  ]
  assert.deepEqual(framings.within(places, box), [0, 1])
  assert.deepEqual(framings.within(places, [...box].reverse()), [0, 1])
  // A hollow: what lies in the notch is outside.
  const notched = [...box, { x: 0.2, y: 0 }]
  assert.deepEqual(framings.within(places, notched), [1])
  assert.deepEqual(framings.within(places, box.slice(0, 2)), [])
})

test('a circle has what is nearer its middle than its edge', () => {
  fc.assert(
    fc.property(somePlaces, coordinate, coordinate, (places, x, y) => {
      const circle = Array.from({ length: 360 }, (_, i) => ({
        x: x + 0.4 * Math.cos((i * Math.PI) / 180),
        y: y + 0.4 * Math.sin((i * Math.PI) / 180)
      }))
      const found = new Set(framings.within(places, circle))
      for (let i = 0; 2 * i < places.length; i++) {
        const far = Math.hypot(places[2 * i]! - x, places[2 * i + 1]! - y)
        if (Math.abs(far - 0.4) > 1e-3) assert.equal(found.has(i), far < 0.4)
      }
    })
  )
})

test('arrow keys lead to the nearest in their direction, and stop at the end', () => {
  const places = Float32Array.of(0, 0, 1, 0.1, 2, 0, 0, 1, -1, 0)
  assert.equal(framings.nextTowards(places, 0, 'right'), 1)
  assert.equal(framings.nextTowards(places, 1, 'right'), 2)
  assert.equal(framings.nextTowards(places, 2, 'right'), -1)
  assert.equal(framings.nextTowards(places, 0, 'down'), 3)
  assert.equal(framings.nextTowards(places, 0, 'left'), 4)
  assert.equal(framings.nextTowards(places, 0, 'up'), -1)
})

test('pictures do not cover each other; from nearer those that were there are there still', () => {
  fc.assert(
    fc.property(somePlaces, (places) => {
      const points = pointsOf(places)
      const whole = framings.fitted(places, SIZE, 1e4)
      const tiles = tilesOf(points, whole, SIZE, 70)
      assert.ok(tiles.length > 0)
      for (const [i, a] of tiles.entries())
        for (const b of tiles.slice(i + 1))
          assert.ok(Math.abs(a.x - b.x) >= 70 || Math.abs(a.y - b.y) >= 70)
      const nearer = { ...whole, scale: 2 * whole.scale }
      const shown = new Set(tilesOf(points, nearer, SIZE, 70).map(({ at }) => at))
      const first = tiles[0]!
      const [atX, atY] = [places[2 * first.at]!, places[2 * first.at + 1]!]
      const { x, y } = framings.pointOf(nearer, SIZE, atX, atY)
      const isIn = x > 0 && y > 0 && x < SIZE.width && y < SIZE.height
      if (isIn) assert.ok(shown.has(first.at))
    })
  )
})

test('the one that has the keys is shown in any case', () => {
  const places = Float32Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 0.001 * i : 0))
  const points = pointsOf(places)
  const framing = framings.fitted(places, SIZE)
  for (const kept of [0, 41, 99])
    assert.ok(tilesOf(points, framing, SIZE, 70, kept).some(({ at }) => at === kept))
})

test('clusters count their photos and are led by the one in their middle', () => {
  const places = Float32Array.of(0, 0, 0.2, 0, 0.1, 0, 0.9, 0.9, 0.8, 0.9)
  const points = { ...pointsOf(places), clusters: Uint8Array.of(1, 1, 1, 0, 0) }
  assert.deepEqual(
    clustersOf(points).map(({ cluster, photos, cover }) => [cluster, photos, cover]),
    [
      [1, 3, 2],
      [0, 2, 3]
    ]
  )
  assert.deepEqual(clustersOf({ ...points, clusters: new Uint8Array(0) }), [])
})

test('the map shows what the library shows, in its order', () => {
  const map = pointsOf(Float32Array.of(0, 0, 1, 1, 2, 2))
  const shown = joinedPoints(map, Uint32Array.of(9, 3, 1))
  assert.deepEqual([...shown.ids], [3, 1])
  assert.deepEqual([...shown.places], [2, 2, 0, 0])
  assert.deepEqual([...shown.order], [1, 2])
  assert.equal(joinedPoints(map, new Uint32Array(0)).ids.length, 0)
})

test('bars of time: as short as there is room for, from the first photo to the last', () => {
  const months = [
    { year: 2019, month: 11, photos: 5 },
    { year: 2019, month: 3, photos: 2 },
    { year: 2018, month: 12, photos: 1 }
  ]
  const monthly = timeBars(months, 12)
  assert.equal(monthly.length, 12)
  assert.deepEqual(
    monthly.filter(({ photos }) => photos > 0).map(({ words, photos }) => [words, photos]),
    [['December 2018', 1], ['March 2019', 2], ['November 2019', 5]]
  )
  assert.deepEqual([monthly[0]?.from, monthly[0]?.until], [Date.UTC(2018, 11), Date.UTC(2019, 0)])
  const quarterly = timeBars(months, 11)
  assert.deepEqual(
    quarterly.map(({ photos }) => photos),
    [1, 2, 0, 0, 5]
  )
  assert.match(quarterly[1]?.words ?? '', /^January.+March 2019$/)
  assert.deepEqual(
    timeBars(months, 2).map(({ words, photos }) => [words, photos]),
    [['2018', 1], ['2019', 7]]
  )
  assert.deepEqual(timeBars([], 9), [])
})

const someMonths = fc.array(
  fc.record({
    year: fc.integer({ min: 1800, max: 2200 }),
    month: fc.integer({ min: 1, max: 12 }),
    photos: fc.integer({ min: 1, max: 1000 })
  }),
  { minLength: 1, maxLength: 40 }
)

const someRoom = fc.integer({ min: 6, max: 300 })

test('bars of time lose no photo, follow each other, and their dates lead back to them', () => {
  fc.assert(
    fc.property(someMonths, someRoom, fc.nat(), fc.nat(), (months, most, a, b) => {
      const bars = timeBars(months, most)
      assert.ok(bars.length <= most)
      const sum = (all: readonly { photos: number }[]): number =>
        all.reduce((total, { photos }) => total + photos, 0)
      assert.equal(sum(bars), sum(months))
      assert.ok(bars[0]!.photos > 0 && bars.at(-1)!.photos > 0)
      const starts = bars.slice(1).map(({ from }) => from)
      assert.deepEqual(bars.slice(0, -1).map(({ until }) => until), starts)
      const ends = [a % bars.length, b % bars.length]
      const range = { first: Math.min(...ends), end: Math.max(...ends) + 1 }
      assert.deepEqual(rangeOf(bars, datesOf(bars, range)), range)
    })
  )
})

test('of dates before or after all bars none are within; years are told apart', () => {
  const months = Array.from({ length: 48 }, (_, i) => ({
    year: 2016 + Math.floor(i / 12),
    month: (i % 12) + 1,
    photos: 1
  }))
  const bars = timeBars(months, 48)
  const [early, late] = [Date.UTC(2010, 0), Date.UTC(2030, 0)]
  assert.deepEqual(rangeOf(bars, { ...NO_DATES, until: early }), { first: 0, end: 0 })
  assert.deepEqual(rangeOf(bars, { ...NO_DATES, from: late }), { first: 0, end: 0 })
  assert.deepEqual(rangeOf(bars, NO_DATES), { first: 0, end: 48 })
  assert.deepEqual(datesOf(bars, { first: 0, end: 48 }), NO_DATES, 'later ones are within, too')
  const years = (apart: number): number[] => yearMarks(bars, apart).map(({ year }) => year)
  assert.deepEqual(years(12), [2016, 2017, 2018, 2019])
  assert.deepEqual(years(13), [2016, 2018])
  assert.deepEqual(years(400), [2016])
})
