// The neighbour graph against brute force, its communities against planted ones, what is held out,
// and which trial is kept.
import assert from 'node:assert/strict'
import test from 'node:test'
import { fitFirstQuantizer, fromHalves, multiplyReference } from '../../../../model/retrieval.ts'
import { project } from '../../../../model/quant/encode.ts'
import { centreRows, normaliseRows, unitRows } from '../../../../model/quant/features.ts'
import { normal, seededRandom } from '../../../../model/quant/random.ts'
import { MOST_MEMBERS, communitiesOf } from '../../../../model/train/head/communities.ts'
import {
  frozenRows,
  mutualGraph,
  nearestRows,
  neighboursOf,
  pickRows
} from '../../../../model/train/head/neighbour-graph.ts'
import type { NeighbourGraph } from '../../../../model/train/head/neighbour-graph.ts'
import {
  choose,
  finalists,
  holdOut,
  repeatsFor,
  rungsOf,
  settingsFor,
  stepsFor,
  stepsOfTrainings
} from '../../../../model/train/head/trial-settings.ts'
import { clusteredFeatures } from '../../../support/quantizers.ts'

function randomRows(n: number, size: number, seed = 1): Float32Array {
  const random = seededRandom(seed)
  const rows = Float32Array.from({ length: n * size }, () => normal(random))
  normaliseRows(rows, size, 1)
  return rows
}

/** Neighbours as METHOD.md 4.3 says it, from the whole matrix. */
function bruteForce(rows: Float32Array, size: number, k: number, r: number): number[][] {
  const n = rows.length / size
  const similarity = (i: number, j: number): number => {
    let sum = 0
    for (let at = 0; at < size; at++) sum += rows[i * size + at]! * rows[j * size + at]!
    return sum
  }
  const order = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => j)
      .filter((j) => j !== i)
      .sort((a, b) => similarity(i, b) - similarity(i, a))
      .slice(0, k)
  )
  const first = (i: number): number => similarity(i, order[i]![0]!)
  return order.map((nearest, i) =>
    nearest
      .filter((j) => order[j]!.includes(i))
      .filter((j) => similarity(i, j) >= r * Math.min(first(i), first(j)))
      .sort((a, b) => a - b)
  )
}

const listOf = (graph: NeighbourGraph): number[][] =>
  Array.from({ length: graph.n }, (_, i) => [...neighboursOf(graph, i)])

test('mutual neighbours are those of the whole matrix', async () => {
  const rows = randomRows(300, 12)
  const nearest = await nearestRows(rows, 12, 20)
  for (const r of [0.85, 0.95, 0])
    assert.deepEqual(listOf(mutualGraph(nearest, r)), bruteForce(rows, 12, 20, r), `r ${r}`)
  assert.equal(mutualGraph(nearest, 2).indices.length, 0, 'above 1 nobody is near enough')
})

test('more near photos do not make more neighbours: 20 at most count', async () => {
  const rows = randomRows(200, 12)
  const [few, many] = [await nearestRows(rows, 12, 20), await nearestRows(rows, 12, 60)]
  assert.deepEqual(listOf(mutualGraph(many, 0.8)), listOf(mutualGraph(few, 0.8)))
})

test('a photo is not its own neighbour, be it one of several equal ones', async () => {
  const rows = randomRows(40, 8)
  for (const copy of [11, 12, 13]) rows.copyWithin(copy * 8, 10 * 8, 11 * 8)
  const graph = mutualGraph(await nearestRows(rows, 8, 5), 0.9)
  listOf(graph).forEach((neighbours, i) => assert.ok(!neighbours.includes(i), `photo ${i}`))
  assert.deepEqual([...neighboursOf(graph, 11)].slice(0, 3), [10, 12, 13])
})

test('rows of the stored projection have the cosines of centred features', async () => {
  const [n, D] = [400, 40]
  const features = clusteredFeatures(n, D, 10)
  const quantizer = await fitFirstQuantizer({
    features,
    n,
    D,
    bits: 16,
    seed: 1,
    backbone: 'ab'.repeat(32),
    multiply: multiplyReference
  })
  const projected = await project(quantizer.projection, features, multiplyReference)
  const centred = unitRows(features, D, 0, n)
  centreRows(centred, quantizer.projection.mean)
  normaliseRows(centred, D, 1)
  const frozen = frozenRows(projected, quantizer.projection)
  const dot = (rows: Float32Array, size: number, j: number): number => {
    let sum = 0
    for (let at = 0; at < size; at++) sum += rows[at]! * rows[j * size + at]!
    return sum
  }
  for (let j = 1; j < n; j++)
    assert.ok(Math.abs(dot(frozen, 256, j) - dot(centred, D, j)) < 2e-3, `photo ${j}`)
  assert.ok(Math.abs(fromHalves(projected)[0]! - frozen[0]!) > 0, 'they are scaled')
})

test('communities are the planted groups; the seed decides', async () => {
  const random = seededRandom(5)
  const [groups, size, width] = [12, 15, 16]
  const centres = randomRows(groups, width, 3)
  const rows = Float32Array.from({ length: groups * size * width }, (_, at) => {
    const group = Math.floor(at / width) % groups
    return centres[group * width + (at % width)]! + 0.1 * normal(random)
  })
  normaliseRows(rows, width, 1)
  const graph = mutualGraph(await nearestRows(rows, width, 20), 0.85)
  const found = communitiesOf(graph, 1, 7)
  for (let i = 0; i < found.length; i++)
    for (let j = 0; j < found.length; j++)
      assert.equal(found[i] === found[j], i % groups === j % groups, `photos ${i}, ${j}`)
  assert.deepEqual(communitiesOf(graph, 1, 7), found)
})

test('communities of more than 100 photos are divided along their looser edges', () => {
  // A ring of 300 photos that know 4 neighbours on each side: one community at resolution .01.
  const n = 300
  const pairs = Array.from({ length: n }, (_, i) =>
    [-4, -3, -2, -1, 1, 2, 3, 4].map((step) => (i + step + n) % n).sort((a, b) => a - b)
  )
  const graph = {
    n,
    offsets: Uint32Array.from({ length: n + 1 }, (_, i) => 8 * i),
    indices: Uint32Array.from(pairs.flat()),
    similarities: new Float32Array(8 * n).fill(1)
  }
  const sizes = new Map<number, number>()
  for (const label of communitiesOf(graph, 0.01, 1)) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  assert.ok(Math.max(...sizes.values()) <= MOST_MEMBERS, [...sizes.values()].join())
  assert.ok(sizes.size < 30, 'no further than it takes')
  const whole = communitiesOf({ ...graph, n: 0, offsets: new Uint32Array(1) }, 1, 1)
  assert.equal(whole.length, 0)
})

test('without any pair each photo is a community of its own', () => {
  const none = {
    n: 3,
    offsets: new Uint32Array(4),
    indices: new Uint32Array(),
    similarities: new Float32Array()
  }
  assert.deepEqual([...communitiesOf(none, 1, 1)], [0, 1, 2])
})

test('held out: a tenth, more of few photos, never above a sixth', () => {
  assert.equal(holdOut(10_000, 1).length, 1000)
  assert.equal(holdOut(1500, 1).length, 200)
  assert.equal(holdOut(600, 1).length, 100)
  const held = holdOut(600, 1)
  assert.equal(new Set(held).size, held.length)
  assert.deepEqual([...held], [...held].sort((a, b) => a - b))
  assert.notDeepEqual(held, holdOut(600, 2))
})

test('steps follow the photos, repeats follow the steps', () => {
  assert.deepEqual([256, 600, 2000, 3769, 20_000].map(stepsFor), [200, 200, 531, 1000, 1000])
  const repeats = (n: number): number =>
    repeatsFor(settingsFor(n, { loss: 'spq', pairs: 'automatic' }))
  assert.deepEqual([600, 1200, 2000, 3769].map(repeats), [4, 3, 1, 1])
})

test('large libraries are halved, small ones have no steps to spare', () => {
  const settings = (n: number) => settingsFor(n, { loss: 'spq', pairs: 'automatic' })
  const rungs = (n: number) => rungsOf(settings(n)).map(({ count, share }) => [count, share])
  assert.deepEqual(rungs(600), [[5, 1]])
  assert.deepEqual(rungs(2000), [[5, 1]])
  assert.deepEqual(rungs(3769), [
    [5, 1 / 4],
    [2, 1]
  ])
  assert.deepEqual(rungsOf(settings(3769).slice(0, 2)), [{ count: 2, share: 1 }])
  const ofTrials = [...Array<number>(5).fill(250), 1000, 1000]
  assert.deepEqual(stepsOfTrainings(settings(3769), 1, 2), [...ofTrials, 1000, 1000])
  assert.deepEqual(stepsOfTrainings(settings(600), 4, 2), Array<number>(7 * 4).fill(200))
})

test('finalists: what would be chosen now and the best beside it, no loser before others', () => {
  const [views, sharp, soft] = [trial(0.97, 0.93, 0), trial(0.966, 0.93), trial(0.97, 0.935)]
  const [poor, loses] = [trial(0.8, 0.9), trial(0.99, 0.99, 0.5, true)]
  assert.deepEqual(finalists([views, sharp, soft, poor], 2), [1, 2])
  assert.deepEqual(finalists([loses, poor, views], 2), [1, 2])
  assert.deepEqual(finalists([loses, poor], 2), [0, 1])
  assert.deepEqual(finalists([loses, { ...loses, score: 1 }, loses], 1), [1])
})

test('what is chosen by hand holds for every trial', () => {
  const own = settingsFor(600, { loss: 'sscq', pairs: 'views', temperature: 0.4, steps: 7 })
  const papers = { neighbourShare: 0, similarityRatio: 2 }
  assert.deepEqual(own, [{ loss: 'sscq', pairs: 'views', temperature: 0.4, ...papers, steps: 7 }])
  const warm = settingsFor(600, { loss: 'spq', pairs: 'neighbours', temperature: 0.4 })
  assert.ok(warm.length > 1)
  assert.ok(warm.every(({ temperature }) => temperature === 0.4))
  assert.ok(warm.every(({ neighbourShare }) => neighbourShare > 0))
})

function trial(score: number, nearDuplicates: number, neighbourShare = 0.5, losesThings = false) {
  const setting = { neighbourShare }
  return { score, coarse: score, fine: score, nearDuplicates, setting, losesThings }
}

test('the choice: better than the start, then kinds and near duplicates together; else none', () => {
  assert.equal(choose([trial(0.8, 1), trial(0.75, 1)], 0.8), undefined)
  assert.equal(choose([trial(0.81, 0.1), trial(0.9, 0.2), trial(0.85, 0.2)], 0.8), 1)
  assert.equal(choose([trial(0.79, 1), trial(0.9, 0.2), trial(0.85, 0.3)], 0.8), 2)
  const [views, neighbours] = [trial(0.9, 0.306, 0), trial(0.9, 0.3)]
  assert.equal(choose([views, neighbours], 0.8), 1, 'views have to be clearly better')
  assert.equal(choose([trial(0.9, 0.32, 0), neighbours], 0.8), 0)
  assert.equal(choose([], 0.8), undefined)
})

test('the choice: whatever it gains, what loses near duplicates is not chosen', () => {
  const loses = trial(0.9, 0.2, 0.5, true)
  assert.equal(choose([loses], 0.8), undefined)
  assert.equal(choose([loses, trial(0.81, 0.5)], 0.8), 1)
})

test('of settings that are about as good, the sharpest neighbours', () => {
  const [views, sharp, soft] = [trial(0.97, 0.93, 0), trial(0.966, 0.93), trial(0.97, 0.935)]
  assert.equal(choose([views, sharp, soft], 0.8), 1)
  assert.equal(choose([views, trial(0.96, 0.93), soft], 0.8), 2, 'too far from the best')
  assert.equal(choose([trial(0.99, 0.99, 0), sharp, soft], 0.8), 0, 'views are clearly better')
  assert.equal(choose([trial(0.79, 0.93), soft], 0.8), 1, 'it has to beat the start')
  assert.equal(choose([trial(0.79, 0.93)], 0.8), undefined)
})

test('rows are picked in order', () => {
  const rows = Uint16Array.of(0, 1, 10, 11, 20, 21)
  assert.deepEqual(pickRows(rows, 2, Uint32Array.of(2, 0)), Uint16Array.of(20, 21, 0, 1))
})
