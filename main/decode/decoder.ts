// What the two decoders share: the call they answer, the size they scale to and the faults they
// throw. Pure; runs in the decoder window and in compute.
import * as v from 'valibot'
import { decoderContract, type Pixels } from '../wire/decoder-contract.ts'
import { Fault, faultOf } from '../wire/fault.ts'
import { MOST_LARGE_PIXELS, inEighths, zoomEighths, zoomSize } from '../wire/large-picture.ts'

export type DecodeRequest = v.InferOutput<(typeof decoderContract.methods.decode)['argument']>

/**
 * Upright pixels of untrusted bytes, which are the decoder's from then on: it changes them, so that
 * they can be decoded once. Throws a Fault (`corrupt-photo`, `too-large`, `cancelled`, or one of
 * `blameless`).
 */
export type Decode = (request: DecodeRequest, signal: AbortSignal) => Promise<Pixels>

type Methods = (typeof decoderContract)['methods']
export type PictureRequest = v.InferOutput<Methods['picture']['argument']>
export type HoldRequest = v.InferOutput<Methods['hold']['argument']>
export type PartRequest = v.InferOutput<Methods['part']['argument']>

/** What makes large pictures; see decoderContract. All throw Faults, bytes are as above. */
export interface LargePictureDecoder {
  picture: (request: PictureRequest, signal: AbortSignal) => Promise<Uint8Array>
  hold: (request: HoldRequest, signal: AbortSignal) => Promise<void>
  part: (request: PartRequest, signal: AbortSignal) => Promise<Uint8Array>
}

/** All that a decoder does. */
export interface Decoder extends LargePictureDecoder {
  decode: Decode
}

/** In pixels. */
export interface Size {
  width: number
  height: number
}

/** A decoded picture is at most this long on a side; longer strips are scaled down further. */
const MAXIMUM_SIDE = 16_383

/** Seconds after which a decode is given up: far above the largest photo that is allowed. */
export const PATIENCE_SECONDS = 60

/**
 * The size a photo of width x height (pixels, upright) is scaled to: never enlarged, never empty.
 */
export function scaledSize(width: number, height: number, shortSide: number): Size {
  const short = Math.min(width, height)
  const long = Math.max(width, height)
  const scale = Math.min(1, shortSide / short, MAXIMUM_SIDE / long)
  const scaled = (side: number): number => Math.max(1, Math.round(side * scale))
  return { width: scaled(width), height: scaled(height) }
}

/**
 * The scale, n of 8, at which a JPEG is decoded to be made small from there: what libvips takes, so
 * that both decoders begin with the same pixels. At least an eighth more than is wanted is left.
 */
export function jpegEighths(whole: Size, wanted: Size): number {
  const shrink = Math.min(whole.width / wanted.width, whole.height / wanted.height)
  return shrink >= 9 ? 1 : shrink >= 5 ? 2 : shrink >= 3 ? 4 : 8
}

/** What decoded pixels are for: to be searched by and shown small, to fill a screen, for zoom. */
export type Use = 'search' | 'large' | 'zoom'

/** How a photo is decoded. */
export interface Aim {
  /** Of the decoded pixels, at most; the size that a photo turns out to have decides. */
  shortSide: number
  /** A JPEG is decoded at so many eighths, and then made this size. */
  eighths: number
  size: Size
}

/**
 * To fill a screen a JPEG is taken as it comes at the fewest eighths that have the short side: that
 * is quicker than to make it small afterwards, and pages draw it in any size.
 */
export function aimOf(whole: Size, use: Use, shortSide: number, isJpeg: boolean): Aim {
  if (use === 'zoom') {
    const size = zoomSize(whole)
    return { shortSide: shortOf(size), eighths: zoomEighths(whole), size }
  }
  if (use === 'search') {
    const size = scaledSize(whole.width, whole.height, shortSide)
    return { shortSide, eighths: jpegEighths(whole, size), size }
  }
  const most = Math.sqrt(MOST_LARGE_PIXELS / (whole.width * whole.height))
  const side = Math.min(shortSide, Math.floor(shortOf(whole) * most))
  if (!isJpeg)
    return { shortSide: side, eighths: 8, size: scaledSize(whole.width, whole.height, side) }
  const enough = [1, 2, 3, 4, 5, 6, 7].find((n) => shortOf(inEighths(whole, n)) >= side)
  const eighths = Math.min(enough ?? 8, Math.max(1, Math.floor(8 * most)))
  return { shortSide: side, eighths, size: inEighths(whole, eighths) }
}

function shortOf({ width, height }: Size): number {
  return Math.min(width, height)
}

/** What is told of a photo that a decoder gave up after so long, in whatever words of its own. */
export function unreadable(milliseconds: number): string {
  const isLate = milliseconds >= PATIENCE_SECONDS * 1000
  return isLate ? `no picture after ${PATIENCE_SECONDS} s` : 'pixels that cannot be read'
}

/**
 * The fault of bytes that no decoder accepts. `received`: what they are instead, in words for
 * people: a noun, without the names of libraries.
 */
export function corrupt(subject: string, received: string): Fault {
  return new Fault({
    kind: 'corrupt-photo',
    subject,
    expected: 'a photo that decodes to its last row',
    received
  })
}

/**
 * The fault of an error that came of what is ours or the machine's, not of the photo's bytes: it
 * waits. Of sizes that are allowed, a RangeError tells that there was no memory.
 */
export function blameless(error: unknown, subject: string): Fault {
  if (!(error instanceof RangeError)) return faultOf(error, subject, 'photo')
  const [expected, received] = ['memory for its pixels', error.message]
  return new Fault({ kind: 'system-busy', about: 'photo', subject, expected, received })
}
