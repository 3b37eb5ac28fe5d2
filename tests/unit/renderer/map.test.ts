// The geometry of the map in the page: framings, lassos, directions, pictures and clusters.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { clustersOf } from '../../../renderer/state/map/map-clusters.ts'
import { joinedPoints } from '../../../renderer/state/map/map-points.ts'
import { tilesOf } from '../../../renderer/state/map/map-tiles.ts'
import type { MapPoints } from '../../../renderer/state/map/map-tiles.ts'
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
