// The step of a head: its loss against the reference loss, its mask, its batches, and the trained
// head in the graph against the head that encodes.
import assert from 'node:assert/strict'
import test from 'node:test'
import { encodeProjected, fromHalves, multiplyReference } from '../../../../model/retrieval.ts'
import { describe } from '../../../../model/quant/encode.ts'
import { normal, seededRandom } from '../../../../model/quant/random.ts'
import { evaluate } from '../../../../model/graph/evaluate-graph.ts'
import { concat } from '../../../../model/graph/functions.ts'
import { gradients } from '../../../../model/graph/gradients.ts'
import { input } from '../../../../model/graph/graph.ts'
import type { Value } from '../../../../model/graph/ops.ts'
import { softQuantize } from '../../../../model/nn/quantization.ts'
import { Scope } from '../../../../model/nn/scope.ts'
import { writeOnnx } from '../../../../model/onnx/write.ts'
import { openSession } from '../../../../model/runtime/session.ts'
import { floats, floatsIn } from '../../../../model/tensor/tensor.ts'
import { createBatches, fillPairBias } from '../../../../model/train/head/batches.ts'
import type { Pool } from '../../../../model/train/head/batches.ts'
import type { Setting } from '../../../../model/train/head/head-contract.ts'
import { fusedContrastive, fusedSpqLoss } from '../../../../model/train/head/fused-loss.ts'
import {
  HIDDEN,
  headGraph,
  headOf,
  parametersOf,
  tensorsOf
} from '../../../../model/train/head/head-graph.ts'
import {
  mutualGraph,
  nearestRows,
  neighboursOf
} from '../../../../model/train/head/neighbour-graph.ts'
import { MASKED_LOGIT, contrastive } from '../../../../model/train/pairs.ts'
import { spqLoss } from '../../../../model/train/spq-loss.ts'
import { noiseNumbers } from '../../../support/noise.ts'
import { residualHead } from '../../../support/quantizers.ts'

const feed = (shape: number[], data: ArrayLike<number>) => ({
  shape,
  data: Float64Array.from(data)
})

function normals(count: number, seed: number): Float64Array {
  const random = seededRandom(seed)
  return Float64Array.from({ length: count }, () => normal(random))
}

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, within: number): void {
  assert.equal(actual.length, expected.length)
  const scale = Math.max(...Array.from(expected, Math.abs))
  for (let i = 0; i < expected.length; i++)
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) <= within * scale,
      `[${i}]: expected ${expected[i]}, got ${actual[i]}`
    )
}

test('the loss with its gradient written out is the SPQ loss, for any temperature', () => {
  const [B, M, K, L] = [6, 2, 4, 3]
  const [xa, xb] = [input('xa', [B, M * L]), input('xb', [B, M * L])]
  const books = input('books', [M, K, L])
  const bias = input('bias', [2 * B, 2 * B])
  const feeds = {
    xa: feed([B, M * L], normals(B * M * L, 1)),
    xb: feed([B, M * L], normals(B * M * L, 2)),
    books: feed([M, K, L], normals(M * K * L, 3))
  }
  for (const temperature of [0.1, 0.2, 0.5]) {
    const x = concat([xa, xb], 0)
    const z = softQuantize(x, books).z
    const fused = fusedSpqLoss(x, z, temperature, bias)
    const plain = spqLoss(xa, xb, books, { temperature })
    const counts = new Float64Array(4 * B * B).fill(-1 / temperature)
    for (let i = 0; i < 2 * B; i++) counts[i * (2 * B + 1)] = MASKED_LOGIT
    const all = (loss: Value): Value[] => [loss, ...gradients(loss, [xa, xb, books])]
    const expected = evaluate(all(plain), feeds)
    const actual = evaluate(all(fused), { ...feeds, bias: feed([2 * B, 2 * B], counts) })
    expected.forEach(({ data }, i) => close(actual[i]!.data, data, 1e-6))
  }
})

test('SPQ with positives of other photos: the fused loss leaves out the same pairs', () => {
  const [B, M, K, L, temperature] = [5, 2, 16, 4, 0.2]
  const [xa, xb] = [input('xa', [B, M * L]), input('xb', [B, M * L])]
  const books = input('books', [M, K, L])
  const photos = Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 2, 3, 1) // view b of 0 and 1 is a neighbour
  const bias = new Float32Array(4 * B * B)
  fillPairBias(
    bias,
    photos,
    graphOf(7, [
      [0, 5],
      [1, 6],
      [3, 4]
    ]),
    temperature
  )
  const keep = constantOf(
    bias.map((value) => (value === MASKED_LOGIT ? 0 : 1)),
    2 * B
  )
  const x = concat([xa, xb], 0)
  const z = softQuantize(x, books).z
  const fused = fusedSpqLoss(x, z, temperature, constantOf(bias, 2 * B))
  const plain = spqLoss(xa, xb, books, { temperature, keep })
  const feeds = {
    xa: feed([B, M * L], normals(B * M * L, 1)),
    xb: feed([B, M * L], normals(B * M * L, 2)),
    books: feed([M, K, L], normals(M * K * L, 3))
  }
  const [a, b] = [plain, fused].map((loss) =>
    evaluate([loss, ...gradients(loss, [xa, xb, books])], feeds)
  )
  a!.forEach(({ data }, i) => close(b![i]!.data, data, 1e-6))
})

test('a pair that is left out is left out as by the reference loss', () => {
  const [B, D, temperature] = [5, 7, 0.2]
  const rows = input('rows', [2 * B, D])
  const photos = Uint32Array.of(0, 1, 2, 3, 4, 0, 2, 2, 3, 1) // 2 and 1 come again
  const graph = graphOf(5, [[3, 4]])
  const bias = new Float32Array(4 * B * B)
  fillPairBias(bias, photos, graph, temperature)
  const keep = bias.map((value) => (value === MASKED_LOGIT ? 0 : 1))
  const masked = contrastive(rows, temperature, constantOf(keep, 2 * B))
  const fused = fusedContrastive(rows, temperature, constantOf(bias, 2 * B))
  const feeds = { rows: feed([2 * B, D], normals(2 * B * D, 4)) }
  const [a, b] = [masked, fused].map((loss) => evaluate([loss, ...gradients(loss, [rows])], feeds))
  a!.forEach(({ data }, i) => close(b![i]!.data, data, 1e-6))
})

function constantOf(data: Float32Array, n: number): Value {
  return { kind: 'constant', type: 'f32', shape: [n, n], tensor: floats([n, n], data) }
}

function graphOf(n: number, pairs: readonly (readonly [number, number])[]) {
  const lists = Array.from({ length: n }, (_, i) =>
    pairs.flatMap(([a, b]) => (a === i ? [b] : b === i ? [a] : [])).sort((a, b) => a - b)
  )
  const offsets = Uint32Array.from({ length: n + 1 }, (_, i) => lists.slice(0, i).flat().length)
  const indices = Uint32Array.from(lists.flat())
  return { n, offsets, indices, similarities: new Float32Array(indices.length).fill(1) }
}

test('the mask: neighbours and other images of a photo are no negatives, the positive stays', () => {
  const photos = Uint32Array.of(0, 1, 2, 0, 2, 1) // B = 3; photo 1 has neighbour 2 as positive
  const bias = new Float32Array(36)
  fillPairBias(bias, photos, graphOf(3, [[1, 2]]), 0.5)
  const expected = photos.reduce<number[][]>((rows, photo, row) => {
    const counts = [...photos].map((other, column) => {
      const isPositive = column === (row + 3) % 6
      const isKin = photo === other || (photo > 0 && other > 0)
      return isPositive || !isKin ? -2 : MASKED_LOGIT
    })
    return [...rows, counts]
  }, [])
  assert.deepEqual([...bias], expected.flat())
})

const SETTING: Setting = {
  loss: 'spq',
  pairs: 'neighbours',
  temperature: 0.2,
  neighbourShare: 0.5,
  similarityRatio: 0.5,
  steps: 10
}

async function examplePool(m: number): Promise<Pool> {
  const V = 2
  const random = seededRandom(9)
  const halves = (count: number): Uint16Array =>
    Uint16Array.from({ length: count }, () => 0x3000 + Math.floor(random() * 0x0c00))
  const data = { n: m + 5, V, projected: halves((m + 5) * 256), views: halves((m + 5) * V * 256) }
  const rows = Uint32Array.from({ length: m }, (_, i) => i + 5)
  const nearest = await nearestRows(Float32Array.from(normals(m * 4, 6)), 4, 20)
  return { data, rows, nearest, graph: mutualGraph(nearest, 0.5) }
}

test('a batch follows from seed and step alone; an epoch shows each photo once', async () => {
  const pool = await examplePool(600)
  const [one, two] = [createBatches(pool, SETTING, 4), createBatches(pool, SETTING, 4)]
  const copy = (batches: typeof one, step: number) => {
    const { photos, inputs, pairBias } = batches.at(step)
    return { photos: [...photos], images: [...inputs.subarray(0, 600)], bias: [...pairBias] }
  }
  const second = copy(one, 2)
  const first = copy(one, 1)
  assert.deepEqual(copy(two, 1), first)
  assert.deepEqual(copy(two, 2), second)
  assert.notDeepEqual(copy(createBatches(pool, SETTING, 5), 1), first)
  const seen = [...first.photos.slice(0, 256), ...second.photos.slice(0, 256)]
  assert.equal(new Set(seen).size, 512)
})

test('a positive is a neighbour or another image of the same photo', async () => {
  const pool = await examplePool(300)
  const { B, at } = createBatches(pool, SETTING, 1)
  const { photos, inputs } = at(1)
  let byNeighbour = 0
  for (let i = 0; i < B; i++) {
    const [anchor, positive] = [photos[i]!, photos[B + i]!]
    const image = (place: number): string => inputs.subarray(place * 256, place * 256 + 256).join()
    if (anchor === positive) assert.notEqual(image(i), image(B + i), `pair ${i}`)
    else assert.ok([...neighboursOf(pool.graph, anchor)].includes(positive), `pair ${i}`)
    if (anchor !== positive) byNeighbour++
  }
  assert.ok(byNeighbour > B / 4 && byNeighbour < (3 * B) / 4, `${byNeighbour} of ${B}`)
  const views = createBatches(pool, { ...SETTING, pairs: 'views' }, 1).at(1).photos
  assert.deepEqual(views.subarray(0, B), views.subarray(B))
})

test('a local batch is made of groups of near photos', async () => {
  const pool = await examplePool(300)
  const local = { groups: 8, members: 4, near: 12 }
  const { B, at } = createBatches(pool, { ...SETTING, local }, 1)
  assert.equal(B, 32)
  const { photos } = at(3)
  for (let group = 0; group < 8; group++) {
    const [centre, ...others] = photos.subarray(group * 4, group * 4 + 4)
    const near = pool.nearest.indices.subarray(centre! * 20, centre! * 20 + 12)
    assert.equal(new Set(others).size, 3)
    for (const other of others) assert.ok(near.includes(other), `group ${group}`)
  }
})

test("the graph's descriptor is the encoder's", async () => {
  const [n, M, L] = [20, 4, 8]
  const head = residualHead(HIDDEN, M * L)
  const codebooks = { M, L, values: noiseNumbers(M * 16 * L, 3) }
  const scope = new Scope()
  const x = headGraph(scope, input('x', [n, 256]), M, L)
  const session = await openSession(writeOnnx({ outputs: { y: x } }))
  const projected = noiseNumbers(n * 256, 7)
  const { codebooks: _, ...weights } = tensorsOf({ head, codebooks })
  const { y } = await session.run({ x: floats([n, 256], projected), ...weights })
  await session.dispose()
  const expected = await describe(head, projected, M, L, multiplyReference)
  close(floatsIn(y, 'y'), expected, 1e-5)
})

test('before the first step the head is the start, and parameters become a quantizer again', async () => {
  const [M, L] = [2, 8]
  const head = {
    kind: 'linear' as const,
    weight: noiseNumbers(256 * M * L, 1),
    bias: noiseNumbers(M * L, 2)
  }
  const start = { head, codebooks: { M, L, values: noiseNumbers(M * 16 * L, 3) } }
  const first = headOf(parametersOf(start, 1), L)
  assert.equal(first.head.kind, 'residual')
  const halves = Uint16Array.from({ length: 30 * 256 }, (_, i) => 0x3000 + ((i * 37) % 0x0c00))
  const [a, b] = [
    await encodeProjected(start, halves, multiplyReference),
    await encodeProjected(first, halves, multiplyReference)
  ]
  assert.deepEqual(b.codes, a.codes)
  close(fromHalves(b.descriptors), fromHalves(a.descriptors), 1e-3)
  assert.deepEqual(tensorsOf(first), parametersOf(first, 2), 'a trained head goes on as it is')
  assert.throws(() => tensorsOf(start), /expected a residual one, got linear/)
})
