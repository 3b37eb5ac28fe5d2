// The batches of deep training: which photos stand together, which views are made of them, which
// pairs must not be pushed apart. Every batch follows from (seed, step) alone. Runs in compute.
import { PHOTO_VIEWS, sampleAugmentation } from '../../image/augment.ts'
import type { Augmentation, Size } from '../../image/augment.ts'
import type { Photo } from '../../image/preprocess.ts'
import { seededRandom } from '../../quant/random.ts'
import { floats } from '../../tensor/tensor.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { packAugmentations } from '../augmentation.ts'
import { fillPairBias, combinedSeed } from '../head/batches.ts'
import type { Setting } from '../head/head-contract.ts'
import { PAIR_BIAS_INPUT } from '../head/head-graph.ts'
import { neighboursOf } from '../head/neighbour-graph.ts'
import type { NeighbourGraph } from '../head/neighbour-graph.ts'
import { shuffled } from '../head/trial-settings.ts'
import { PICTURES_INPUT, VIEWS_INPUT } from './deep-step.ts'

export interface DeepBatchOptions {
  graph: NeighbourGraph
  setting: Setting
  /** Pairs of a batch; the photos of the graph at most. */
  B: number
  canvas: Size
  /** Pixels of a side of the views. */
  size: number
  seed: number
  picture: (photo: number) => Promise<Photo>
}

/** Photos of step 1, 2, ..: photo a of each pair, then photo b, [2B]. */
export function pairsOf({ graph, setting, B, seed }: DeepBatchOptions, step: number): Uint32Array {
  const perEpoch = Math.floor(graph.n / B)
  const epoch = Math.floor((step - 1) / perEpoch)
  const order = shuffled(graph.n, seededRandom(combinedSeed(seed, 3 * epoch + 1)))
  const from = ((step - 1) % perEpoch) * B
  const random = seededRandom(combinedSeed(seed, 3 * step))
  const photos = new Uint32Array(2 * B)
  for (let i = 0; i < B; i++) {
    const photo = order[from + i]!
    const neighbours = setting.pairs === 'neighbours' ? neighboursOf(graph, photo) : []
    const isNeighbour = random() < setting.neighbourShare && neighbours.length > 0
    photos[i] = photo
    photos[B + i] = isNeighbour ? neighbours[Math.floor(random() * neighbours.length)]! : photo
  }
  return photos
}

/** The feeds of a step, without the rates. Photos are asked for all at once. */
export async function deepBatch(
  options: DeepBatchOptions,
  step: number
): Promise<Record<string, Tensor>> {
  const { graph, setting, B, canvas, size, seed, picture } = options
  const photos = pairsOf(options, step)
  const random = seededRandom(combinedSeed(seed, 3 * step + 2))
  const bytes = new Uint8Array(2 * B * 3 * canvas.height * canvas.width)
  const views: Augmentation[] = []
  const pictures = await Promise.all([...photos].map((photo) => picture(photo)))
  pictures.forEach((photo, row) => {
    const painted = paint(photo, canvas, bytes, row)
    views.push(sampleAugmentation(random, PHOTO_VIEWS, painted))
  })
  const pairBias = new Float32Array(4 * B * B)
  fillPairBias(pairBias, photos, graph, setting.temperature)
  const shape = [2 * B, 3, canvas.height, canvas.width]
  return {
    [PICTURES_INPUT]: { type: 'u8', shape, data: bytes },
    [PAIR_BIAS_INPUT]: floats([2 * B, 2 * B], pairBias),
    ...packAugmentations(VIEWS_INPUT, views, canvas, size)
  }
}

/**
 * Writes the middle of a photo, as much as the canvas holds, as planes into row `row` of a batch
 * [rows, 3, H, W], at the top left; gives its size there.
 */
export function paint(photo: Photo, canvas: Size, batch: Uint8Array, row: number): Size {
  const { rgb, width, height } = photo
  if (rgb.length !== width * height * 3)
    throw new RangeError(`rgb: expected ${width * height * 3} bytes, got ${rgb.length}`)
  const size = {
    width: Math.min(width, canvas.width),
    height: Math.min(height, canvas.height)
  }
  const left = (width - size.width) >> 1
  const top = (height - size.height) >> 1
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < size.height; y++) {
      const from = ((top + y) * width + left) * 3 + channel
      const to = ((row * 3 + channel) * canvas.height + y) * canvas.width
      for (let x = 0; x < size.width; x++) batch[to + x] = rgb[from + 3 * x]!
    }
  }
  return size
}
