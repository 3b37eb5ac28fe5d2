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
import { multiplyInRuntime } from './multiply-in-runtime.ts'

/** What is made of projected features alone. */
export type Coded = Omit<Encoded, 'projected'>

export interface Encoding {
  /** Encodes features [n, D]: see `encode` of model/quant/encode.ts. */
  (quantizer: Quantizer, features: Uint16Array): Promise<Encoded>
  /** The same of projected features [n, 256], to the bit. */
  ofProjected(quantizer: Quantizer, projected: Uint16Array): Promise<Coded>
}

/** Makes it, by default with the kernels that the bundle holds. */
export async function openEncoding(kernels?: Kernels): Promise<Encoding> {
  const loaded = kernels ?? loadKernels(await scanKernels())
  const encodeCodes = loaded && createCodeEncoder(loaded)
  const ofFeatures = (quantizer: Quantizer, features: Uint16Array): Promise<Encoded> =>
    encode(quantizer, features, multiplyInRuntime, encodeCodes)
  const ofProjected: Encoding['ofProjected'] = (quantizer, projected) =>
    encodeProjected(quantizer, projected, multiplyInRuntime, encodeCodes)
  return Object.assign(ofFeatures, { ofProjected })
}
