// Views as part of a graph against the reference, pixel by pixel, on cpu and webgpu.
import assert from 'node:assert/strict'
import test from 'node:test'
import { input } from '../../../model/graph/graph.ts'
import { augmentReference } from '../../../model/image/augment-reference.ts'
import { PAPER_VIEWS, plainView, sampleAugmentation } from '../../../model/image/augment.ts'
import type { Augmentation } from '../../../model/image/augment.ts'
import type { Photo } from '../../../model/image/preprocess.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { seededRandom } from '../../../model/quant/random.ts'
import { openSession } from '../../../model/runtime/session.ts'
import type { Provider } from '../../../model/runtime/onnxruntime.ts'
import { floats, floatsIn } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'
import {
  augment,
  augmentationInputs,
  packAugmentations
} from '../../../model/train/augmentation.ts'
import { noisePhoto } from '../../support/noise.ts'
import { testOnProviders } from '../../support/providers.ts'

/** Pictures of several sizes in planes [B, 3, H, W] of one, each at its top left. */
function planes(photos: readonly Photo[], H: number, W: number): Uint8Array {
  const all = new Uint8Array(photos.length * 3 * H * W)
  photos.forEach(({ rgb, width, height }, i) => {
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < 3; c++)
          all[((i * 3 + c) * H + y) * W + x] = rgb[(y * width + x) * 3 + c]!
  })
  return all
}

interface Run {
  photos: readonly Photo[]
  views: readonly Augmentation[]
  from: { width: number; height: number }
  size: number
  type: 'u8' | 'f32'
}

async function views(provider: Provider, run: Run): Promise<Float32Array> {
  const { photos, from, size, type } = run
  const shape = [photos.length, 3, from.height, from.width]
  const images = input('images', shape, type)
  const inputs = augmentationInputs('a', photos.length, from, size)
  const model = writeOnnx({ outputs: { views: augment(images, inputs) } })
  const bytes = planes(photos, from.height, from.width)
  const fed: Tensor =
    type === 'u8'
      ? { type, shape, data: bytes }
      : floats(shape, Float32Array.from(bytes, (byte) => byte / 255))
  const session = await openSession(model, { provider })
  const out = await session.run({ images: fed, ...packAugmentations('a', run.views, from, size) })
  await session.dispose()
  return floatsIn(out.views, 'views')
}

function assertReference(actual: Float32Array, { photos, views, size }: Run): void {
  const plane = size * size
  photos.forEach((photo, i) =>
    augmentReference(photo, views[i]!, size).forEach((expected, at) => {
      const value = actual[(i * 3 + (at % 3)) * plane + Math.floor(at / 3)]!
      assert.ok(Math.abs(value - expected) < 1 / 255, `${i}: expected ${expected}, got ${value}`)
    })
  )
}

testOnProviders('views of a batch are those of the reference', async (provider) => {
  const random = seededRandom(11)
  const draw = (photo: Photo): Augmentation => sampleAugmentation(random, PAPER_VIEWS, photo)
  const cifar = Array.from({ length: 24 }, () => noisePhoto(32, 32))
  const small = { from: { width: 32, height: 32 }, size: 32, type: 'f32' } as const
  const paper = { photos: cifar, views: cifar.map(draw), ...small }
  assertReference(await views(provider, paper), paper)
  const mixed = [noisePhoto(40, 30), noisePhoto(17, 30), noisePhoto(30, 1), noisePhoto(30, 33)]
  const padded = { from: { width: 40, height: 33 }, size: 28, type: 'u8' } as const
  const photos = { photos: mixed, views: mixed.map(draw), ...padded }
  assertReference(await views(provider, photos), photos)
})

test('the plain view of a picture is its resize; at its own size the picture itself', async () => {
  const photo = noisePhoto(16, 16)
  const from = { width: 16, height: 16 }
  const run = { photos: [photo], views: [plainView(photo)], from, type: 'u8' } as const
  const same = await views('cpu', { ...run, size: 16 })
  planes([photo], 16, 16).forEach((byte, i) => assert.ok(Math.abs(same[i]! - byte / 255) < 1e-6))
  const half = await views('cpu', { ...run, size: 8 })
  assertReference(half, { ...run, size: 8 })
})

test('pictures that do not fit the matrices are refused', () => {
  const inputs = augmentationInputs('a', 2, { width: 8, height: 9 }, 4)
  assert.throws(() => augment(input('images', [2, 3, 8, 9]), inputs), /expected images \[B,3,9,8\]/)
})
