// All that search and indexing may use of the model: photos to input tensors, quantizers, codes,
// the scan, figures. Any process may import it; it never loads ONNX Runtime.
export { PAPER_VIEWS, PHOTO_VIEWS, plainView, sampleAugmentation } from './image/augment.ts'
export type { Augmentation, AugmentationSettings, Size } from './image/augment.ts'
export { createAugmenter } from './image/augment-photo.ts'
export type { Augment } from './image/augment-photo.ts'
export { Arithmetic, Card, CardError, checkBackbone, parseCard } from './image/card.ts'
export { FINGERPRINT_BYTES, fingerprintOf, isNearlyBlank, sharpnessOf } from './image/fingerprint.ts'
export { areNearIdentical, areOfOtherColours, printOf, turnKeyOf } from './image/near-identical.ts'
export type { Print } from './image/near-identical.ts'
export { createPreprocessor } from './image/preprocess.ts'
export type { Photo, Preprocess } from './image/preprocess.ts'
export { loadResize } from './image/compiled-resize.ts'
export { imageCode } from './image/image-code.mjs'
export { averageWithKin, kinshipRows } from './quant/average.ts'
export { frozenRows } from './quant/frozen.ts'
export { K, decodeCodes, encodeDescriptors } from './quant/codes.ts'
export type { Codebooks } from './quant/codes.ts'
export { encode, encodeProjected, project } from './quant/encode.ts'
export type { EncodeCodes, Encoded } from './quant/encode.ts'
export { FEWEST_TO_FIT, MOST_TO_FIT, fitFirstQuantizer } from './quant/fit.ts'
export type { FitOptions } from './quant/fit.ts'
export { fromHalves, toHalves } from './quant/float16.ts'
export { multiplyReference } from './quant/multiply.ts'
export type { Multiply, ProductShape } from './quant/multiply.ts'
export { PROJECTED } from './quant/projection.ts'
export {
  QUANTIZER_VERSION,
  QuantizerError,
  averages,
  parseQuantizer,
  serialiseQuantizer
} from './quant/quantizer.ts'
export type { Head, Quantizer, QuantizerRecord } from './quant/quantizer.ts'
export { seededRandom } from './quant/random.ts'
export type { CodeIndex, Matches, SearchOptions } from './search/code-index.ts'
export { createCodeIndex } from './search/create-index.ts'
export type { CodeIndexOptions } from './search/create-index.ts'
export { searchWithTies } from './search/ties.ts'
export { STRICTNESS, directionOf, orderKin, rerankedOf, tableOfDirection } from './search/kin.ts'
export type { Candidates, WeightedVector } from './search/kin.ts'
export {
  LEAST_LIKENESS,
  SAME_KIND,
  SAME_THING,
  calibrate,
  likenessOf,
  scoresOf
} from './search/likeness.ts'
export type { Calibration, PairCosines } from './search/likeness.ts'
export { averagePrecision, leaveOneOut } from './search/metrics.ts'
export { orderByCosine, orderBySpaces } from './search/order.ts'
export type { Scored, Space } from './search/order.ts'
export { createReferenceIndex } from './search/reference-index.ts'
export { createCodeEncoder, createEncoder } from './search/simd/encoder.ts'
export type { InvertedOptions } from './search/simd/inverted-index.ts'
export { loadKernels } from './search/simd/kernel.ts'
export type { KernelBytes, Kernels } from './search/simd/kernel.ts'
export { scanKernels } from './search/simd/kernels.mjs'
export { distanceTable } from './search/table.ts'
