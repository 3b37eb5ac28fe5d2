// What compute offers to the engine: photos into features and codes, and the fitting of quantizers.
// Numbers that are stored travel as f16 bit patterns (Uint16Array), row-major.
import * as v from 'valibot'
import { defineContract } from './channel.ts'
import { FaultRecord } from './fault.ts'
import { Crop } from './query-contract.ts'
import { Device, LearnPhase, PROVIDERS, Setting } from './learning-contract.ts'

// Over whatever buffer: senders need not copy a view to please the type.
const bytes = v.instance<new () => Uint8Array>(Uint8Array)
const halves = v.instance<new () => Uint16Array>(Uint16Array)
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** A photo to be processed. `path` is trusted: it comes from the engine, never from the page. */
export const PhotoSource = v.object({ id: count, path: v.string() })

/**
 * What one photo became. Sizes are of the whole photo, upright; capturedAt in ms since 1970, local.
 */
export const Described = v.object({
  outcome: v.literal('described'),
  id: count,
  hash: v.string(), // sha-256 of the file's bytes, lower-case hexadecimal
  fileSize: count, // bytes
  width: count,
  height: count,
  capturedAt: v.nullable(v.number()),
  feature: halves, // [D]
  projected: v.nullable(halves), // [256]; null while no quantizer serves, as the next two
  descriptor: v.nullable(halves), // [M*L]
  code: v.nullable(bytes) // [M/2], two 4-bit codewords a byte, even book in the low half
})
export type Described = v.InferOutput<typeof Described>

export const Refused = v.object({ outcome: v.literal('refused'), id: count, fault: FaultRecord })
export type Refused = v.InferOutput<typeof Refused>

/** A quantizer as it is kept and sent: a small header and one block of float32. */
export const QuantizerRecord = v.object({
  version: v.number(),
  backbone: v.string(), // sha-256 of the ONNX file it was fitted on
  M: count, // codebooks
  K: count, // codewords a book
  L: count, // floats a codeword
  fittedOn: count, // photos
  /** Layout in model/quant/quantizer.ts; validated there. */
  weights: bytes
})
export type QuantizerRecord = v.InferOutput<typeof QuantizerRecord>

export const Encoded = v.object({
  projected: halves, // [n, 256]
  descriptors: halves, // [n, M*L]
  codes: bytes // [n, M/2]
})
export type Encoded = v.InferOutput<typeof Encoded>

/** Augmented views of one photo, projected. */
export const Seen = v.object({
  outcome: v.literal('seen'),
  id: count,
  views: halves // [V, 256]
})
export type Seen = v.InferOutput<typeof Seen>

/** A photo whose content is known: where its file cannot be read, its thumbnail can. */
export const KnownPhoto = v.object({ ...PhotoSource.entries, thumbnail: v.string() })
export type KnownPhoto = v.InferOutput<typeof KnownPhoto>

/** The feature of a photo by another backbone than the one that serves. */
export const Renewed = v.object({ outcome: v.literal('renewed'), id: count, feature: halves })
export type Renewed = v.InferOutput<typeof Renewed>

/** What a head is learned from, and how; what is left out is chosen without labels. */
export const LearnHeadRequest = v.object({
  /** Names the run in its events. */
  run: count,
  start: QuantizerRecord, // a first quantizer: its projection is kept
  serving: QuantizerRecord, // what a candidate has to beat
  n: count, // photos
  features: halves, // [n, D]
  V: count,
  views: halves, // [n, V, 256], projected as by `start`
  fresh: bytes, // [n]; 1: `serving` has not learned from this photo
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

/** Photos of a sample, a tenth of which is held out: the same, whichever of it are there. */
const ofSample = {
  n: count, // photos that are there
  places: v.instance<new () => Uint32Array>(Uint32Array), // where each is in the sample, [n]
  sampled: count, // photos that the sample has
  seed: count
}

/** What a head is learned from that has not seen the photos held out of deep training. */
export const LearnUnseenRequest = v.object({
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
export type LearnUnseenRequest = v.InferOutput<typeof LearnUnseenRequest>

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
  epochs: count, // how often each photo is the first of a pair, where `steps` is left out
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

export const ProveDeepRequest = v.object({
  before: ByModel, // what it began with
  after: ByModel,
  /** What serves, of the backbone of `before`, where it is another: see model's ProveDeepOptions. */
  serving: v.nullable(QuantizerRecord),
  ...ofSample
})
export type ProveDeepRequest = v.InferOutput<typeof ProveDeepRequest>

export const Learnt = v.object({
  /** Better than `serving`; null: none was. */
  quantizer: v.nullable(QuantizerRecord),
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

export const computeContract = defineContract({
  name: 'compute',
  version: 1,
  methods: {
    /** Says what the shipped backbone is; learns where the library has its tuned ones. */
    describe: {
      argument: v.object({ tuned: v.string() }), // a folder, which may not be there
      result: v.object({
        backbone: v.string(), // its name
        sha256: v.string(),
        featureSize: count,
        provider: v.string(),
        /** Changes when the machine, its system or a driver does: devices are measured again. */
        machine: v.string()
      })
    },
    /**
     * Sets the quantizer that `process` and `embed` encode with (null: none), and with it the
     * backbone that describes: the one it was fitted on, or the shipped one. Throws Fault bad-model
     * when that is not there or is not what its card says; then all stays as it was.
     */
    use: { argument: v.object({ quantizer: v.nullable(QuantizerRecord) }), result: v.object({}) },
    /**
     * Reads, decodes and describes a batch; every photo gets an outcome of its own, in order.
     * Call it with two to four batches in flight: decoding of one overlaps the backbone of another.
     * Thumbnails are written below `thumbnails` as <first two digits>/<name>.webp, atomically.
     */
    process: {
      argument: v.object({ photos: v.array(PhotoSource), thumbnails: v.string() }),
      result: v.object({
        backbone: v.string(), // sha-256 of the one that described all of them
        outcomes: v.array(v.variant('outcome', [Described, Refused]))
      })
    },
    /**
     * Makes the thumbnail of a file that is known and writes it, as `process` does, over whatever
     * has its name. Throws a Fault: not-found where the file has another content by now.
     */
    makeThumbnail: {
      argument: v.object({
        path: v.string(),
        hash: v.string(), // sha-256 that its bytes must have
        thumbnails: v.string()
      }),
      result: v.object({})
    },
    /** Describes one picture that is not in the library, or a part of it; sizes are the part's. */
    embed: {
      argument: v.object({
        source: v.union([v.object({ path: v.string() }), v.object({ bytes })]),
        crop: v.optional(v.nullable(Crop))
      }),
      result: v.object({
        backbone: v.string(),
        width: count,
        height: count,
        feature: halves,
        projected: v.nullable(halves),
        descriptor: v.nullable(halves)
      })
    },
    /** Fits the first quantizer (METHOD.md 4.2) on features [n, D]. */
    fit: {
      argument: v.object({
        backbone: v.optional(v.string()), // sha-256 of the one that made them; the shipped one
        features: halves,
        n: count,
        bits: count,
        seed: count
      }),
      result: v.object({ quantizer: QuantizerRecord })
    },
    /** Encodes features [n, D] with a quantizer, in order. */
    encode: {
      argument: v.object({ quantizer: QuantizerRecord, features: halves, n: count }),
      result: Encoded
    },
    /**
     * Augmented views of photos: each is decoded once. The same seed and id give the same views.
     */
    views: {
      argument: v.object({
        photos: v.array(PhotoSource),
        quantizer: QuantizerRecord, // whose backbone and projection are taken
        V: count, // views of each
        seed: count
      }),
      result: v.object({ outcomes: v.array(v.variant('outcome', [Seen, Refused])) })
    },
    /**
     * Trains a head and its codebooks (METHOD.md 4), one run at a time, and lets all other calls
     * go first. Tells `learning` and `checkpoint`; cancel it by its signal.
     */
    learnHead: { argument: LearnHeadRequest, result: Learnt },
    /** Trains a head with one setting, without the photos held out, and proves nothing. */
    learnUnseen: {
      argument: LearnUnseenRequest,
      result: v.object({ quantizer: QuantizerRecord })
    },
    /** The same for the last layers of its backbone too; what comes of it is not proven yet. */
    learnDeep: { argument: LearnDeepRequest, result: LearntDeep },
    /** Whether what deep training gave is better than what serves, by photos held out. */
    proveDeep: {
      argument: ProveDeepRequest,
      result: v.object({ kept: v.boolean(), scoreBefore: v.number(), scoreAfter: v.number() })
    },
    /** Describes photos by a backbone beside the one in use. Lets `embed` and `encode` go first. */
    renew: {
      argument: v.object({ photos: v.array(KnownPhoto), backbone: v.string() }),
      result: v.object({ outcomes: v.array(v.variant('outcome', [Renewed, Refused])) })
    },
    /** What runs the backbone from now on. Throws Fault device; then all stays as it was. */
    useProvider: {
      argument: v.object({ provider: v.picklist(PROVIDERS) }),
      result: v.object({ provider: v.string() })
    },
    /** The backbone and a training step on each provider that runs here; takes some seconds. */
    measure: { argument: v.object({}), result: v.object({ devices: v.array(Device) }) },
    /** Share of time in the backbone since the last call, for the report of a run. */
    usage: {
      argument: v.object({}),
      result: v.object({ busyMilliseconds: v.number(), wallMilliseconds: v.number() })
    }
  },
  events: {
    /** Photos that now go through decoding, so that a death can be laid at the right door. */
    began: v.object({ ids: v.array(count) }),
    learning: LearningStep,
    /** What `learnHead`, `learnUnseen` or `learnDeep` goes on from. */
    checkpoint: v.object({ run: count, state: bytes }),
    /** What ran the backbone could not go on: the processor has taken over. */
    deviceLost: v.object({ provider: v.string(), reason: v.string() }),
    /** The decoder died and is being started again. */
    decoder: v.object({ state: v.picklist(['lost', 'ready']) })
  }
})
export type ComputeContract = typeof computeContract
