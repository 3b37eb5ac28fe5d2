// The thumbnail of a JPEG that is no larger than one: its own bytes, without what they say of the
// photo. Encoding it anew would take longer than decoding it does, and look worse. Pure; the same
// for both decoders.
import { joined, viewOf } from './bytes.ts'
import type { Size } from './decoder.ts'
import type { Header } from './header.ts'
import { layoutOf } from './jpeg-layout.ts'
import { segmentsOf } from './jpeg-segments.ts'

/** Larger files than this are encoded anew: about the most that an encoded thumbnail takes. */
const MOST_BYTES = 32 * 1024

/** They say how colours are stored (JFIF, Adobe); the other applications' are left out. */
const [APP0, APP14] = [0xe0, 0xee]
const COMMENT = 0xfe

/**
 * A JPEG as the thumbnail of itself. Null where that would show another picture: one that was made
 * smaller, turned or converted, or one of inks. The file must be whole.
 * @param shown the size in which it is shown, pixels; @param isConverted by its colour profile
 */
export function ownThumbnail(
  bytes: Uint8Array,
  header: Header,
  shown: Size,
  isConverted: boolean
): Uint8Array<ArrayBuffer> | null {
  const { width, height, channels, orientation } = header
  const isWhole = shown.width === width && shown.height === height
  const isAsStored = !isConverted && (orientation?.value ?? 1) === 1
  if (bytes.length > MOST_BYTES || !isWhole || !isAsStored) return null
  if (channels !== 1 && channels !== 3) return null
  const { end } = layoutOf(bytes)
  if (end === undefined) return null
  const parts: Uint8Array[] = []
  let from = 0
  for (const { marker, at, end } of segmentsOf(viewOf(bytes))) {
    const isApplication = marker >= 0xe0 && marker <= 0xef
    const isKept = !isApplication || marker === APP0 || marker === APP14
    if (isKept && marker !== COMMENT) continue
    parts.push(bytes.subarray(from, at))
    from = end
  }
  return joined([...parts, bytes.subarray(from, end + 2)])
}
