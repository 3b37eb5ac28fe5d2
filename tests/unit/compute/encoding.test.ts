// What compute encodes with: the SIMD kernels, and what comes out is what the reference gives.
import assert from 'node:assert/strict'
import test from 'node:test'
import { openEncoding } from '../../../main/compute/encoding.ts'
import { multiplyInRuntime } from '../../../main/compute/multiply-in-runtime.ts'
import { encode, type Kernels } from '../../../model/retrieval.ts'
import { clusteredFeatures, fitted } from '../../support/quantizers.ts'
import { plainKernels } from '../search-simd/support.ts'

test('codes are those of the reference, made by the kernels, which are set up once', async () => {
  const { flavour, module } = await plainKernels()
  let setUp = 0
  const kernels: Kernels = {
    flavour,
    get module() {
      setUp++
      return module
    }
  }
  const encoding = await openEncoding(kernels)
  const features = clusteredFeatures(300, 40, 10)
  const quantizers = [await fitted(300, 40), await fitted(300, 40, { bits: 32 })]
  for (const [i, quantizer] of quantizers.entries()) {
    const expected = await encode(quantizer, features, multiplyInRuntime)
    // As a record that is parsed anew for each batch.
    const again = { ...quantizer, codebooks: structuredClone(quantizer.codebooks) }
    assert.deepEqual(await encoding(quantizer, features), expected)
    assert.deepEqual(await encoding(again, features), expected)
    const { projected, ...coded } = expected
    assert.deepEqual(await encoding.ofProjected(quantizer, projected), coded)
    assert.equal(setUp, i + 1)
  }
})

test('without a word about kernels it takes those that are shipped', async () => {
  const quantizer = await fitted(300, 40)
  const features = clusteredFeatures(20, 40, 10)
  const encodeShipped = await openEncoding()
  const instances = WebAssembly.Instance
  let made = 0
  class Counted extends instances {
    constructor(...given: ConstructorParameters<typeof instances>) {
      super(...given)
      made++
    }
  }
  WebAssembly.Instance = Counted
  try {
    const expected = await encode(quantizer, features, multiplyInRuntime)
    const before = made
    assert.deepEqual(await encodeShipped(quantizer, features), expected)
    assert.equal(made, before + 1)
  } finally {
    WebAssembly.Instance = instances
  }
})
