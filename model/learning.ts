// All that other rooms may use of the model that learns or runs ONNX. For compute, the command line
// and tests; engine takes model/retrieval.ts instead, which never loads ONNX Runtime. The tensor
// language is not exported: other rooms need only what is written in it (networks, losses, steps).
export * from './tensor/tensor.ts'
export * from './onnx/codec.ts'
export * from './onnx/model.ts'
export {
  PROVIDERS,
  ProviderError,
  builtInProviders,
  bundledProviders,
  runtimeVersion
} from './runtime/onnxruntime.ts'
export type { Provider } from './runtime/onnxruntime.ts'
export { INTEGER_WAYS, type IntegerWay } from './runtime/integer-ways.ts'
export * from './runtime/session.ts'
export * from './runtime/products.ts'
export type {
  HeadProgress,
  LearnData,
  LearnHeadOptions,
  LearnHeadResult,
  Setting,
  Trial
} from './train/head/head-contract.ts'
export type { Evidence, Score } from './train/judge/evidence.ts'
export type { Interval, Reason, Verdict } from './train/judge/gate.ts'
export { headModel } from './train/head/head-model.ts'
export { learnHead } from './train/head/learn-head.ts'
export { measureHeadSteps, type MeasuredSteps } from './train/head/measure-head.ts'
export { trainBaseline, type TrainBaselineOptions } from './train/head/train-baseline.ts'
export * from './tensor/safetensors.ts'
export * from './train/reproduce/evaluation.ts'
export * from './train/reproduce/measure.ts'
export * from './train/reproduce/labelled-pictures.ts'
export * from './train/reproduce/recipe.ts'
export * from './train/reproduce/run.ts'
export type {
  DeepProgress,
  DeepValidation,
  ValidateDeepOptions,
  TrainDeepOptions,
  TrainDeepResult
} from './train/deep/deep-contract.ts'
export { validateDeep } from './train/deep/validation.ts'
export { DEEP_BATCH, trainDeep } from './train/deep/train-deep.ts'
