// What a person said is no kin: no edge of the graph, no group of near duplicates, nothing that a
// model is scored for, and never averaged with.
import assert from 'node:assert/strict'
import test from 'node:test'
import { learnHead } from '../../../../model/learning.ts'
import { multiplyReference } from '../../../../model/retrieval.ts'
import { averageWithKin } from '../../../../model/quant/average.ts'
import {
  NEAREST,
  mutualGraph,
  neighboursOf,
  nearestRows
} from '../../../../model/train/head/neighbour-graph.ts'
import { nearDuplicates } from '../../../../model/train/head/near-duplicates.ts'
import { notKinAmong, notKinOf } from '../../../../model/train/head/not-kin.ts'
import { evidenceOf } from '../../../../model/train/head/score.ts'
import { KINDS, PHOTOS, SETTING, TRAINING, WITNESS, libraryOfKinds } from '../../../support/kinds.ts'

const given = libraryOfKinds()
const giveWay = async (): Promise<void> => {}

test('pairs hold both ways, and among some photos by their places', () => {
  const notKin = notKinOf([4, 7, 7, 2, 3, 3])
  assert.deepEqual([notKin.has(7, 4), notKin.has(4, 2), notKin.has(3, 3)], [true, false, false])
  assert.deepEqual(notKin.of(7), [2, 4])
  const among = notKinAmong([4, 7, 7, 2], Uint32Array.of(2, 7), (row) => (row === 4 ? 2 : row))
  assert.deepEqual([among.of(0), among.of(1)], [[1], [0]], '2 stands for 4')
  assert.deepEqual(notKinAmong([4, 7], Uint32Array.of(2, 7)).of(1), [])
})

test('an edge between two that are no kin is cut, and no other', async () => {
  const { data } = await given
  const rows = Float32Array.from(data.projected.subarray(0, 64 * 256), (half) => half / 65536 - 0.5)
  const nearest = await nearestRows(rows, 256, NEAREST)
  const before = mutualGraph(nearest, 0)
  const i = [...Array(64).keys()].find((row) => neighboursOf(before, row).length > 3)!
  const j = neighboursOf(before, i)[1]!
  const after = mutualGraph({ ...nearest, notKin: notKinOf([i, j]) }, 0)
  assert.equal(after.indices.length, before.indices.length - 2)
  assert.ok(!neighboursOf(after, i).includes(j) && !neighboursOf(after, j).includes(i))
})

test('how near others must be is told by the nearest that may be kin', async () => {
  const rows = Float32Array.from([1, 0, 1, 0, 0.8, 0.6, 0.8, 0.6])
  const nearest = await nearestRows(rows, 2, 3)
  assert.deepEqual([...neighboursOf(mutualGraph(nearest, 0.9), 0)], [1])
  const notKin = notKinOf([0, 1])
  assert.deepEqual([...neighboursOf(mutualGraph({ ...nearest, notKin }, 0.9), 0)], [2, 3])
})

test('near duplicates that are no kin are two photos', async () => {
  const { data, start } = await given
  const twice = Uint16Array.from({ length: 40 * 256 }, (_, at) => data.projected[at % (20 * 256)]!)
  const groups = async (notKin = notKinOf()): Promise<Uint32Array> =>
    (await nearDuplicates(twice, start.projection, NEAREST, giveWay, notKin)).groupOf
  const before = await groups()
  assert.equal(before[25], before[5])
  const after = await groups(notKinOf([5, 25]))
  assert.notEqual(after[25], after[5])
  assert.equal(after[26], after[6])
})

test('a photo that is no kin counts for none in the score, whatever it has in common', async () => {
  const { data, start } = await given
  const kinds = Int32Array.from({ length: PHOTOS }, (_, photo) => photo % KINDS)
  const classes = { coarse: kinds, fine: kinds, nearDuplicates: kinds }
  const queries = Uint32Array.of(0, 1)
  const { projected } = data
  const asked = { queries, classes, projected, multiply: multiplyReference, giveWay }
  const before = await evidenceOf(start, asked)
  const ofKind = Array.from({ length: PHOTOS }, (_, photo) => photo).filter(
    (photo) => photo > 0 && photo % KINDS === 0
  )
  const some = notKinOf(ofKind.slice(0, 5).flatMap((photo) => [0, photo]))
  const after = await evidenceOf(start, { ...asked, notKin: some })
  assert.ok(after.fine[0]! < before.fine[0]!, `${before.fine[0]} to ${after.fine[0]}`)
  assert.equal(after.fine[1], before.fine[1], 'others are asked as they were')
  const all = notKinOf(ofKind.flatMap((photo) => [0, photo]))
  const none = await evidenceOf(start, { ...asked, notKin: all })
  assert.ok(Number.isNaN(none.fine[0]), 'without any kin nothing is known')
})

test('a descriptor is not averaged with what is no kin', () => {
  const rows = Float32Array.from([1, 0, 0.6, 0.8, 0, 1])
  const nearest = {
    k: 2,
    indices: Uint32Array.of(1, 2, 0, 2, 1, 0),
    similarities: Float32Array.of(0.6, 0.1, 0.6, 0.8, 0.8, 0.1)
  }
  const count = { count: 1 }
  const before = averageWithKin(rows, 2, nearest, count)
  const after = averageWithKin(rows, 2, { ...nearest, notKin: notKinOf([0, 1]) }, count)
  assert.notDeepEqual(after.subarray(0, 2), before.subarray(0, 2))
  assert.ok(after[0]! > 0.99, 'its next kin is far, and weighs little')
  assert.deepEqual(after.subarray(4), before.subarray(4))
})

test('a run knows of it from beginning to end, and goes on from no checkpoint of another', async () => {
  const { data, start } = await given
  const told: Uint8Array[] = []
  const run = (notKin: Uint32Array, resume?: Uint8Array) =>
    learnHead({
      ...{ data, start, serving: start, witness: WITNESS, ...TRAINING },
      loss: 'spq',
      pairs: 'neighbours',
      settings: [SETTING],
      repeats: 1,
      notKin,
      ...(resume && { resume }),
      onCheckpoint: (bytes) => void told.push(bytes)
    })
  const none = await run(new Uint32Array())
  const of = Array.from({ length: 40 }, (_, photo) => [photo, photo + KINDS]).flat()
  const some = await run(Uint32Array.from(of), told.at(-1))
  assert.equal(some.steps, none.steps, 'from the beginning')
  assert.notDeepEqual(some.trials[0]?.score, none.trials[0]?.score)
})
