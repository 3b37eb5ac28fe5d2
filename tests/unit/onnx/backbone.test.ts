// The shipped backbone, read and written again: the same features to 1e-5.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { readOnnx } from '../../../model/onnx/read.ts'
import { writeOnnx } from '../../../model/onnx/write.ts'
import { openSession } from '../../../model/runtime/session.ts'
import { floats, floatsIn, sizeOf } from '../../../model/tensor/tensor.ts'
import { assertClose } from '../../golden/graph/close.ts'
import { noiseNumbers } from '../../support/noise.ts'

test('the backbone gives the same features after a round trip', async () => {
  const path = new URL('../../../model/backbones/efficientnet-lite0.onnx', import.meta.url)
  const file = new Uint8Array(readFileSync(path))
  const lengths = { batch: 2, N: 2, n: 2 }
  const { inputs, outputs } = readOnnx(file, { lengths })
  const [name = ''] = Object.keys(inputs)
  const shape = inputs[name]?.shape ?? []
  const x = floats(shape, noiseNumbers(sizeOf(shape), 7))
  const [original, ours] = [await openSession(file), await openSession(writeOnnx({ outputs }))]
  const [expected, actual] = [await original.run({ [name]: x }), await ours.run({ [name]: x })]
  const [output = ''] = Object.keys(outputs)
  const features = floatsIn(expected[output], output)
  assert.ok(
    features.some((value) => value > 0.5),
    'features are not all zero'
  )
  assertClose(floatsIn(actual[output], output), features, 1e-5, output)
  await original.dispose()
  await ours.dispose()
})
