// How compute encodes: products in ONNX Runtime, and the nearest codewords by the SIMD kernels, or
// by the reference where there is no SIMD. Compute's main thread.
import {
  createCodeEncoder,
  encode,
  loadKernels,
  scanKernels,
  type Encoded,
  type Kernels,
  type Quantizer
} from '../../model/retrieval.ts'
import { multiplyInRuntime } from './multiply-in-runtime.ts'

/** Encodes features [n, D]: see `encode` of model/quant/encode.ts. */
export type Encoding = (quantizer: Quantizer, features: Uint16Array) => Promise<Encoded>

/** Makes it, by default with the kernels that the bundle holds. */
export async function openEncoding(kernels?: Kernels): Promise<Encoding> {
  const loaded = kernels ?? loadKernels(await scanKernels())
  const encodeCodes = loaded && createCodeEncoder(loaded)
  return (quantizer, features) => encode(quantizer, features, multiplyInRuntime, encodeCodes)
}
