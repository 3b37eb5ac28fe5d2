// The map, over random libraries: the same photos give the same map, kinds lie together, what comes
// later moves nothing and lies among its own kind.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { cellOf, makeMap, placeNew, preservationOf } from '../../../model/mapping.ts'
import type { MapPhotos, Placed } from '../../../model/mapping.ts'
import { normal, seededRandom } from '../../../model/quant/random.ts'

const SIZE = 12
const KINDS = 4
const quiet = (): void => undefined

/** Photos of kinds that are far apart; photo i is of kind i mod KINDS. */
function photosOf(n: number, seed: number): MapPhotos {
  const random = seededRandom(seed)
  const middles = Array.from({ length: KINDS * SIZE }, () => 4 * normal(random))
  const values = Float32Array.from({ length: n * SIZE }, (_, at) => {
    const kind = Math.floor(at / SIZE) % KINDS
    return middles[kind * SIZE + (at % SIZE)]! + 0.3 * normal(random)
  })
  const ids = Uint32Array.from({ length: n }, (_, i) => 10 + 3 * i)
  return { ids, rows: { size: SIZE, values } }
}

/** The first photos of some. */
function firstOf({ ids, rows }: MapPhotos, n: number): MapPhotos {
  return {
    ids: ids.slice(0, n),
    rows: { size: SIZE, values: rows.values.slice(0, n * SIZE) }
  }
}

/** Places in the order of the photos. */
function inOrder({ ids }: MapPhotos, placed: Placed): Float32Array {
  const at = new Map(Array.from(placed.ids, (id, i) => [id, i]))
  return Float32Array.from([...ids].flatMap((id) => {
    const i = at.get(id)!
    return [...placed.places.subarray(2 * i, 2 * i + 2)]
  }))
}

/** The share of photos of which most of the five nearest are of their own kind. */
function together(places: Float32Array): number {
  const n = places.length / 2
  const right = [...Array(n).keys()].filter((i) => {
    const others = [...Array(n).keys()].filter((j) => j !== i)
    const far = (j: number): number =>
      Math.hypot(places[2 * i]! - places[2 * j]!, places[2 * i + 1]! - places[2 * j + 1]!)
    const nearest = others.sort((a, b) => far(a) - far(b)).slice(0, 5)
    return nearest.filter((j) => j % KINDS === i % KINDS).length >= 3
  })
  return right.length / n
}

test('the same photos give the same map, and kinds lie together', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 60, max: 140 }), fc.nat(), async (n, seed) => {
      const photos = photosOf(n, seed)
      const made = await makeMap(photos, undefined, quiet)
      assert.deepEqual(await makeMap(photos, undefined, quiet), made)
      assert.deepEqual(new Set(made.ids), new Set(photos.ids))
      const places = inOrder(photos, made)
      assert.ok(places.every(Number.isFinite))
      assert.ok(together(places) > 0.9, `${together(places)}`)
      assert.ok(preservationOf(photos.rows, places, { near: 5, kin: 20, photos: 50 }) > 0.5)
    }),
    { numRuns: 4 }
  )
})

test('photos that come lie among their kind, whichever come together; the others stay', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 20 }), fc.nat(), async (more, seed) => {
      const all = photosOf(80 + more, seed)
      const made = await makeMap(firstOf(all, 80), undefined, quiet)
      const added = placeNew(all, made, quiet)
      assert.deepEqual([...added.ids], [...all.ids.subarray(80)])
      const one = placeNew(firstOf(all, 81), made, quiet)
      assert.deepEqual([...one.places], [...added.places.subarray(0, 2)])
      const places = new Float32Array(2 * all.ids.length)
      places.set(inOrder(firstOf(all, 80), made))
      places.set(added.places, 160)
      assert.ok(together(places) > 0.9, `${together(places)}`)
    }),
    { numRuns: 4 }
  )
})

test('made again from what it was, photos stay about where they were', async () => {
  const photos = photosOf(120, 5)
  const made = await makeMap(photos, undefined, quiet)
  const again = await makeMap(photos, made, quiet)
  const [before, after] = [inOrder(photos, made), inOrder(photos, again)]
  const other = inOrder(photos, await makeMap(photosOf(120, 6), undefined, quiet))
  assert.ok(moved(before, after) < 0.3, `${moved(before, after)}`)
  assert.ok(moved(before, after) < moved(before, other))
})

test('a map of a few of the photos is none to begin from', async () => {
  const photos = photosOf(90, 7)
  const anew = await makeMap(photos, undefined, quiet)
  const few = await makeMap(firstOf(photos, 20), undefined, quiet)
  assert.deepEqual(await makeMap(photos, few, quiet), anew)
  const most = await makeMap(firstOf(photos, 60), undefined, quiet)
  assert.notDeepEqual(await makeMap(photos, most, quiet), anew)
})

/** How far photos lie from where they were, on the middle. */
function moved(before: Float32Array, after: Float32Array): number {
  const ways = Array.from({ length: before.length / 2 }, (_, i) =>
    Math.hypot(before[2 * i]! - after[2 * i]!, before[2 * i + 1]! - after[2 * i + 1]!)
  ).sort((a, b) => a - b)
  return ways[Math.floor(ways.length / 2)]!
}

test('clusters are what lies together, the largest first', async () => {
  const photos = photosOf(200, 9)
  const { ids, places, clusters } = await makeMap(photos, undefined, quiet)
  const kinds = new Map<number, Set<number>>()
  ids.forEach((id, i) => {
    const cluster = clusters[cellOf(places[2 * i]!, places[2 * i + 1]!)]!
    kinds.set(cluster, (kinds.get(cluster) ?? new Set()).add(((id - 10) / 3) % KINDS))
  })
  assert.ok(kinds.size >= KINDS, `${kinds.size} clusters`)
  for (const [cluster, found] of kinds) assert.equal(found.size, 1, `cluster ${cluster}`)
})

test('few photos, equal ones and a single one have places, too', async () => {
  for (const n of [1, 2, 5, 7, 17]) {
    const values = new Float32Array(n * SIZE).fill(1)
    const ids = Uint32Array.from({ length: n }, (_, i) => i + 1)
    const made = await makeMap({ ids, rows: { size: SIZE, values } }, undefined, quiet)
    assert.equal(made.ids.length, n)
    assert.ok(made.places.every(Number.isFinite), `${n} photos`)
  }
})
