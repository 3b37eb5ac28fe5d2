// How the two papers train on CIFAR-10, number by number as METHOD.md 1 and 2 have them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { evaluate } from '../../../../model/graph/evaluate-graph.ts'
import { input } from '../../../../model/graph/graph.ts'
import type { Value } from '../../../../model/graph/ops.ts'
import {
  BITS,
  CODEWORDS,
  CODEWORD_LENGTH,
  METHODS,
  RECIPES
} from '../../../../model/train/reproduce/recipe.ts'
import { descriptorLength } from '../../../../model/train/reproduce/networks.ts'
import { spqLoss } from '../../../../model/train/spq-loss.ts'
import { sscqLoss } from '../../../../model/train/sscq-loss.ts'
import { noiseNumbers } from '../../../support/noise.ts'

const views = {
  scale: [0.08, 1],
  ratio: [0.75, 4 / 3],
  flip: 0.5,
  jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
  grey: 0.2,
  blur: { probability: 0.5, sigma: [0.1, 2] }
}

test("the papers' numbers", () => {
  const { loss: _, ...spq } = RECIPES.spq
  assert.deepEqual(spq, { epochs: 2000, rate: 3e-4, from: 0, to: 0, decay: 1e-5, views })
  const { loss: __, ...sscq } = RECIPES.sscq
  assert.deepEqual(sscq, {
    epochs: 800,
    rate: 5e-4,
    from: 1e-5,
    to: 0.1 * 5e-4,
    decay: 0,
    views: { ...views, blur: { probability: 1, sigma: [0.1, 2] } } // always on
  })
})

test('codes: four bits a book, of 16 codewords of 16 numbers', () => {
  assert.deepEqual([...BITS], [16, 32, 64])
  assert.deepEqual([CODEWORDS, CODEWORD_LENGTH], [16, 16])
  assert.deepEqual(BITS.map(descriptorLength), [4 * 16, 8 * 16, 16 * 16])
})

test("each paper's loss with the paper's constants", () => {
  const [B, M, L] = [13, 4, CODEWORD_LENGTH]
  const shapes = { xa: [B, M * L], xb: [B, M * L], books: [M, CODEWORDS, L] }
  const feed = (shape: number[], seed: number) => {
    const size = shape.reduce((a, b) => a * b)
    return { shape, data: Float64Array.from(noiseNumbers(size, seed)) }
  }
  const feeds = {
    xa: feed(shapes.xa, 1),
    xb: feed(shapes.xb, 2),
    books: feed(shapes.books, 3)
  }
  const given = [
    input('xa', shapes.xa),
    input('xb', shapes.xb),
    input('books', shapes.books)
  ] as const
  const numberOf = (loss: Value): number => evaluate([loss], feeds)[0]!.data[0]!
  const spq = spqLoss(...given, { temperature: 0.5, hardness: 5 })
  const weights = {
    instanceQuantized: 1,
    instanceEmbedding: 1,
    consistent: 0.4,
    partNeighbour: 0.1,
    codewordDiversity: 0.2
  }
  const sscq = sscqLoss(...given, {
    hardness: 5,
    instanceTemperature: 0.5,
    consistentTemperature: 0.2,
    partTemperature: 0.5,
    neighbours: 20,
    weights,
    diversityOf: 'cosines'
  }).total
  const expected = { spq: numberOf(spq), sscq: numberOf(sscq) }
  for (const method of METHODS)
    assert.equal(numberOf(RECIPES[method].loss(...given)), expected[method], method)
  assert.notEqual(expected.spq, expected.sscq)
})
