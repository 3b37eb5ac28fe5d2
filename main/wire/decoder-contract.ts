// What the decoder offers to compute: untrusted bytes in, upright pixels out. Implemented twice:
// in a hidden sandboxed window (Chromium's decoders) and in plain Node (sharp).
import * as v from 'valibot'
import { defineContract } from './channel.ts'
import { TilePlace } from './large-picture.ts'
import { Crop } from './picture-part.ts'

const bytes = v.instance<new () => Uint8Array>(Uint8Array) // over whatever buffer
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** The photo formats that browsers show, and sharp decodes. */
export const SHOWN_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif'] as const
export type ShownFormat = (typeof SHOWN_FORMATS)[number]

/** Those that are decoded by code of ours or a library's, alike in both decoders. */
const OWN_FORMATS = ['heic', 'tiff', 'jxl', 'psd', 'bmp', 'pnm'] as const
export type OwnFormat = (typeof OWN_FORMATS)[number]

/**
 * What only a closer look tells, decoded like those: JPEGs of kinds that browsers do not know
 * (arithmetic codes, lossless), and what a camera's sensor measured.
 */
export type FoundFormat = 'rare-jpeg' | 'sensor'

/** The photo formats that are decoded; of a camera's RAW the preview in it, if there is one. */
export const DECODED_FORMATS = [...SHOWN_FORMATS, ...OWN_FORMATS, 'raw'] as const
export type DecodedFormat = ShownFormat | OwnFormat | 'raw'

/** The formats that hold a picture themselves. */
export type PictureFile = ShownFormat | OwnFormat | FoundFormat

/** More pixels than this are refused (`too-large`) before any pixel is decoded. */
export const MAXIMUM_PIXELS = 400_000_000

/**
 * What is wrong with a picture that is shown all the same: its last rows are missing; some of it is
 * not as it was; its details are missing.
 */
export const DamageKind = v.picklist(['end-missing', 'part-broken', 'coarse'])
export type DamageKind = v.InferOutput<typeof DamageKind>

export const Pixels = v.object({
  width: count, // of the whole photo, upright
  height: count,
  pixelWidth: count, // of `rgb`: short side `shortSide`, never enlarged
  pixelHeight: count,
  rgb: bytes, // [pixelHeight, pixelWidth, 3]; transparency laid on white; sRGB
  thumbnail: v.nullable(bytes), // JPEG of the same size, when asked for
  /** `sound`: the part of it, upright, without rows that are missing. */
  damage: v.nullable(v.object({ kind: DamageKind, sound: Crop }))
})
export type Pixels = v.InferOutput<typeof Pixels>

/** A file that is decoded to be looked at large. */
const PhotoFile = {
  bytes,
  format: v.picklist(DECODED_FORMATS),
  subject: v.string() // the file's name, for faults
}
/** A JPEG, made of pixels. */
const Picture = v.object({ bytes })

export const decoderContract = defineContract({
  name: 'decoder',
  version: 1,
  methods: {
    /** Decodes the first frame, applies EXIF orientation once, scales down to the short side. */
    decode: {
      argument: v.object({
        bytes,
        format: v.picklist(DECODED_FORMATS),
        shortSide: count,
        thumbnail: v.boolean(),
        subject: v.string(), // the file's name, for faults
        isUrgent: v.optional(v.boolean()) // somebody waits for it: before all others
      }),
      result: Pixels
    },
    /** The whole photo as large picture: its short side has at least so many pixels, or all. */
    picture: { argument: v.object({ ...PhotoFile, shortSide: count }), result: Picture },
    /**
     * Decodes a photo to be zoomed into (see [Note: large picture]) and holds it under a key, until
     * nothing of it was asked for in a while, or others take its room.
     */
    hold: { argument: v.object({ ...PhotoFile, key: v.string() }), result: v.object({}) },
    /** A tile of a photo that is held; Fault `not-found` where it is not, or has no such tile. */
    part: { argument: v.object({ key: v.string(), ...TilePlace.entries }), result: Picture },
    /** Somebody acts: only what is urgent is begun for a moment, see [Note: step aside]. */
    stepAside: { argument: v.object({}), result: v.object({}) }
  },
  events: {}
})
export type DecoderContract = typeof decoderContract
