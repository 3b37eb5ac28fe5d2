// A backbone of four layers with random weights, its card, photos of a few kinds and a first
// quantizer of them: for tests of what trains a backbone. The same on every machine.
import { createHash } from 'node:crypto'
import { encodeModel, floats, floatsIn, openSession } from '../../model/learning.ts'
import type { OnnxAttribute, OnnxNode, Tensor } from '../../model/learning.ts'
import {
  createPreprocessor,
  encode,
  fitFirstQuantizer,
  multiplyReference,
  seededRandom
} from '../../model/retrieval.ts'
import type { Card, Photo, Quantizer } from '../../model/retrieval.ts'
import { exampleCard } from './noise.ts'

const SIDE = 16
const WIDTH = 16

/** sha-256 in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** conv 3x3 of stride 2, depthwise 3x3, conv 1x1 twice, each with ReLU; then the mean of places. */
export function tinyBackbone(): { bytes: Uint8Array; card: Card } {
  const random = seededRandom(21)
  const initializers = new Map<string, Tensor>()
  const nodes: OnnxNode[] = []
  const weights = (name: string, shape: number[], reach: number): void => {
    const size = shape.reduce((product, length) => product * length, 1)
    const data = Float32Array.from({ length: size }, () => (2 * random() - 1) * reach)
    initializers.set(name, floats(shape, data))
  }
  type Attributes = Record<string, OnnxAttribute>
  const node = (
    operator: string,
    inputs: string[],
    output: string,
    attributes: Attributes = {}
  ): void => {
    nodes.push({ operator, name: output, domain: '', inputs, outputs: [output], attributes })
  }
  const layer = (name: string, from: string, shape: number[], options: Attributes): void => {
    const fanIn = shape.slice(1).reduce((product, length) => product * length, 1)
    weights(`${name}.weight`, shape, Math.sqrt(6 / fanIn))
    weights(`${name}.bias`, [shape[0]!], 0.1)
    node('Conv', [from, `${name}.weight`, `${name}.bias`], `${name}.conv`, options)
    node('Relu', [`${name}.conv`], name)
  }
  const around = { pads: { ints: [1, 1, 1, 1] } }
  layer('stem', 'pixels', [8, 3, 3, 3], { ...around, strides: { ints: [2, 2] } })
  layer('depthwise', 'stem', [8, 1, 3, 3], { ...around, group: { int: 8 } })
  layer('wide', 'depthwise', [WIDTH, 8, 1, 1], {})
  layer('last', 'wide', [2 * WIDTH, WIDTH, 1, 1], {})
  node('GlobalAveragePool', ['last'], 'mean')
  node('Flatten', ['mean'], 'features')
  const bytes = encodeModel({
    name: 'tiny',
    opset: 17,
    nodes,
    initializers,
    inputs: [{ name: 'pixels', type: 'f32', shape: ['batch', 3, SIDE, SIDE] }],
    outputs: [{ name: 'features', type: 'f32', shape: ['batch', 2 * WIDTH] }]
  })
  const resize = { shortSide: SIDE, filter: 'bicubic', antialias: true, crop: 'centre' } as const
  const card = exampleCard({ size: SIDE, resize, mean: [127, 127, 127], scale: [64, 64, 64] })
  return {
    bytes,
    card: { ...card, sha256: sha256(bytes), output: { name: 'features', size: 2 * WIDTH } }
  }
}

/** Photo i is of kind i modulo 8: stripes of the kind's colour, width and direction, with noise. */
export function stripes(i: number): Photo {
  const [kind, random] = [i % 8, seededRandom(i + 1)]
  const [width, height] = [20 + (i % 5), 24 - (i % 4)]
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        const along = kind & 1 ? x : y
        const bright = (along + i) % (kind & 2 ? 8 : 4) < (kind & 2 ? 4 : 2)
        const colour = ((kind >> 2) + c) % 3 === 0 ? 200 : 90
        rgb[(y * width + x) * 3 + c] = (bright ? colour : colour / 3) + 50 * random()
      }
  return { rgb, width, height }
}

/** Features [n, D] of photos by a backbone. */
export async function featuresOf(
  bytes: Uint8Array,
  card: Card,
  photos: readonly Photo[]
): Promise<Float32Array> {
  const { size, name } = card.input
  const batch = new Float32Array(photos.length * 3 * size * size)
  const preprocess = createPreprocessor(card)
  photos.forEach((photo, i) => preprocess(photo, batch, i))
  const session = await openSession(bytes)
  const out = await session.run({ [name]: floats([photos.length, 3, size, size], batch) })
  await session.dispose()
  return floatsIn(out[card.output.name], 'features')
}

/** The tiny backbone with `n` photos, their first quantizer of 16 bits and projected features. */
export async function tinyLibrary(n: number): Promise<{
  bytes: Uint8Array
  card: Card
  photos: Photo[]
  quantizer: Quantizer
  projected: Uint16Array
}> {
  const { bytes, card } = tinyBackbone()
  const photos = Array.from({ length: n }, (_, i) => stripes(i))
  const features = await featuresOf(bytes, card, photos)
  const quantizer = await fitFirstQuantizer({
    features,
    n,
    D: card.output.size,
    bits: 16,
    seed: 1,
    backbone: card.sha256,
    multiply: multiplyReference
  })
  const { projected } = await encode(quantizer, features, multiplyReference)
  return { bytes, card, photos, quantizer, projected }
}
