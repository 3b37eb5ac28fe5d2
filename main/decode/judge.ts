// Judges the bytes of a picture before a decoder gets them: whether enough of it is there, and what
// is wrong with it. Pure; the same for both decoders. See [Note: damage].
import type { PictureFile } from '../wire/decoder-contract.ts'
import type { Decodable } from './damage.ts'
import { judgeGif } from './gif-damage.ts'
import { judgeAvif, judgeHeic } from './heif-damage.ts'
import { judgeJpeg } from './jpeg-scans.ts'
import { Malformed } from './malformed.ts'
import { corrupt } from './decoder.ts'
import { judgePng } from './png-damage.ts'
import { judgeWebp } from './webp-damage.ts'

type Judge = (bytes: Uint8Array<ArrayBuffer>, subject: string) => Decodable

/** Of the others decoders accept what is whole, and nothing else. */
const JUDGES: Partial<Record<PictureFile, Judge>> = {
  jpeg: judgeJpeg,
  png: judgePng,
  webp: judgeWebp,
  gif: judgeGif,
  heic: judgeHeic,
  avif: judgeAvif
}

/**
 * The file as decoders are to get it, and what is wrong with it. Its header must have been read.
 * Throws a Fault `corrupt-photo` for one of which less than nine tenths came out.
 */
export function judge(
  bytes: Uint8Array<ArrayBuffer>,
  format: PictureFile,
  subject: string
): Decodable {
  try {
    return JUDGES[format]?.(bytes, subject) ?? { bytes, damage: null }
  } catch (error) {
    // A DataView throws RangeError beyond its end.
    if (!(error instanceof Malformed) && !(error instanceof RangeError)) throw error
    throw corrupt(subject, 'a structure that makes no sense')
  }
}
