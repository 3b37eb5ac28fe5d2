// What narrows an answer, the grid's or that of kin; and the traits that it may narrow by. Pure.
import * as v from 'valibot'
import { DECODED_FORMATS, type DecodedFormat } from './decoder-contract.ts'
import { Latitude, LONGEST_NAME, Longitude } from './photo-facts.ts'

const id = v.pipe(v.number(), v.integer(), v.minValue(1))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** How good a person finds a photo; 0: not rated. */
export const Rating = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5))
export type Rating = v.InferOutput<typeof Rating>

/** A square's longer side is at most a twentieth longer than the other. */
export const ORIENTATIONS = ['landscape', 'portrait', 'square'] as const
export type Orientation = (typeof ORIENTATIONS)[number]

/** Within so many kilometres of a place, along the ground. */
export const Near = v.object({
  latitude: Latitude,
  longitude: Longitude,
  kilometres: v.pipe(v.number(), v.minValue(0.001), v.maxValue(20_100))
})
export type Near = v.InferOutput<typeof Near>

/** What selects photos; all that is given must hold. */
export const Filter = v.object({
  folder: v.optional(id), // library folder
  /** Below this directory of it: relative, '/' between names. */
  directory: v.optional(v.pipe(v.string(), v.maxLength(4096))),
  from: v.optional(v.number()), // capture date, else file date, ms since 1970, included
  until: v.optional(v.number()), // excluded
  favourites: v.optional(v.boolean()), // true: only favourites
  rating: v.optional(Rating), // so high or higher; 0: any
  camera: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_NAME))),
  format: v.optional(v.picklist(DECODED_FORMATS)), // of the file, by its content
  orientation: v.optional(v.picklist(ORIENTATIONS)), // as it is shown
  megapixels: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10_000))), // or more
  placed: v.optional(v.boolean()), // true: only with a place; false: only without
  near: v.optional(Near)
})
export type Filter = v.InferOutput<typeof Filter>

/** The sizes that are offered: megapixels, or more. */
export const OFFERED_MEGAPIXELS = [1, 2, 5, 10, 20, 50] as const

/** How many photos of the library have each trait that a filter may ask for. */
export const Traits = v.object({
  formats: v.array(v.object({ format: v.picklist(DECODED_FORMATS), photos: count })), // most first
  cameras: v.array(v.object({ camera: v.string(), photos: count })), // most first
  orientations: v.record(v.picklist(ORIENTATIONS), count),
  megapixels: v.array(v.object({ least: v.number(), photos: count })), // as they are offered
  placed: count,
  unplaced: count
})
export type Traits = v.InferOutput<typeof Traits>

/** The orientation of a picture of this size in pixels, upright. */
export function orientationOf(width: number, height: number): Orientation {
  if (20 * Math.max(width, height) <= 21 * Math.min(width, height)) return 'square'
  return width > height ? 'landscape' : 'portrait'
}

/** Kinds of files as people call them. */
export const FORMAT_NAMES: Readonly<Record<DecodedFormat, string>> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  avif: 'AVIF',
  gif: 'GIF',
  heic: 'HEIC',
  tiff: 'TIFF',
  jxl: 'JPEG XL',
  psd: 'Photoshop',
  bmp: 'BMP',
  pnm: 'PNM',
  raw: 'RAW'
}
