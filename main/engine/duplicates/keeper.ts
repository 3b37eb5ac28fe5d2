// Which of several photos is suggested to be kept, and why. Pure.
import type { PhotoFacts } from '../../catalogue/duplicate-table.ts'
import type { Reason } from '../../wire/duplicate-messages.ts'
import { isRawName } from '../../wire/picture-names.ts'

/** A photo as it is compared. */
export interface Candidate extends PhotoFacts {
  path: string
  /** It lies in a protected folder: whatever is kept, this one is. */
  isProtected: boolean
  /** Its folder's place in the order that the person gave; that of no folder comes last. */
  preferred: number
  /** How sharp its small picture is, in steps that can be seen. */
  sharpness: number
}

/** The larger of two is the better one. */
const WORTH: Record<Reason, (photo: Candidate) => number> = {
  protected: ({ isProtected }) => (isProtected ? 1 : 0),
  folder: ({ preferred }) => -preferred,
  marked: ({ favourite, rating }) => 2 * rating + favourite,
  whole: ({ isDamaged }) => -isDamaged,
  sharp: ({ sharpness }) => sharpness,
  size: ({ width, height }) => width * height,
  format: ({ format, name }) => (isRawName(name) ? 3 : (FORMATS[format ?? ''] ?? 1)),
  dated: ({ capturedFrom }) => (capturedFrom === 'exif' || capturedFrom === 'xmp' ? 1 : 0),
  bytes: ({ size }) => size,
  companions: ({ companions }) => companions.length,
  first: ({ capturedAt, modifiedAt }) => -(capturedAt ?? modifiedAt),
  place: ({ path }) => -path.length
}
/** What formats keep of a picture: those not named are as JPEG is. */
const FORMATS: Readonly<Record<string, number>> = {
  raw: 3,
  psd: 2,
  tiff: 2,
  png: 2,
  bmp: 2,
  gif: 0
}

/** What decides of equal files, which differ in nothing but where they lie. */
export const OF_COPIES: readonly Reason[] = ['protected', 'folder', 'companions', 'first', 'place']
/** What decides of a picture in several versions. */
export const OF_VERSIONS: readonly Reason[] = [
  ...(['protected', 'folder', 'marked', 'whole', 'size', 'format', 'dated', 'bytes'] as const),
  ...(['companions', 'first', 'place'] as const)
]
/** What decides of several shots of one moment. */
export const OF_SHOTS: readonly Reason[] = [
  ...(['protected', 'folder', 'marked', 'whole', 'sharp', 'size', 'format'] as const),
  ...(['companions', 'bytes', 'first', 'place'] as const)
]

/** Orders photos, the one to keep first; the same whatever order they come in. */
export function bestFirst(
  photos: readonly Candidate[],
  reasons: readonly Reason[]
): Candidate[] {
  return [...photos].sort((a, b) => {
    const reason = differing(a, b, reasons)
    if (reason) return WORTH[reason](b) - WORTH[reason](a)
    return a.path < b.path ? -1 : 1
  })
}

/** Why the first of two photos goes before the second. */
export function reasonFor(
  keeper: Candidate,
  next: Candidate,
  reasons: readonly Reason[]
): Reason {
  return differing(keeper, next, reasons) ?? 'place'
}

function differing(
  a: Candidate,
  b: Candidate,
  reasons: readonly Reason[]
): Reason | undefined {
  return reasons.find((reason) => WORTH[reason](a) !== WORTH[reason](b))
}
