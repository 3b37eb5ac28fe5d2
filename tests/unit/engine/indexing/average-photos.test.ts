// Descriptors averaged with those of their kin, over a real catalogue: what the engine makes of
// stored encodings is what learning scored.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { averageAll } from '../../../../main/engine/indexing/average-photos.ts'
import { StepAside } from '../../../../main/wire/step-aside.ts'
import {
  averages,
  encodeDescriptors,
  fromHalves,
  multiplyReference,
  parseQuantizer,
  project,
  serialiseQuantizer
} from '../../../../model/retrieval.ts'
import { encodeLibrary } from '../../../../model/train/head/averaged.ts'
import {
  CLUSTERS,
  N,
  encodeAll,
  features,
  fittedLibrary,
  fitting
} from '../../../support/fitted-library.ts'

/** A library whose photos are all still to be averaged, and what is told of them. */
async function unaveragedLibrary(context: TestContext) {
  const given = await fittedLibrary(context)
  const quantizer = { ...(await fitting), averages: true as const }
  const model = await encodeAll(given, quantizer)
  const { catalogue, ids } = given
  const { vectors } = catalogue
  for (const id of ids) vectors.putEncoding(id, model, vectors.encoding(id, model)!, false)
  const told: number[] = []
  const reader = { changed: (changed: readonly number[]) => void told.push(...changed) }
  const used = { id: model, record: catalogue.models.record(model) }
  const run = (signal = new AbortController().signal): Promise<void> =>
    averageAll({ catalogue, reader, aside: new StepAside() }, used, signal)
  const descriptorOf = (id: number): Float32Array => fromHalves(vectors.descriptor(id, model)!)
  return { ...given, quantizer, vectors, model, told, run, descriptorOf }
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, v, i) => sum + v * y[i]!, 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}

test('all photos are averaged, as learning averages them, and the reader is told', async (context) => {
  const { ids, rows, quantizer, vectors, model, told, run, descriptorOf } =
    await unaveragedLibrary(context)
  const before = ids.map(descriptorOf)
  assert.equal(vectors.unaveragedCount(model), N)
  await run()
  assert.equal(vectors.unaveragedCount(model), 0)
  assert.deepEqual([...told].sort((a, b) => a - b), [...ids])
  const projected = await project(quantizer.projection, features, multiplyReference)
  const { descriptors } = await encodeLibrary(quantizer, projected, {
    multiply: multiplyReference
  })
  const size = descriptors.length / N
  const alike = ids.map((id, place) => {
    const row = rows[place]!
    const wanted = fromHalves(descriptors.subarray(row * size, (row + 1) * size))
    assert.ok(Math.abs(cosine(wanted, wanted) - 1) < 1e-6)
    return cosine(descriptorOf(id), wanted)
  })
  // Candidates come by their codes, so that now and then a kin is another one.
  assert.ok(alike.every((value) => value > 0.98), `${Math.min(...alike)}`)
  assert.ok(alike.filter((value) => value > 0.9999).length > N * 0.8, 'most are equal')
  assert.ok(before.some((row, place) => cosine(row, descriptorOf(ids[place]!)) < 0.999), 'moved')
  const code = vectors.encoding(ids[3]!, model)!.code
  assert.deepEqual(code, encodeDescriptors(descriptorOf(ids[3]!), quantizer.codebooks))
})

test('photos of a cluster come nearer to each other', async (context) => {
  const { ids, run, descriptorOf } = await unaveragedLibrary(context)
  const spread = (): number => {
    const own = ids.filter((_, place) => place % CLUSTERS === 0).slice(0, 12)
    return own.reduce((sum, id) => sum + cosine(descriptorOf(own[0]!), descriptorOf(id)), 0)
  }
  const before = spread()
  await run()
  assert.ok(spread() > before)
})

test('a photo is not averaged with what a person said is no kin of it', async (context) => {
  const { catalogue, ids, run, descriptorOf } = await unaveragedLibrary(context)
  const [first = 0, second = 0, ...others] = ids
  const before = [descriptorOf(first), descriptorOf(second)] as const
  catalogue.notKin.add([first], [second, ...others], 1)
  await run()
  assert.ok(cosine(before[0], descriptorOf(first)) > 0.99999, 'it has no kin, and stays')
  assert.ok(cosine(before[1], descriptorOf(second)) < 0.9999, 'others are averaged')
})

test('only what is new is averaged the next time', async (context) => {
  const { ids, vectors, model, told, run, descriptorOf } = await unaveragedLibrary(context)
  await run()
  told.length = 0
  await run()
  assert.deepEqual(told, [])
  const [first, second] = [ids[0]!, ids[1]!]
  const kept = descriptorOf(second)
  vectors.putEncoding(first, model, vectors.encoding(first, model)!, false)
  await run()
  assert.deepEqual(told, [first])
  assert.deepEqual(descriptorOf(second), kept)
})

test('one that is stopped leaves all as it was, and what has no encoding is forgotten', async (context) => {
  const { ids, vectors, model, run, descriptorOf } = await unaveragedLibrary(context)
  const before = descriptorOf(ids[0]!)
  await assert.rejects(run(AbortSignal.abort()))
  assert.equal(vectors.unaveragedCount(model), N)
  assert.deepEqual(descriptorOf(ids[0]!), before)
  vectors.drop(ids[0]!)
  await run()
  assert.equal(vectors.unaveragedCount(model), 0)
  assert.equal(vectors.encoding(ids[0]!, model), undefined)
})

test('a record tells whether it averages, and a quantizer comes back from it as it was', async () => {
  const plain = await fitting
  const averaging = { ...plain, averages: true as const }
  assert.equal(averages(serialiseQuantizer(plain)), false)
  assert.equal(averages(serialiseQuantizer(averaging)), true)
  assert.deepEqual(parseQuantizer(serialiseQuantizer(averaging)), averaging)
  assert.equal(parseQuantizer(serialiseQuantizer(plain)).averages, undefined)
})
