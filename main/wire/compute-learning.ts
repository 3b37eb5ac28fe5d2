// What compute is asked when something is learned, and what it answers and tells meanwhile. Pure;
// compute-contract.ts has the methods.
import * as v from 'valibot'
import { LearnPhase, PROVIDERS, Price, Setting, Verdict } from './learning-contract.ts'
import { KnownPhoto, QuantizerRecord, bytes, count, halves } from './records.ts'

const labels = v.instance<new () => Int32Array<ArrayBuffer>>(Int32Array)
/** Equal numbers for photos that belong together, [n] each; below 0: nothing is known. */
const OutsideLabels = v.object({ bursts: labels, events: labels, folders: labels })

/** Pairs of photos that a person said are no kin, [p, 2] rows. */
const notKin = v.instance<new () => Uint32Array<ArrayBuffer>>(Uint32Array)

/** What a head is learned from, and how; what is left out is chosen without labels. */
export const LearnHeadRequest = v.object({
  /** Names the run in its events. */
  run: count,
  start: QuantizerRecord, // a first quantizer: its projection is kept
  serving: QuantizerRecord, // what a candidate has to beat: the blind model of what serves
  n: count, // photos
  features: halves, // [n, D]
  V: count,
  views: halves, // [n, V, 256], projected as by `start`
  witness: bytes, // [n]; 1: what is compared never learns from it, so it can be asked about any
  isServingTrainedOnAll: v.boolean(), // on witnesses, too
  outside: OutsideLabels, // what photos have in common besides their features
  notKin,
  bits: v.picklist([16, 32, 64, 128]),
  loss: v.picklist(['spq', 'sscq']),
  pairs: v.picklist(['automatic', 'neighbours', 'views']),
  temperature: v.optional(v.number()),
  steps: v.optional(count),
  seed: count,
  provider: v.picklist(PROVIDERS),
  /** A checkpoint of the same request: it goes on from there. */
  resume: v.nullable(bytes)
})
export type LearnHeadRequest = v.InferOutput<typeof LearnHeadRequest>

/** Photos of a sample that are there; nothing is trained on the witnesses. */
const ofSample = {
  n: count,
  witness: bytes, // [n]; 1: it is one
  notKin,
  seed: count
}

/** What a head is learned from that has not seen the photos held out of deep training. */
export const TrainBaselineRequest = v.object({
  run: count,
  start: QuantizerRecord, // a first quantizer: its projection is kept
  ...ofSample,
  features: halves, // [n, D]
  V: count,
  views: halves, // [n, V, 256], projected as by `start`
  bits: v.picklist([16, 32, 64, 128]),
  setting: Setting,
  provider: v.picklist(PROVIDERS),
  resume: v.nullable(bytes)
})
export type TrainBaselineRequest = v.InferOutput<typeof TrainBaselineRequest>

/** What a backbone, its head and codebooks are learned from, and how (METHOD.md 6.2). */
export const LearnDeepRequest = v.object({
  run: count,
  start: QuantizerRecord, // whose backbone, head and codebooks are trained on
  ...ofSample,
  photos: v.array(KnownPhoto), // [n]
  features: halves, // [n, D], by the backbone of `start`
  loss: v.picklist(['spq', 'sscq']),
  pairs: v.picklist(['neighbours', 'views']),
  temperature: v.number(),
  neighbourShare: v.number(),
  similarityRatio: v.number(),
  trained: count, // photos that are trained on while all of the sample are there
  epochs: count, // how often each of them is the first of a pair, where `steps` is left out
  steps: v.optional(count),
  batch: v.optional(count), // pairs of a step
  provider: v.picklist(PROVIDERS),
  resume: v.nullable(bytes)
})
export type LearnDeepRequest = v.InferOutput<typeof LearnDeepRequest>

export const LearntDeep = v.object({
  /** Of the tuned backbone, whose file is in the folder of tuned ones. */
  quantizer: QuantizerRecord,
  steps: count,
  stepMilliseconds: v.number(),
  provider: v.string()
})
export type LearntDeep = v.InferOutput<typeof LearntDeep>

/** A model, and photos by its backbone. */
const ByModel = v.object({ quantizer: QuantizerRecord, features: halves })

export const ValidateDeepRequest = v.object({
  before: ByModel, // what it began with
  after: ByModel,
  /** What serves, of the backbone of `before`, where it is another: see ValidateDeepOptions. */
  serving: v.nullable(QuantizerRecord),
  outside: OutsideLabels,
  ...ofSample
})
export type ValidateDeepRequest = v.InferOutput<typeof ValidateDeepRequest>

export const Learnt = v.object({
  /** Better than `serving`; null: none was. */
  quantizer: v.nullable(QuantizerRecord),
  /** The same without the witnesses: what was judged. */
  blind: v.nullable(QuantizerRecord),
  opponent: v.picklist(['serving', 'start']), // that it was compared with last
  verdict: Verdict,
  /** Of what serves and of the candidate, where these have other bits. */
  prices: v.array(Price),
  setting: v.nullable(Setting), // it was trained with
  scoreBefore: v.number(),
  scoreAfter: v.number(),
  steps: count,
  stepMilliseconds: v.number(),
  provider: v.string()
})
export type Learnt = v.InferOutput<typeof Learnt>

export const LearningStep = v.object({
  run: count,
  phase: LearnPhase,
  done: count, // of the phase
  total: count,
  trial: count,
  trials: count,
  step: count, // of the trial
  loss: v.nullable(v.number())
})
export type LearningStep = v.InferOutput<typeof LearningStep>
