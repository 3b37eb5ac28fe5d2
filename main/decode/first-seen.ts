// The first frame of an animation with something on it, for files of which decoders show nothing,
// or a picture that is no frame.
// The same code in both decoders. Pure, but for loading what decodes it.
import type { PictureFile } from '../wire/decoder-contract.ts'
import { isFault } from '../wire/fault.ts'
import { hasPictureApart, mayMove, pngFrame } from './animation.ts'
import type { Size } from './decoder.ts'
import type { Header } from './header.ts'
import type { MovingFile, StoredPicture } from './magick.ts'
import type { Stored } from './finish.ts'
import { smallOf } from './own-formats.ts'
import type { Bitmap } from './reduce.ts'

/** Frames that are looked at: each is decoded with all before it. */
const MOST_FRAMES = 20

/** True where what decoders show of a file is no frame of it, or shows nothing. */
export function needsLaterFrame(
  bytes: Uint8Array,
  format: PictureFile,
  pixelsOf: () => Uint8Array | Uint8ClampedArray
): boolean {
  return mayMove(bytes, format) && (hasPictureApart(bytes, format) || isClear(pixelsOf()))
}

/** True for pixels, four bytes each, of which none is seen. */
function isClear(pixels: Uint8Array | Uint8ClampedArray): boolean {
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at]! > 0) return false
  return true
}

/** See `decodeOwn`. Undefined where none of the next frames shows anything, or can be decoded. */
export async function firstSeen(
  { bytes, format, subject }: { bytes: Uint8Array; format: PictureFile; subject: string },
  header: Header,
  shortSide: number
): Promise<Stored | undefined> {
  if (!isMoving(format)) return undefined
  const orientation = header.orientation?.value ?? 1
  const first = hasPictureApart(bytes, format) ? 0 : 1
  for (let index = first; index < MOST_FRAMES; index++) {
    const frame = await frameAt(bytes, format, index, subject)
    if (!frame) return undefined
    if (isClear(frame.pixels)) continue
    // Frames of an AVIF are whole.
    const whole = format === 'avif' ? frame : placed(frame, header)
    return smallOf({ ...frame, ...whole, orientation }, shortSide)
  }
  return undefined
}

function isMoving(format: PictureFile): format is MovingFile {
  return format === 'gif' || format === 'png' || format === 'webp' || format === 'avif'
}

async function frameAt(
  bytes: Uint8Array,
  format: MovingFile,
  index: number,
  subject: string
): Promise<StoredPicture | undefined> {
  const { decodeMagick } = await import('./magick.ts')
  try {
    if (format !== 'png') return await decodeMagick(bytes, format, index, subject)
    const frame = pngFrame(bytes, index)
    if (!frame) return undefined
    const { file, left, top } = frame
    return { ...(await decodeMagick(file, 'png', 0, subject)), left, top }
  } catch (error) {
    if (isFault(error)) return undefined // no more frames, or none that can be decoded
    throw error
  }
}

/** A frame at its place on an empty canvas. */
function placed({ left, top, ...frame }: StoredPicture, { width, height }: Size): Bitmap {
  if (frame.width === width && frame.height === height) return frame
  const pixels = new Uint8ClampedArray(width * height * 4)
  const columns = Math.min(frame.width, width - left)
  for (let y = 0; y < Math.min(frame.height, height - top) && columns > 0; y++) {
    const row = frame.pixels.subarray(y * frame.width * 4, (y * frame.width + columns) * 4)
    pixels.set(row, ((top + y) * width + left) * 4)
  }
  return { width, height, pixels }
}
