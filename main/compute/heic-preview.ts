// The thumbnail of a HEIC, which is decoded in place of the whole where that is sound. Runs in a
// photo thread; decodes no pixel. Pure; bytes are untrusted.
import type { Size } from '../decode/decoder.ts'
import { readHeader } from '../decode/header.ts'
import { heicThumbnail } from '../decode/heif-thumbnail.ts'
import { judge } from '../decode/judge.ts'
import { swapsSides } from '../decode/orientation.ts'
import { isFault } from '../wire/fault.ts'

export interface HeicPreview {
  bytes: Uint8Array<ArrayBuffer>
  format: 'heic'
  /** The size of the whole, upright. */
  whole: Size
}

/**
 * A HEIC of that thumbnail alone, which lies as the whole does. Undefined where there is none with
 * about `shortSide`, and for a file that is damaged or too large: who decodes the whole says so.
 */
export function heicPreview(
  bytes: Uint8Array<ArrayBuffer>,
  shortSide: number
): HeicPreview | undefined {
  const thumbnail = heicThumbnail(bytes, shortSide)
  if (!thumbnail) return undefined
  try {
    const { orientation } = readHeader(bytes, 'heic', '')
    if (judge(bytes, 'heic', '').damage) return undefined
    const { file, whole: { width, height } } = thumbnail
    const isOnItsSide = orientation !== undefined && swapsSides(orientation.value)
    const whole = isOnItsSide ? { width: height, height: width } : { width, height }
    return { bytes: file, format: 'heic', whole }
  } catch (error) {
    if (isFault(error)) return undefined
    throw error
  }
}
