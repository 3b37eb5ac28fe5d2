// The way from pictures to descriptors that `kindred reproduce` measures by, against PyTorch
// (make-resnet18.py): the whole network with generated weights and running statistics, and with
// those of each batch, as before the first step. On webgpu only on a real graphics device.
import * as v from 'valibot'
import { floats, sizeOf } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'
import { describePictures } from '../../../model/train/reproduce/run.ts'
import { testOnProviders } from '../../support/providers.ts'
import { isSoftware } from '../../support/webgpu.ts'
import { allNear, generated, generatedWeight, read } from './generated.ts'

const Golden = v.object({
  values: v.array(v.tuple([v.string(), v.array(v.number())])),
  evaluated: v.array(v.number()),
  untrained: v.array(v.number())
})

const TOLERANCE = 1e-5
const COUNT = 3
const SETTINGS = { method: 'spq', bits: 16, epochs: 1, batch: 2, seed: 1 } as const

/** Value i of the golden file, as the script that made it says. */
function valueOf(name: string, shape: number[], index: number): Tensor<'f32'> {
  if (shape.length > 1) return generatedWeight(100 + index, shape)
  const [low, high] = /(weight|running_var)$/.test(name) ? [0.5, 1.5] : [-0.3, 0.3]
  return floats(shape, generated(100 + index, sizeOf(shape), low, high))
}

testOnProviders(
  'descriptors of pictures are those of PyTorch: in evaluation mode; before the first step, of the batch',
  async (provider) => {
    const golden = read('encoder-resnet18.json', Golden)
    const tensors = Object.fromEntries(
      golden.values.map(([name, shape], index) => [name, valueOf(name, shape, index)])
    )
    const pixels = Uint8Array.from(generated(1000, COUNT * 3 * 32 * 32, 0, 256))
    const pictures = { pixels, labels: new Uint16Array(COUNT) }
    for (const [epoch, expected] of [golden.untrained, golden.evaluated].entries()) {
      const from = { place: { epoch, step: 0, lossSum: 0 }, tensors }
      const actual = await describePictures(SETTINGS, from, pictures, provider, async () => {})
      allNear(actual, expected, TOLERANCE, `descriptors after epoch ${epoch}`)
    }
  },
  (provider) =>
    provider === 'webgpu' && isSoftware() && 'a software device: the narrow network shows it'
)
