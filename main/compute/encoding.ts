// How compute encodes: products in ONNX Runtime, and the nearest codewords by the SIMD kernels, or
// by the reference where there is no SIMD. Compute's main thread.
import {
  createCodeEncoder,
  encode,
  encodeProjected,
  loadKernels,
  scanKernels,
  type Encoded,
  type Kernels,
  type Quantizer
} from '../../model/retrieval.ts'
import { multiplyInRuntime } from './multiply.ts'

/** See `encode` and `encodeProjected` of model/quant/encode.ts. */
export interface Encoding {
  encode(quantizer: Quantizer, features: Uint16Array): Promise<Encoded>
  encodeProjected(
    quantizer: Quantizer,
    projected: Uint16Array
  ): Promise<Omit<Encoded, 'projected'>>
}

/** Makes it, by default with the kernels that the bundle holds. */
export async function openEncoding(kernels?: Kernels): Promise<Encoding> {
  const loaded = kernels ?? loadKernels(await scanKernels())
  const encodeCodes = loaded && createCodeEncoder(loaded)
  return {
    encode: (quantizer, features) => encode(quantizer, features, multiplyInRuntime, encodeCodes),
    encodeProjected: (quantizer, projected) =>
      encodeProjected(quantizer, projected, multiplyInRuntime, encodeCodes)
  }
}
