// What is said about learning: on compute's line (views, training) and on the page's (the training
// screen). Pure; engine-contract.ts and compute-contract.ts take their parts from here.
import * as v from 'valibot'
import { FaultRecord } from './fault.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const id = v.pipe(v.number(), v.integer(), v.minValue(1))

export const PROVIDERS = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const

/** head: a head and codebooks on stored features. deep: the last blocks of the backbone too. */
export const Depth = v.picklist(['head', 'deep'])
export type Depth = v.InferOutput<typeof Depth>

/** Of a code. */
export const Bits = v.picklist([16, 32, 64, 128])
export type Bits = v.InferOutput<typeof Bits>

/** What may be chosen for a run; what is left out is chosen by itself, without labels. */
export const LearnOptions = v.object({
  depth: v.optional(Depth, 'head'),
  bits: v.optional(Bits),
  loss: v.optional(v.picklist(['spq', 'sscq'])),
  pairs: v.optional(v.picklist(['neighbours', 'views'])),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(10))),
  steps: v.optional(v.pipe(count, v.minValue(1), v.maxValue(1_000_000))),
  seed: v.optional(count),
  /** Of deep training: pairs of a step. */
  batch: v.optional(v.pipe(count, v.minValue(2), v.maxValue(256))),
  provider: v.optional(v.picklist(['auto', ...PROVIDERS]))
})
export type LearnOptions = v.InferOutput<typeof LearnOptions>

/** How a head was trained: model/train/head/head-contract.ts says what each is. */
export const Setting = v.object({
  loss: v.picklist(['spq', 'sscq']),
  pairs: v.picklist(['neighbours', 'views']),
  temperature: v.number(),
  neighbourShare: v.number(),
  similarityRatio: v.number(),
  steps: count
})
export type Setting = v.InferOutput<typeof Setting>

/** A setting as a library may have kept it: two of its numbers had other names once. */
export const StoredSetting = v.union([
  Setting,
  v.pipe(
    v.looseObject({ q: v.number(), r: v.number() }),
    v.transform(({ q, r, ...rest }) => ({ ...rest, neighbourShare: q, similarityRatio: r })),
    Setting
  )
])

/** A mean difference of scores, and where it lies with 98 % certainty. */
export const Interval = v.object({
  mean: v.number(),
  low: v.number(),
  high: v.number(),
  queries: count,
  groups: count
})
export type Interval = v.InferOutput<typeof Interval>

/** How the gate judged a candidate: model/train/judge/gate.ts says what each is. */
export const Verdict = v.object({
  passes: v.boolean(),
  reason: v.picklist([
    'better',
    'better-moments',
    'not-better',
    'too-small',
    'loses-things',
    'loses-events',
    'loses-folders',
    'too-few-queries'
  ]),
  gain: Interval,
  things: Interval,
  /** Of bursts, by all photos that one is known of. */
  moments: v.optional(Interval)
})
export type Verdict = v.InferOutput<typeof Verdict>

/** What codes of some bits are worth: the score of the same photos through them. */
export const Price = v.object({ bits: count, score: v.number() })
export type Price = v.InferOutput<typeof Price>

/** How a run ended. */
export const LearnResult = v.object({
  kept: v.boolean(),
  /** Why, in plain words for the user. */
  reason: v.string(),
  steps: count,
  seconds: v.number(),
  stepMilliseconds: v.number(),
  scoreBefore: v.number(), // 0..1, of held-out photos, without labels
  scoreAfter: v.number(),
  model: v.nullable(id), // that serves now; null: none
  /** By what it was kept or dropped; null of a run of an older Kindred. */
  verdict: v.optional(v.nullable(Verdict), null)
})
export type LearnResult = v.InferOutput<typeof LearnResult>

/** Where a run is. */
export const LearnPhase = v.picklist([
  'start', // of deep training: a head that has not seen the photos held out
  'views', // photos are seen again, augmented
  'graph', // which photos are neighbours
  'training',
  'features', // photos are described by a tuned backbone, for the validation
  'validation', // candidates are compared on held-out photos
  'renewal', // all other photos are described by the tuned backbone
  'encoding' // every photo gets its code of the new model
])
export type LearnPhase = v.InferOutput<typeof LearnPhase>

/** A point of the live curve. A run tries several settings, one after the other. */
export const CurvePoint = v.object({ trial: count, step: count, loss: v.number() })
export type CurvePoint = v.InferOutput<typeof CurvePoint>

/** What the training screen shows; told again at most five times a second. */
export const Learning = v.object({
  /**
   * off: too few photos, or nothing new to learn; waiting: due, and `waitsFor` says for what;
   * running; paused: the user said so; returning: on the way back to an earlier model.
   */
  state: v.picklist(['off', 'waiting', 'running', 'paused', 'returning']),
  /** While returning: photos are described in another arithmetic, and no earlier model comes. */
  anew: v.optional(v.boolean()),
  /** The user halted it, also while nothing is due and the state is off. */
  halted: v.optional(v.boolean()),
  waitsFor: v.nullable(v.picklist(['indexing', 'mains-power', 'compute'])),
  phase: v.nullable(LearnPhase),
  depth: Depth,
  done: count, // of the phase
  total: count,
  secondsLeft: v.nullable(v.number()), // of the whole run
  trial: count, // from 0
  trials: count,
  curve: v.array(CurvePoint), // thinned to some hundred points
  device: v.nullable(v.string()), // the provider, while it runs
  photos: count, // indexed now
  photosNeeded: count, // before anything can be learned
  newPhotos: count, // since the serving model was learned
  newPhotosNeeded: count, // that start the next run by themselves
  /** What deep training would take by the measured speeds; null until they were measured. */
  deepSeconds: v.nullable(v.number()),
  last: v.nullable(LearnResult),
  /** What kept the last run from ending; tried again by itself. */
  trouble: v.nullable(FaultRecord)
})
export type Learning = v.InferOutput<typeof Learning>

/** A kept model. */
export const KeptModel = v.object({
  id,
  kind: v.picklist(['first', 'learned']),
  depth: Depth,
  state: v.picklist(['candidate', 'serving', 'retired']),
  bits: count,
  fittedOn: count, // photos
  createdAt: v.number(), // ms since 1970
  device: v.nullable(v.string()),
  seconds: v.nullable(v.number()),
  steps: v.nullable(count),
  scoreBefore: v.nullable(v.number()),
  scoreAfter: v.nullable(v.number())
})
export type KeptModel = v.InferOutput<typeof KeptModel>

/** A device that could do the work, as measured on the real model. */
export const Device = v.object({
  provider: v.picklist(PROVIDERS),
  available: v.boolean(),
  /** Why not, with its remedy. */
  reason: v.nullable(v.string()),
  photosPerSecond: v.nullable(v.number()), // through the backbone
  stepMilliseconds: v.nullable(v.number()), // a step of head training
  chosen: v.boolean()
})
export type Device = v.InferOutput<typeof Device>

export const Devices = v.object({
  devices: v.array(Device),
  measuredAt: v.nullable(v.number()), // ms since 1970
  /** A device was lost and another took over: what to tell the user. */
  note: v.nullable(v.string())
})
export type Devices = v.InferOutput<typeof Devices>

/** Photos at most that kin are looked for among to be compared: a sample of larger libraries. */
export const COMPARED = 4000

/** The same photo's kin by two models, side by side. */
export const KinComparison = v.object({
  query: id,
  before: v.array(v.object({ id, score: v.number() })),
  after: v.array(v.object({ id, score: v.number() }))
})
export type KinComparison = v.InferOutput<typeof KinComparison>
