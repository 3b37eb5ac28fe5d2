// The first quantizer: what its parts are, seeds, small libraries, progress, stopping, refusals.
import assert from 'node:assert/strict'
import test from 'node:test'
import { encode, fromHalves, multiplyReference } from '../../../model/retrieval.ts'
import { clusteredFeatures, fitted } from '../../support/quantizers.ts'

test('projected features have mean 0, components by falling variance, mean square 1', async () => {
  for (const [n, D] of [
    [600, 40],
    [60, 300]
  ] as const) {
    // covariance; Gram matrix
    const quantizer = await fitted(n, D)
    const { projected } = await encode(quantizer, clusteredFeatures(n, D, 10), multiplyReference)
    const rows = fromHalves(projected)
    const used = Math.min(256, n - 1, D)
    const [sums, squares] = [new Float64Array(256), new Float64Array(256)]
    rows.forEach((value, i) => {
      sums[i % 256]! += value / n
      squares[i % 256]! += value ** 2 / n
    })
    sums.forEach((sum) => assert.ok(Math.abs(sum) < 2e-3, `mean ${sum}`))
    squares.forEach((square, i) => {
      assert.equal(square > 0, i < used, `component ${i} of ${used}: ${square}`)
      if (i > 0) assert.ok(square <= squares[i - 1]! * 1.001, `component ${i}`)
    })
    const mean = squares.reduce((sum, square) => sum + square, 0) / used
    assert.ok(Math.abs(mean - 1) < 1e-3, `mean square ${mean}`)
  }
})

test('the power sets how far components are made equal', async () => {
  const features = clusteredFeatures(400, 30, 10)
  const spreads: number[] = []
  for (const power of [0, -0.5, -1]) {
    const quantizer = await fitted(400, 30, { power })
    const rows = fromHalves((await encode(quantizer, features, multiplyReference)).projected)
    const square = (component: number): number =>
      rows.reduce((sum, value, i) => (i % 256 === component ? sum + value ** 2 : sum), 0)
    spreads.push(square(0) / square(20))
  }
  const [none, half, whole] = spreads as [number, number, number]
  assert.ok(Math.abs(whole - 1) < 0.01, `whitened: ${whole}`)
  assert.ok(Math.abs(half ** 2 / none - 1) < 0.01, `the half is the square root: ${half}, ${none}`)
})

test('descriptors have length sqrt(M), codes follow the clusters', async () => {
  const features = clusteredFeatures(500, 64, 10)
  for (const bits of [16, 32, 64, 128]) {
    const quantizer = await fitted(500, 64, { bits })
    const M = bits / 4
    assert.equal(quantizer.codebooks.M, M)
    const { descriptors, codes } = await encode(quantizer, features, multiplyReference)
    assert.equal(codes.length, (500 * M) / 2)
    const rows = fromHalves(descriptors)
    for (let i = 0; i < 500; i++) {
      const row = rows.subarray(i * M * 8, (i + 1) * M * 8)
      const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
      assert.ok(Math.abs(length - Math.sqrt(M)) < 2e-3 * Math.sqrt(M), `length ${length}`)
    }
    const nibbles = (i: number): number[] =>
      Array.from({ length: M }, (_, m) => (codes[(i * M + m) >> 1]! >> (4 * (m & 1))) & 15)
    const shared = (i: number, j: number): number =>
      nibbles(i).filter((value, m) => value === nibbles(j)[m]).length / M
    let [same, other] = [0, 0]
    for (let i = 0; i < 480; i++) {
      same += shared(i, i + 10)
      other += shared(i, i + 7)
    }
    assert.ok(
      same > 3 * other,
      `${bits} bits: ${same} books shared in a cluster, ${other} between two`
    )
  }
})

test('the same seed gives the same quantizer; another seed another rotation', async () => {
  const first = await fitted(300, 40)
  assert.deepEqual(await fitted(300, 40), first)
  const other = await fitted(300, 40, { seed: 2 })
  assert.notDeepEqual(other.head, first.head)
  assert.deepEqual(other.projection.mean, first.projection.mean)
})

test('few photos, equal photos and photos of zeros give finite numbers', async () => {
  for (const [n, features] of [
    [2, clusteredFeatures(2, 20, 2)],
    [5, clusteredFeatures(5, 20, 2)],
    [30, new Uint16Array(30 * 20).fill(0x3c00)],
    [30, new Uint16Array(30 * 20)]
  ] as const) {
    const quantizer = await fitted(n, 20, { features, bits: 32 })
    const { projection, head, codebooks } = quantizer
    for (const part of [projection.mean, projection.matrix, head.weight, codebooks.values])
      assert.ok(part.every(Number.isFinite))
    const { descriptors } = await encode(quantizer, features, multiplyReference)
    assert.ok(fromHalves(descriptors).every(Number.isFinite))
  }
})

test('progress reaches its end and never goes back', async () => {
  const told: [number, number][] = []
  await fitted(300, 40, { onProgress: (done, total) => told.push([done, total]) })
  const total = told[0]![1]
  assert.deepEqual(
    told,
    Array.from({ length: total + 1 }, (_, done) => [done, total])
  )
})

test('it stops with the reason of its signal', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const fit = fitted(300, 40, {
    signal: controller.signal,
    onProgress: (done) => (done === 3 ? controller.abort(reason) : undefined)
  })
  await assert.rejects(fit, reason)
})

test('sizes and numbers that cannot be are refused by name', async () => {
  await assert.rejects(fitted(300, 40, { bits: 24 }), /bits: expected/)
  await assert.rejects(fitted(300, 40, { n: 299 }), /features: expected/)
  await assert.rejects(fitted(1, 40), /features: expected/)
  const features = clusteredFeatures(300, 40, 10)
  features[77] = 0x7e00 // not a number
  await assert.rejects(fitted(300, 40, { features }), /rows: expected finite/)
})
