// What more than one contract carries between processes: numbers in bulk, photos by their path, and
// quantizers. Numbers that are stored travel as f16 bit patterns (Uint16Array), row-major. Pure.
import * as v from 'valibot'

// Over whatever buffer: senders need not copy a view to please the type.
export const bytes = v.instance<new () => Uint8Array>(Uint8Array)
export const halves = v.instance<new () => Uint16Array>(Uint16Array)
export const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** A photo to be processed. `path` is trusted: it comes from the engine, never from the page. */
const PhotoSource = v.object({ id: count, path: v.string() })

/** A photo to be described or dated, with the path of the XMP file beside it. */
export const PhotoFiles = v.object({
  ...PhotoSource.entries,
  sidecar: v.optional(v.nullable(v.string()))
})

/** A photo whose content is known: where its file cannot be read, its thumbnail can. */
export const KnownPhoto = v.object({
  ...PhotoSource.entries,
  thumbnails: v.array(v.string()), // paths; the first that is there
  /** Its thumbnail shows something in place of what is missing. */
  isDamaged: v.boolean()
})
export type KnownPhoto = v.InferOutput<typeof KnownPhoto>

/** A quantizer as it is kept and sent: a small header and one block of float32. */
export const QuantizerRecord = v.object({
  version: v.number(),
  backbone: v.string(), // sha-256 of the ONNX file it was fitted on
  M: count, // codebooks
  K: count, // codewords of a codebook
  L: count, // floats of a codeword
  fittedOn: count, // photos
  /** Layout in model/quant/quantizer.ts; validated there. */
  weights: bytes
})
export type QuantizerRecord = v.InferOutput<typeof QuantizerRecord>

/** What n photos are searched by. */
export const Coded = v.object({
  descriptors: halves, // [n, M*L]
  codes: bytes // [n, M/2]
})
export type Coded = v.InferOutput<typeof Coded>

export const Encoded = v.object({
  projected: halves, // [n, 256]
  ...Coded.entries
})
export type Encoded = v.InferOutput<typeof Encoded>
