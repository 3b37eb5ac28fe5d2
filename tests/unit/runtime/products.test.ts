// Matrix products and nearest rows against plain loops.
import assert from 'node:assert/strict'
import test from 'node:test'
import { multiply, nearest } from '../../../model/runtime/products.ts'
import { floats } from '../../../model/tensor/tensor.ts'

/** Uniform numbers in -1..1 of a linear congruential generator, so that runs repeat. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
}

function random(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, generator(seed))
}

function dot(a: Float32Array, i: number, b: Float32Array, j: number, k: number): number {
  let sum = 0
  for (let d = 0; d < k; d++) sum += (a[i * k + d] ?? NaN) * (b[j * k + d] ?? NaN)
  return sum
}

test('products agree with plain loops, transposed or not, over many blocks', async () => {
  const [n, k, m] = [4099, 5, 3]
  const a = random(n * k, 1)
  const b = random(m * k, 2)
  const expected = Array.from({ length: n * m }, (_, at) =>
    dot(a, Math.floor(at / m), b, at % m, k)
  )
  const transposed = Float32Array.from(b, (_, at) => b[(at % m) * k + Math.floor(at / m)] ?? NaN)
  const byRows = await multiply(floats([n, k], a), floats([m, k], b), { transposeB: true })
  const plain = await multiply(floats([n, k], a), floats([k, m], transposed))
  assert.deepEqual(byRows.shape, [n, m])
  for (const [at, value] of expected.entries()) {
    assert.ok(Math.abs((byRows.data[at] ?? NaN) - value) < 1e-5)
    assert.ok(Math.abs((plain.data[at] ?? NaN) - value) < 1e-5)
  }
  const gram = await multiply(floats([n, k], a), floats([n, k], a), { transposeA: true })
  let corner = 0
  for (let row = 0; row < n; row++) corner += (a[row * k] ?? NaN) * (a[row * k + k - 1] ?? NaN)
  assert.deepEqual(gram.shape, [k, k])
  assert.ok(Math.abs((gram.data[k - 1] ?? NaN) - corner) < 1e-3)
})

test('shapes that do not fit are refused', async () => {
  await assert.rejects(
    multiply(floats([2, 3], random(6, 1)), floats([2, 3], random(6, 2))),
    /inner lengths agree, got \[2,3\] and \[2,3\]/
  )
  await assert.rejects(nearest(random(6, 1), random(6, 2), 4, 1), /multiples of 4, got 6 and 6/)
  await assert.rejects(nearest(random(6, 1), random(6, 2), 3, 3), /top of 1 to 2, got 3/)
})

test('nearest rows agree with a full sort over many blocks', async () => {
  const [n, m, k, top] = [1030, 9001, 4, 7]
  const queries = random(n * k, 3)
  const gallery = random(m * k, 4)
  const found = await nearest(queries, gallery, k, top)
  assert.equal(found.indices.length, n * top)
  for (const query of [0, 1, 500, 1023, 1024, 1029]) {
    const all = Array.from({ length: m }, (_, row) => ({
      row,
      value: dot(queries, query, gallery, row, k)
    }))
    all.sort((a, b) => b.value - a.value || a.row - b.row)
    for (let place = 0; place < top; place++) {
      const at = query * top + place
      assert.equal(found.indices[at], all[place]?.row)
      assert.ok(Math.abs((found.similarities[at] ?? NaN) - (all[place]?.value ?? NaN)) < 1e-5)
    }
  }
})

test('equal similarities are ordered by index, across blocks too', async () => {
  const rows = 8192 + 4
  const gallery = new Float32Array(rows * 2).fill(1)
  const { indices, similarities } = await nearest(Float32Array.of(1, 1), gallery, 2, 5)
  assert.deepEqual([...indices], [0, 1, 2, 3, 4])
  assert.deepEqual([...similarities], [2, 2, 2, 2, 2])
  gallery.set([3, 3], 8193 * 2)
  gallery.set([2, 2], 17 * 2)
  const second = await nearest(Float32Array.of(1, 1), gallery, 2, 3)
  assert.deepEqual([...second.indices], [8193, 17, 0])
})

test('more are asked for than one block of the gallery holds', async () => {
  const rows = 8192 + 10
  const gallery = Float32Array.from({ length: rows }, (_, row) => (row * 7919) % rows)
  const { indices, similarities } = await nearest(Float32Array.of(1), gallery, 1, 8200)
  assert.equal(new Set(indices).size, 8200)
  assert.ok(similarities.every((value, at) => at === 0 || value <= (similarities[at - 1] ?? 0)))
})
