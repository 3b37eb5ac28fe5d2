// Deep training on a tiny backbone: it learns, it goes on where it was cut, the file it writes is
// the backbone that was trained; cpu and webgpu agree.
import assert from 'node:assert/strict'
import test from 'node:test'
import { evaluate } from '../../../model/graph/evaluate-graph.ts'
import { input } from '../../../model/graph/graph.ts'
import { checkBackbone } from '../../../model/image/card.ts'
import type { Photo } from '../../../model/image/preprocess.ts'
import { decodeModel } from '../../../model/onnx/codec.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { encode } from '../../../model/quant/encode.ts'
import { fromHalves } from '../../../model/quant/float16.ts'
import { multiplyReference } from '../../../model/quant/multiply.ts'
import { openSession } from '../../../model/runtime/session.ts'
import type { Provider } from '../../../model/runtime/onnxruntime.ts'
import { floats, floatsIn, numbersOf } from '../../../model/tensor/tensor.ts'
import { augment, augmentationInputs } from '../../../model/train/augmentation.ts'
import { readBackbone } from '../../../model/train/deep/deep-backbone.ts'
import type { TrainDeepOptions, TrainDeepResult } from '../../../model/train/deep/deep-contract.ts'
import { deepBatch } from '../../../model/train/deep/deep-batches.ts'
import { DEEP_PRICE, validateDeep } from '../../../model/train/deep/validation.ts'
import { trainDeep } from '../../../model/train/deep/train-deep.ts'
import { PAIR_BIAS_INPUT, lossOf } from '../../../model/train/head/head-graph.ts'
import { assertClose } from '../../golden/graph/close.ts'
import { WITNESS, libraryOfKinds } from '../../support/kinds.ts'
import { testOnProviders } from '../../support/providers.ts'
import { featuresOf, sha256, tinyBackbone, tinyLibrary } from '../../support/tiny-backbone.ts'

const library = tinyLibrary(64)

async function trained(
  steps: number,
  options: Partial<TrainDeepOptions> = {}
): Promise<TrainDeepResult> {
  const { bytes, card, photos, quantizer, projected } = await library
  return trainDeep({
    backbone: bytes,
    card,
    quantizer,
    n: photos.length,
    projected,
    picture: async (photo) => photos[photo]!,
    setting: {
      loss: 'spq',
      pairs: 'neighbours',
      temperature: 0.3,
      neighbourShare: 0.5,
      similarityRatio: 0.9,
      steps
    },
    layers: 2,
    batch: 16,
    rate: 3e-3,
    backboneShare: 0.1,
    canvas: { width: 24, height: 24 },
    seed: 5,
    provider: 'cpu',
    sha256,
    giveWay: async () => {},
    ...options
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

test('it learns: the loss falls, and only the last layers change', async () => {
  const { bytes, card, photos } = await library
  const seen: number[] = []
  const result = await trained(120, { onProgress: ({ loss }) => seen.push(loss) })
  assert.deepEqual(seen, result.losses)
  const [first, last] = [mean(result.losses.slice(0, 20)), mean(result.losses.slice(-20))]
  assert.ok(last < first - 0.3, `the loss fell from ${first} to ${last}`)
  const [before, after] = [decodeModel(bytes), decodeModel(result.backbone)]
  assert.deepEqual(after.nodes, before.nodes)
  for (const [name, tensor] of before.initializers) {
    const now = after.initializers.get(name)
    if (/^(wide|last)\./.test(name)) assert.notDeepEqual(now, tensor, name)
    else assert.deepEqual(now, tensor, name)
  }
  checkBackbone(result.card, sha256(result.backbone))
  assert.equal(result.quantizer.backbone, result.card.sha256)
  assert.match(result.card.name, /^example-tuned-[0-9a-f]{8}$/)
  assert.match(result.card.file, /^example-tuned-[0-9a-f]{8}\.onnx$/)
  const features = await featuresOf(result.backbone, result.card, photos.slice(0, 4))
  assert.notDeepEqual(features, await featuresOf(bytes, card, photos.slice(0, 4)))
  assert.ok(features.every((value) => Number.isFinite(value)))
})

test('a depthwise layer among the last ones stays as it is', async () => {
  const { bytes, card } = await library
  const namesOf = (layers: number): string[] =>
    readBackbone(bytes, card, layers, 4).parameters.map(({ input: { name } }) => name)
  assert.deepEqual(namesOf(3), namesOf(2))
  assert.deepEqual(
    namesOf(4).filter((name) => !namesOf(2).includes(name)),
    ['stem.weight', 'stem.bias']
  )
})

test('its first loss is that of views which went through the backbone and encode', async () => {
  const { bytes, card, photos, quantizer } = await library
  const [B, size, canvas] = [8, card.input.size, { width: 24, height: 24 }]
  const setting = {
    loss: 'spq',
    pairs: 'views',
    temperature: 0.3,
    neighbourShare: 0,
    similarityRatio: 2,
    steps: 1
  } as const
  const n = photos.length
  const [offsets, indices] = [new Uint32Array(n + 1), new Uint32Array()]
  const graph = { n, offsets, indices, similarities: new Float32Array() }
  const picture = async (photo: number): Promise<Photo> => photos[photo]!
  const { [PAIR_BIAS_INPUT]: bias, ...fed } = await deepBatch(
    { graph, setting, B, canvas, size, seed: 5, picture },
    1
  )
  const pictures = input('pictures', [2 * B, 3, canvas.height, canvas.width], 'u8')
  const views = augment(pictures, augmentationInputs('views', 2 * B, canvas, size))
  const augmenter = await openSession(writeOnnx({ outputs: { views } }))
  const made = floatsIn((await augmenter.run(fed)).views, 'views')
  await augmenter.dispose()
  const { mean, scale } = card.input
  const pixels = made.map((value) => (255 * value - mean[0]) / scale[0]) // alike for all channels
  const backbone = await openSession(bytes)
  const run = await backbone.run({ [card.input.name]: floats([2 * B, 3, size, size], pixels) })
  await backbone.dispose()
  const features = floatsIn(run[card.output.name], 'features')
  const { descriptors } = await encode(quantizer, features, multiplyReference)
  const { M, L, values } = quantizer.codebooks
  const [x, books, mask] = [
    input('x', [2 * B, M * L]),
    input('books', [M, 16, L]),
    input('mask', [2 * B, 2 * B])
  ]
  const [expected] = evaluate([lossOf(setting, x, books, mask)], {
    x: { shape: x.shape, data: Float64Array.from(fromHalves(descriptors)) },
    books: { shape: books.shape, data: Float64Array.from(values) },
    mask: { shape: mask.shape, data: numbersOf(bias!) }
  })
  const { losses } = await trained(1, { setting, batch: B })
  // encode keeps projected features and descriptors in f16.
  assertClose(losses, [...expected!.data], 2e-3, 'loss')
})

test('a run that was cut goes on to the very same numbers', async () => {
  const checkpoints: Uint8Array[] = []
  const onCheckpoint = (bytes: Uint8Array): void => void checkpoints.push(bytes)
  const whole = await trained(6, { onCheckpoint, checkpointMilliseconds: 0 })
  assert.equal(checkpoints.length, 6)
  const rest = await trained(6, { resume: checkpoints[2]! })
  assert.deepEqual(rest.losses, whole.losses.slice(3))
  assert.deepEqual(rest.backbone, whole.backbone)
  assert.deepEqual(rest.quantizer, whole.quantizer)
  const other = await trained(6, { resume: checkpoints[2]!, seed: 6 })
  assert.equal(other.losses.length, 6, "another run's checkpoint is not used")
})

test('a run goes on when photos have come or gone', async () => {
  const { photos, projected } = await library
  const checkpoints: Uint8Array[] = []
  const onCheckpoint = (bytes: Uint8Array): void => void checkpoints.push(bytes)
  await trained(3, { onCheckpoint, checkpointMilliseconds: 600_000 })
  assert.equal(checkpoints.length, 1, 'the first step of a life is not lost')
  const [n, size] = [photos.length - 1, projected.length / photos.length]
  const fewer = {
    n,
    projected: projected.slice(size),
    picture: async (at: number) => photos[at + 1]!
  }
  const seen: number[] = []
  await trained(3, { ...fewer, resume: checkpoints[0]!, onProgress: ({ step }) => seen.push(step) })
  assert.deepEqual(seen, [2, 3])
})

test('photos held out are not trained on', async () => {
  const { photos } = await library
  const heldOut = Uint32Array.from([0, 7, 13, 21, 34, 42, 55, 63])
  const asked = new Set<number>()
  const picture = async (photo: number): Promise<Photo> => {
    asked.add(photo)
    return photos[photo]!
  }
  await trained(12, { heldOut, picture })
  assert.deepEqual(
    [...heldOut].filter((photo) => asked.has(photo)),
    []
  )
  assert.ok(asked.size > 40, `${asked.size} photos were asked for`)
})

/** A library with witnesses enough, by a model, and by one that looks at what is only noise. */
async function described() {
  const { data, start: quantizer } = await libraryOfKinds()
  const { projected } = data
  const weight = new Float32Array(quantizer.head.weight.length)
  for (let number = 0; number < 32; number++) weight[(24 + (number % 16)) * 32 + number] = 1
  const blind = { ...quantizer, head: { ...quantizer.head, weight } }
  const heldOut = Uint32Array.from(WITNESS.keys()).filter((row) => WITNESS[row])
  const rest = { heldOut, seed: 3, multiply: multiplyReference, giveWay: async () => {} }
  return { good: { quantizer, projected }, bad: { quantizer: blind, projected }, rest }
}

test('validation: kept only for a gain that pays for describing all photos anew', async () => {
  const { good, bad, rest } = await described()
  const same = await validateDeep({ ...rest, before: good, after: good })
  assert.deepEqual([same.kept, same.scoreBefore], [false, same.scoreAfter])
  const better = await validateDeep({ ...rest, before: bad, after: good })
  assert.deepEqual([better.kept, better.verdict.reason], [true, 'better'])
  assert.ok(better.verdict.gain.low > DEEP_PRICE)
  assert.equal((await validateDeep({ ...rest, before: good, after: bad })).kept, false)
  const none = { ...rest, before: good, after: good, heldOut: new Uint32Array() }
  await assert.rejects(validateDeep(none), /heldOut: expected/)
  const few = { ...rest, heldOut: rest.heldOut.subarray(0, 90), before: bad, after: good }
  assert.equal((await validateDeep(few)).verdict.reason, 'too-few-queries')
})

test('what beats its start must not be worse than what serves, on photos both have seen', async () => {
  const { good, bad, rest } = await described()
  const { quantizer, projected } = good
  // It is as good as `good` on those held out only: the others are mixed up.
  const partly = projected.slice()
  const size = 256
  const seen = [...WITNESS.keys()].filter((row) => !WITNESS[row])
  seen.forEach((row, i) => {
    const from = seen[(i * 5 + 1) % seen.length]! * size
    partly.set(projected.subarray(from, from + size), row * size)
  })
  const shuffledRows = { quantizer, projected: partly }
  for (const [after, serving, kept] of [
    [good, good, true],
    [good, bad, true],
    [shuffledRows, good, false]
  ] as const) {
    const validation = await validateDeep({ ...rest, before: bad, after, serving })
    assert.equal(validation.kept, kept, `${validation.scoreBefore} to ${validation.scoreAfter}`)
  }
  const short = { ...good, projected: projected.subarray(256) }
  await assert.rejects(
    validateDeep({ ...rest, before: good, after: good, serving: short }),
    /serving: expected/
  )
})

testOnProviders('two steps give the losses and weights of the cpu', async (provider: Provider) => {
  const [cpu, here] = [await trained(2), await trained(2, { provider })]
  assertClose(here.losses, cpu.losses, 1e-4, 'losses')
  assertClose(here.quantizer.codebooks.values, cpu.quantizer.codebooks.values, 1e-3, 'codebooks')
})

test('it stops when asked to, and a photo that cannot be read ends it', async () => {
  const controller = new AbortController()
  const stop = trained(50, {
    signal: controller.signal,
    onProgress: ({ step }) => step === 2 && controller.abort(new Error('stopped'))
  })
  await assert.rejects(stop, /stopped/)
  const unread = trained(5, { picture: () => Promise.reject(new Error('unreadable')) })
  await assert.rejects(unread, /unreadable/)
})

test('what does not fit is refused by name', async () => {
  const { quantizer } = await library
  const foreign = { ...quantizer, backbone: '1'.repeat(64) }
  await assert.rejects(trained(1, { quantizer: foreign }), /quantizer: expected one of/)
  await assert.rejects(trained(1, { batch: 65 }), /batch: expected 2 to 64 pairs, got 65/)
  await assert.rejects(trained(1, { n: 63 }), /projected: expected/)
  await assert.rejects(trained(0), /steps: expected 1 or more, got 0/)
  const { bytes, card } = tinyBackbone()
  assert.throws(() => readBackbone(bytes, card, 5, 4), /layers: expected 1 to 4, got 5/)
  const wrong = { ...card, output: { name: 'features', size: 7 } }
  assert.throws(() => readBackbone(bytes, wrong, 1, 4), /expected features \[4,7\], got \[4,32\]/)
})
