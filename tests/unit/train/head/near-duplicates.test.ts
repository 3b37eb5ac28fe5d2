// Which photos count as one: copies and bursts do, a slow change and a narrow subject do not; and
// batches that draw from such a group as from one photo.
import assert from 'node:assert/strict'
import test from 'node:test'
import { toHalves } from '../../../../model/retrieval.ts'
import { normal, seededRandom } from '../../../../model/quant/random.ts'
import { createBatches } from '../../../../model/train/head/batches.ts'
import { membersOf, nearDuplicates } from '../../../../model/train/head/near-duplicates.ts'
import { NEAREST, mutualGraph } from '../../../../model/train/head/neighbour-graph.ts'
import { planted } from '../../../support/awkward.ts'
import { SETTING } from '../../../support/kinds.ts'

const WIDTH = 256
/** A projection that leaves the first numbers of a feature as they are. */
const PLAIN = {
  mean: new Float32Array(WIDTH),
  matrix: Float32Array.from({ length: WIDTH ** 2 }, (_, at) => Number(at % (WIDTH + 1) === 0))
}
const random = seededRandom(7)
const numbers = (scale: number): Float32Array =>
  Float32Array.from({ length: WIDTH }, () => normal(random) * scale)
const plus = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, i) => value + b[i]!)

async function groupsIn(rows: readonly Float32Array[]): Promise<number[]> {
  const projected = toHalves(Float32Array.from(rows.flatMap((row) => [...row])))
  return [...(await nearDuplicates(projected, PLAIN, NEAREST, async () => {})).groupOf]
}

test('copies and photos of a burst are one, others are not', async () => {
  const { data, start } = await planted(
    Array.from({ length: 120 }, (_, place) =>
      place < 60
        ? { kind: place % 4 }
        : place < 90
          ? { kind: place % 4, copy: place >> 1 }
          : { kind: Math.floor(place / 5) % 4, burst: Math.floor(place / 5) }
    )
  )
  const { firsts, groupOf } = await nearDuplicates(
    data.projected,
    start.projection,
    NEAREST,
    async () => {}
  )
  const expected = Array.from({ length: 120 }, (_, place) =>
    place < 60 ? place : place < 90 ? place & ~1 : place - (place % 5)
  )
  assert.deepEqual([...groupOf].map((group) => firsts[group]), expected)
})

test('many alike photos are one, whatever fits into a list of the nearest', async () => {
  const same = numbers(1)
  const alike = Array.from({ length: 300 }, () => plus(same, numbers(0.1)))
  const others = Array.from({ length: 50 }, () => numbers(1))
  const groups = await groupsIn([...others, ...alike])
  assert.equal(new Set(groups).size, 51)
  assert.equal(new Set(groups.slice(50)).size, 1)
})

test('photos without any direction are one', async () => {
  const zeros = Array.from({ length: 40 }, () => new Float32Array(WIDTH))
  assert.deepEqual(await groupsIn(zeros), Array(40).fill(0))
})

test('a slow change through many photos does not make them one', async () => {
  const [from, to] = [numbers(1), numbers(1)]
  const film = Array.from({ length: 60 }, (_, place) => {
    const angle = (place / 60) * (Math.PI / 2)
    return from.map((value, i) => value * Math.cos(angle) + to[i]! * Math.sin(angle))
  })
  const groups = await groupsIn(film)
  assert.ok(new Set(groups).size >= 3, `${new Set(groups).size} groups`)
  assert.notEqual(groups[0], groups[59])
})

test('pictures of a subject far from all others have one direction, and still are not one', async () => {
  const subject = numbers(6)
  const screens = Array.from({ length: 30 }, () => plus(subject, numbers(1)))
  const photos = Array.from({ length: 300 }, () => numbers(1))
  const groups = await groupsIn([...photos, ...screens])
  assert.equal(new Set(groups).size, 330)
})

test('a batch draws from all photos of a group, and never sets them against each other', async () => {
  const { data, start } = await planted(
    Array.from({ length: 128 }, (_, place) => ({ kind: place % 4, burst: place >> 2 }))
  )
  const found = await nearDuplicates(data.projected, start.projection, NEAREST, async () => {})
  assert.equal(found.firsts.length, 32)
  const pool = {
    data,
    rows: found.firsts,
    nearest: found.nearest,
    graph: mutualGraph(found.nearest, 2),
    membersOf: membersOf(found)
  }
  const batches = createBatches(pool, { ...SETTING, pairs: 'views' }, 1)
  const images = new Set<string>()
  for (let step = 1; step <= 40; step++) {
    const { inputs, photos } = batches.at(step)
    for (const [row, photo] of photos.entries())
      if (photo === 0) images.add(String(inputs.subarray(row * WIDTH, row * WIDTH + 8)))
  }
  assert.equal(images.size, 4 * 3, 'four photos, each with two views')
})
