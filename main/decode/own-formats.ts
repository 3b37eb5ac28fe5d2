// Formats that Chromium or sharp does not decode: decoded, and made small, by the same code in the
// decoder window and in plain Node, so that both show one picture. Pure, but for loading that code
// when it is first needed.
import type { OwnFormat } from '../wire/decoder-contract.ts'
import { scaledSize, type Size } from './decoder.ts'
import { isReducible, reduced, type Bitmap } from './reduce.ts'

type DecodeOwn = (bytes: Uint8Array, subject: string) => Promise<Bitmap>

const DECODERS: Record<OwnFormat, DecodeOwn> = {
  heic: async (bytes, subject) => (await import('./heif.ts')).decodeHeif(bytes, subject)
}

/** A picture, upright; its colours are as stored. */
export interface OwnPicture extends Bitmap {
  /** Its size before it was made small. */
  whole: Size
}

/**
 * Decodes a file of one of these formats: in the size that is asked for, or larger where less than
 * half is asked for. Throws a Fault `corrupt-photo` or `unsupported-format`.
 */
export async function decodeOwn(
  format: OwnFormat,
  bytes: Uint8Array,
  shortSide: number,
  subject: string
): Promise<OwnPicture> {
  const picture = await DECODERS[format](bytes, subject)
  const whole = { width: picture.width, height: picture.height }
  const size = scaledSize(whole.width, whole.height, shortSide)
  return { whole, ...(isReducible(whole, size) ? reduced(picture, size) : picture) }
}

/** True for a format that is decoded here. */
export function isOwnFormat(format: string): format is OwnFormat {
  return Object.hasOwn(DECODERS, format)
}
