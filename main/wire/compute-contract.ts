// What compute offers to the engine: photos into features and codes, the fitting of quantizers, and
// learning. Pure; numbers in bulk are as in records.ts.
import * as v from 'valibot'
import { defineContract } from './channel.ts'
import {
  LearnDeepRequest,
  LearnHeadRequest,
  TrainBaselineRequest,
  LearningStep,
  Learnt,
  LearntDeep,
  ValidateDeepRequest
} from './compute-learning.ts'
import { largeMethods } from './compute-large.ts'
import { DECODED_FORMATS, DamageKind } from './decoder-contract.ts'
import { FaultRecord } from './fault.ts'
import { Held } from './held.ts'
import { ShippedBackbone } from './arithmetic.ts'
import { Device, PROVIDERS, Verdict } from './learning-contract.ts'
import { DateSource, PhotoDate } from './photo-date.ts'
import { PhotoFacts } from './photo-facts.ts'
import { Crop } from './query-contract.ts'
import {
  Coded,
  Encoded,
  KnownPhoto,
  PhotoFiles,
  QuantizerRecord,
  bytes,
  count,
  halves
} from './records.ts'

/**
 * What a file is. Sizes are of the whole photo, upright; capturedAt in ms since 1970, local.
 */
const PhotoFile = {
  id: count,
  hash: v.string(), // sha-256 of the file's bytes, lower-case hexadecimal
  format: v.picklist(DECODED_FORMATS),
  fileSize: count, // bytes
  width: count,
  height: count,
  capturedAt: v.nullable(v.number()),
  dateSource: v.nullable(DateSource), // null without a date
  ahead: v.nullable(v.number()), // a date that counts as none until it has come
  isDated: v.boolean(), // false: the XMP file beside it could not be read and is to be
  facts: v.nullable(PhotoFacts),
  holds: v.nullable(Held),
  damage: v.nullable(DamageKind) // of a photo that is shown all the same
}

/** What one photo became. */
export const Described = v.object({
  outcome: v.literal('described'),
  ...PhotoFile,
  fingerprint: bytes, // see model/image/fingerprint.ts
  feature: halves, // [D]
  projected: v.nullable(halves), // [256]; null while no quantizer serves, as the next two
  descriptor: v.nullable(halves), // [M*L]
  code: v.nullable(bytes) // [M/2], two 4-bit codewords a byte, even codebook in the low half
})
export type Described = v.InferOutput<typeof Described>

/** What a known photo is judged to be now. */
export const Judged = v.object({
  outcome: v.literal('judged'),
  ...PhotoFile,
  isSame: v.boolean() // it shows what its thumbnail showed
})
export type Judged = v.InferOutput<typeof Judged>

export const Refused = v.object({ outcome: v.literal('refused'), id: count, fault: FaultRecord })
export type Refused = v.InferOutput<typeof Refused>

/** When a photo was taken and how, null where its metadata does not tell; what it holds. */
export const Dated = v.object({
  outcome: v.literal('dated'),
  id: count,
  date: v.nullable(PhotoDate),
  ahead: v.nullable(v.number()),
  facts: v.nullable(PhotoFacts),
  holds: v.nullable(Held)
})
export type Dated = v.InferOutput<typeof Dated>

/** What one photo looks like in the small: see model/image/fingerprint.ts. */
export const Fingerprinted = v.object({
  outcome: v.literal('fingerprinted'),
  id: count,
  fingerprint: bytes
})
export type Fingerprinted = v.InferOutput<typeof Fingerprinted>

/** Augmented views of one photo, projected. */
export const Viewed = v.object({
  outcome: v.literal('viewed'),
  id: count,
  views: halves // [V, 256]
})
export type Viewed = v.InferOutput<typeof Viewed>

/** The feature of a photo by another backbone than the one that serves. */
export const Renewed = v.object({ outcome: v.literal('renewed'), id: count, feature: halves })
export type Renewed = v.InferOutput<typeof Renewed>

export const computeContract = defineContract({
  name: 'compute',
  version: 1,
  methods: {
    /** Says which backbones there are; learns where the library has its tuned ones. */
    openBackbones: {
      argument: v.object({ tuned: v.string() }), // a folder, which may not be there
      result: v.object({
        /** Name and sha-256 of the one that describes new libraries. */
        backbone: v.string(),
        sha256: v.string(),
        featureSize: count,
        /** Those that came with Kindred. */
        shipped: v.array(ShippedBackbone),
        provider: v.string(),
        /** Changes when the machine, its system or a driver does: devices are measured again. */
        machine: v.string()
      })
    },
    /**
     * Sets the quantizer that `process` and `embed` encode with (null: none), and with it the
     * backbone that describes: the one it was fitted on, else the one that is named, else that of
     * new libraries. Throws Fault bad-model when that is not there or is not what its card says,
     * device when this processor does not compute it rightly; then all stays as it was.
     */
    setQuantizer: {
      argument: v.object({
        quantizer: v.nullable(QuantizerRecord),
        backbone: v.optional(v.string()) // sha-256
      }),
      result: v.object({})
    },
    /**
     * Reads, decodes and describes a batch; every photo gets an outcome of its own, in order.
     * Call it with two to four batches in flight: decoding of one overlaps the backbone of another.
     * Thumbnails are written below `thumbnails` as <first two digits>/<name>.jpg, atomically.
     */
    process: {
      argument: v.object({ photos: v.array(PhotoFiles), thumbnails: v.string() }),
      result: v.object({
        backbone: v.string(), // sha-256 of the one that described all of them
        outcomes: v.array(v.variant('outcome', [Described, Refused]))
      })
    },
    /**
     * Reads what metadata tells, and what files hold, of photos whose content is known; each has an
     * outcome, in order.
     */
    dates: {
      argument: v.object({ photos: v.array(PhotoFiles) }),
      result: v.object({ outcomes: v.array(v.variant('outcome', [Dated, Refused])) })
    },
    /**
     * Looks again at photos of known content, without describing them; each has an outcome, in
     * order. Thumbnails that show something else than their photos are written anew.
     */
    judge: {
      argument: v.object({
        photos: v.array(v.object({ ...PhotoFiles.entries, hash: v.string() })),
        thumbnails: v.string()
      }),
      result: v.object({ outcomes: v.array(v.variant('outcome', [Judged, Refused])) })
    },
    /**
     * Makes the thumbnail of a file that is known and writes it, as `process` does, over whatever
     * has its name. Throws a Fault: not-found where the file has another content by now.
     */
    makeThumbnail: {
      argument: v.object({
        path: v.string(),
        hash: v.string(), // sha-256 that its bytes must have
        thumbnails: v.string(),
        shortSide: count // pixels, never enlarged
      }),
      result: v.object({})
    },
    ...largeMethods,
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
        backbone: v.optional(v.string()), // sha-256 of the one that made them
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
    /** The same of features that were projected as this quantizer does, [n, 256]. */
    encodeProjected: {
      argument: v.object({ quantizer: QuantizerRecord, projected: halves, n: count }),
      result: Coded
    },
    /**
     * Augmented views of photos, made of their thumbnails, which hold all that is seen of a photo;
     * of its file where there is none. The same seed and id give the same views.
     */
    views: {
      argument: v.object({
        photos: v.array(KnownPhoto),
        quantizer: QuantizerRecord, // whose backbone and projection are taken
        V: count, // views of each
        seed: count
      }),
      result: v.object({ outcomes: v.array(v.variant('outcome', [Viewed, Refused])) })
    },
    /**
     * Trains a head and its codebooks (METHOD.md 4), one run at a time, and lets all other calls
     * go first. Tells `learning` and `checkpoint`; cancel it by its signal.
     */
    learnHead: { argument: LearnHeadRequest, result: Learnt },
    /** Trains a head with one setting, without the photos held out, and proves nothing. */
    trainBaseline: {
      argument: TrainBaselineRequest,
      result: v.object({ quantizer: QuantizerRecord })
    },
    /** The same for the last layers of its backbone too; what comes of it is not proven yet. */
    learnDeep: { argument: LearnDeepRequest, result: LearntDeep },
    /** Whether what deep training gave is better than what serves, by photos held out. */
    validateDeep: {
      argument: ValidateDeepRequest,
      result: v.object({
        kept: v.boolean(),
        scoreBefore: v.number(),
        scoreAfter: v.number(),
        verdict: Verdict
      })
    },
    /** Fingerprints of photos that are described, made of their thumbnails. */
    fingerprints: {
      argument: v.object({ photos: v.array(KnownPhoto) }),
      result: v.object({ outcomes: v.array(v.variant('outcome', [Fingerprinted, Refused])) })
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
    /** Somebody acts: nothing is begun in the background for a moment, see [Note: step aside]. */
    stepAside: { argument: v.object({}), result: v.object({}) },
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
    /** What `learnHead`, `trainBaseline` or `learnDeep` goes on from. */
    checkpoint: v.object({ run: count, state: bytes }),
    /** What ran the backbone could not go on: the processor has taken over. */
    deviceLost: v.object({ provider: v.string(), reason: v.string() }),
    /** The decoder died and is being started again. */
    decoder: v.object({ state: v.picklist(['lost', 'ready']) })
  }
})
export type ComputeContract = typeof computeContract
