// Which decoder some bytes are for, or why none. Pure; used by compute and by both decoders.
import { DECODED_FORMATS, type DecodedFormat } from '../wire/decoder-contract.ts'
import { Fault } from '../wire/fault.ts'
import { formatOf, type PictureFormat } from '../wire/picture-format.ts'
import { formatOfName, isRawName } from '../wire/picture-names.ts'

/**
 * The format of bytes that can be decoded; their begin is enough (`HEAD_BYTES`).
 * `subject`: the file's name. It counts where bytes say nothing, as those of some RAW files.
 * Throws a Fault: `unsupported-format` naming a known one, `corrupt-photo` for anything else.
 */
export function decodedFormatOf(bytes: Uint8Array, subject: string): DecodedFormat {
  const format = formatOfAll(bytes, subject)
  const decoded = DECODED_FORMATS.find((one) => one === format)
  if (decoded) return decoded
  if (format) {
    throw new Fault({
      kind: 'unsupported-format',
      subject,
      expected: 'JPEG, PNG, WebP, AVIF, GIF, HEIC, TIFF, JPEG XL, PSD, BMP, PNM or RAW',
      received: format
    })
  }
  throw new Fault({
    kind: 'corrupt-photo',
    subject,
    expected: 'a photo',
    received: bytes.length === 0 ? 'an empty file' : 'bytes that begin like no photo format'
  })
}

/** Most RAW files begin as any TIFF does, and some makers have no mark: then the name counts. */
function formatOfAll(bytes: Uint8Array, name: string): PictureFormat | undefined {
  const format = formatOf(bytes)
  const isOpen = bytes.length > 0 && (format === undefined || format === 'tiff')
  if (isOpen && isRawName(name)) return 'raw'
  return bytes.length > 0 && format === undefined ? formatOfName(name) : format
}
