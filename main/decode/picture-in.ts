// Which picture of a file is decoded, and as what: of a RAW the preview in it, or where there is
// none what its sensor measured; a JPEG of a kind that few decoders know is told from others. Pure;
// bytes are untrusted.
import type { DecodedFormat, PictureFile } from '../wire/decoder-contract.ts'
import { Fault } from '../wire/fault.ts'
import { viewOf } from './bytes.ts'
import { corrupt, type DecodeRequest } from './decoder.ts'
import { isCommonFrame, isFrameHeader, segmentsOf } from './jpeg-segments.ts'
import { rawPreview } from './raw-preview.ts'
import { holdsSensorData, sensorData } from './tiff-directories.ts'

/** A file that holds a picture itself. */
interface Picture {
  bytes: Uint8Array<ArrayBuffer>
  format: PictureFile
}

/** What a sensor measured of a pixel takes a bit at least. */
const MOST_PIXELS_A_BYTE = 8

/** True for a RAW: what is in a TIFF tells whether it is one, whatever its name. */
export function isRaw(bytes: Uint8Array, format: DecodedFormat): boolean {
  return format === 'raw' || (format === 'tiff' && holdsSensorData(viewOf(bytes)))
}

/**
 * What holds the picture that is asked for: the bytes of the request or a part of them, which the
 * decoder may change. Throws a Fault `unsupported-format` for a RAW
 * without a preview that cannot be developed, or a JPEG of more than 8 bits; `corrupt-photo` for
 * such a RAW that is cut short.
 */
export function pictureIn({
  bytes,
  format,
  subject
}: Pick<DecodeRequest, 'bytes' | 'format' | 'subject'>): Picture {
  if (format === 'raw' || isRaw(bytes, format)) return rawPreview(bytes) ?? sensorIn(bytes, subject)
  return { bytes: inPlace(bytes), format: format === 'jpeg' ? jpegIn(bytes, subject) : format }
}

/** The same bytes, as decoders take them; a copy only of those that threads share. */
function inPlace({ buffer, byteOffset, length }: Uint8Array): Uint8Array<ArrayBuffer> {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer, byteOffset, length)
  return Uint8Array.from(new Uint8Array(buffer, byteOffset, length))
}

/**
 * A JPEG coded arithmetically, without loss or of 12 bits in colour is a rare one, which
 * ImageMagick reads; deeper ones, and grey ones of 12 bits, it fails to read.
 */
function jpegIn(bytes: Uint8Array, subject: string): PictureFile {
  const frame = frameOf(bytes)
  const isKnown = frame && frame.bits > 1 && frame.bits <= 16 // else its header is broken
  if (!isKnown || frame.isCommon) return 'jpeg'
  if (frame.bits <= 8 || (frame.bits === 12 && frame.components > 1)) return 'rare-jpeg'
  const received = `a JPEG of ${frame.bits} bits a colour`
  throw new Fault({ kind: 'unsupported-format', subject, expected: 'a JPEG of 8 bits', received })
}

/**
 * Only directories as those of TIFF say where the sensor's data lies: what libraries develop of a
 * file that lacks it is noise, and no error tells so.
 */
function sensorIn(bytes: Uint8Array, subject: string): Picture {
  const data = sensorData(viewOf(bytes))
  if (!data) {
    const received = 'a RAW without a preview, of a kind that is not developed'
    throw new Fault({ kind: 'unsupported-format', subject, expected: 'a preview', received })
  }
  const { width, height, end } = data
  if (end > bytes.length || data.bytes * MOST_PIXELS_A_BYTE < width * height)
    throw corrupt(subject, 'a RAW without a preview that ends before its last pixels')
  return { bytes: inPlace(bytes), format: 'sensor' }
}

/** Of the frame header of a JPEG: whether every decoder knows its kind, bits and colours. */
function frameOf(
  bytes: Uint8Array
): { isCommon: boolean; bits: number; components: number } | undefined {
  const view = viewOf(bytes)
  try {
    for (const segment of segmentsOf(view))
      if (isFrameHeader(segment))
        return {
          isCommon: isCommonFrame(view, segment),
          bits: view.getUint8(segment.body),
          components: view.getUint8(segment.body + 5)
        }
    return undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined // its header is cut: told where it is read
    throw error
  }
}
