// The door of the model for search and indexing: photos to input tensors, quantizers, codes, the
// scan, figures. Any process may import it; it never loads ONNX Runtime.
export { Card, CardError, checkBackbone, parseCard } from './image/card.ts'
export { createPreprocessor } from './image/preprocess.ts'
export type { Photo, Preprocess } from './image/preprocess.ts'
export { K, decodeCodes, encodeDescriptors } from './quant/codes.ts'
export type { Codebooks } from './quant/codes.ts'
export { encode, encodeProjected } from './quant/encode.ts'
export type { Encoded } from './quant/encode.ts'
export { FEWEST_TO_FIT, MOST_TO_FIT, fitFirstQuantizer } from './quant/fit.ts'
export type { FitOptions } from './quant/fit.ts'
export { fromHalves, toHalves } from './quant/float16.ts'
export { multiplyReference } from './quant/multiply.ts'
export type { Multiply, ProductShape } from './quant/multiply.ts'
export { PROJECTED } from './quant/projection.ts'
export {
  QUANTIZER_VERSION,
  QuantizerError,
  parseQuantizer,
  serialiseQuantizer
} from './quant/quantizer.ts'
export type { Head, Quantizer, QuantizerRecord } from './quant/quantizer.ts'
export { seededRandom } from './quant/random.ts'
export type { CodeIndex, Matches, SearchOptions } from './search/code-index.ts'
export { combineTables, likeAndUnlike } from './search/combine.ts'
export type { WeightedTable } from './search/combine.ts'
export { createCodeIndex } from './search/create-index.ts'
export type { CodeIndexOptions } from './search/create-index.ts'
export { averagePrecision, leaveOneOut } from './search/metrics.ts'
export { orderByCosine } from './search/order.ts'
export type { Scored } from './search/order.ts'
export { createReferenceIndex } from './search/reference-index.ts'
export { createEncoder } from './search/simd/encoder.ts'
export { loadKernels } from './search/simd/kernel.ts'
export type { KernelBytes, Kernels } from './search/simd/kernel.ts'
export { scanKernels } from './search/simd/kernels.mjs'
export { distanceTable } from './search/table.ts'
