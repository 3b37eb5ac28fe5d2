// Several photos as one query: the direction is the weighted sum of cosines, and the order weighs
// learned and frozen vectors.
import assert from 'node:assert/strict'
import test from 'node:test'
import {
  directionOf,
  distanceTable,
  encode,
  fitFirstQuantizer,
  fromHalves,
  multiplyReference,
  orderKin,
  rerankedOf,
  seededRandom,
  tableOfDirection,
  toHalves
} from '../../../model/retrieval.ts'

const random = seededRandom(3)

function vectorsOf(n: number, size: number): Uint16Array {
  return toHalves(Float32Array.from({ length: n * size }, () => random() - 0.5))
}

function cosine(a: Uint16Array, b: Uint16Array): number {
  const [x, y] = [fromHalves(a), fromHalves(b)]
  const dot = (u: Float32Array, w: Float32Array): number =>
    u.reduce((sum, value, i) => sum + value * w[i]!, 0)
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
}

test('the order is that of the weighted cosines, of descriptors and of projected features', () => {
  const [n, size, wide] = [50, 12, 20]
  const ids = Uint32Array.from({ length: n }, (_, i) => 7 * i + 1)
  const descriptors = vectorsOf(n, size)
  const projected = vectorsOf(n, wide)
  const parts = [1, 0.5, -0.7].map((weight) => ({
    weight,
    descriptor: vectorsOf(1, size),
    projected: vectorsOf(1, wide)
  }))
  const query = {
    descriptor: directionOf(parts.map(({ weight, descriptor: vector }) => ({ weight, vector }))),
    projected: directionOf(parts.map(({ weight, projected: vector }) => ({ weight, vector }))),
    positiveWeight: 1.5
  }
  for (const strictness of [0, 0.5, 1]) {
    const scores = [...ids.keys()].map((i) =>
      parts.reduce(
        (sum, part) =>
          sum +
          part.weight * cosine(part.descriptor, descriptors.subarray(i * size, (i + 1) * size)) +
          part.weight *
            strictness *
            cosine(part.projected, projected.subarray(i * wide, (i + 1) * wide)),
        0
      )
    )
    const expected = [...ids.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, 20)
    const found = orderKin({ ids, descriptors, projected }, query, 20, strictness)
    assert.deepEqual([...found.ids], expected.map((i) => ids[i]!))
    found.scores.forEach((score, place) => {
      const shown = Math.max(0, scores[expected[place]!]! / (1.5 * (1 + strictness)))
      assert.ok(Math.abs(score - shown) < 1e-5)
    })
  }
})

test('the table of one photo is that of its descriptor', () => {
  const codebooks = { M: 4, L: 2, values: fromHalves(vectorsOf(64, 2)) }
  const values = fromHalves(vectorsOf(1, 8))
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
  const descriptor = toHalves(values.map((value) => (value * 2) / length)) // sqrt(M) long
  const direction = directionOf([{ vector: descriptor, weight: 3 }])
  const expected = distanceTable(fromHalves(descriptor), codebooks)
  tableOfDirection(direction, codebooks).forEach((entry, i) =>
    assert.ok(Math.abs(entry - expected[i]!) < 2e-3)
  )
})

test('vectors of unlike sizes are refused; zeros and weights that cancel ask for nothing', () => {
  const [a, b] = [vectorsOf(1, 8), vectorsOf(1, 6)]
  const parts = (vectors: Uint16Array[]) => vectors.map((vector) => ({ vector, weight: 1 }))
  assert.throws(() => directionOf(parts([a, b])), RangeError)
  assert.ok(directionOf(parts([new Uint16Array(8)])).every((value) => value === 0))
  const nothing = directionOf([
    { vector: a, weight: 1 },
    { vector: a, weight: -1 }
  ])
  const codebooks = { M: 4, L: 2, values: new Float32Array(4 * 16 * 2).fill(1) }
  assert.ok(tableOfDirection(nothing, codebooks).every((entry) => entry === 2))
})

test('the exact order is made of more photos in a larger library, up to a bound', () => {
  const counts = [0, 999, 1000, 100_000, 1_000_000, 2_800_000, 10_000_000].map(rerankedOf)
  assert.deepEqual(counts, [200, 200, 201, 300, 1200, 3000, 3000])
})

test('in a library of equal pictures each is found with the score of an equal one', async () => {
  const [n, D] = [300, 40]
  const one = Float32Array.from({ length: D }, () => random())
  const features = toHalves(Float32Array.from({ length: n * D }, (_, at) => one[at % D]!))
  const quantizer = await fitFirstQuantizer({
    features,
    n,
    D,
    bits: 64,
    seed: 1,
    backbone: 'ab'.repeat(32),
    multiply: multiplyReference
  })
  const { projected, descriptors } = await encode(quantizer, features, multiplyReference)
  const query = {
    descriptor: directionOf([{ vector: descriptors.subarray(0, 128), weight: 1 }]),
    projected: directionOf([{ vector: projected.subarray(0, 256), weight: 1 }]),
    positiveWeight: 1
  }
  const ids = Uint32Array.from({ length: n }, (_, i) => i + 1)
  for (const strictness of [0, 0.5, 1])
    for (const score of orderKin({ ids, descriptors, projected }, query, 20, strictness).scores)
      assert.ok(score > 0.999, `at ${strictness}: ${score}`)
})
