// When a photo was taken, from its EXIF. The only file that knows exifreader; runs in the photo
// worker.
import ExifReader from 'exifreader'

/** Original first, then when it was digitised; never when the file was last edited. */
const DATES = [
  ['DateTimeOriginal', 'SubSecTimeOriginal'],
  ['DateTimeDigitized', 'SubSecTimeDigitized']
] as const

/**
 * Nothing else is parsed: a photo's XMP, profiles and maker notes are as untrusted as its pixels.
 */
const includeTags = { exif: DATES.flat() }

/**
 * The capture time on the camera's clock, as ms since 1970 if that clock had shown UTC (so an
 * offset in the file changes nothing and photos sort by the hour their taker saw). Null for none
 * that is valid.
 */
export function captureDate(file: Uint8Array): number | null {
  const tags = load(file)
  if (!tags) return null
  for (const [name, fraction] of DATES) {
    const time = parseExifDate(tags[name]?.description, tags[fraction]?.description)
    if (time !== null) return time
  }
  return null
}

/** Metadata is beside the point of a photo: one that is missing or broken is none. */
function load(file: Uint8Array): ExifReader.Tags | undefined {
  try {
    const { buffer, byteOffset, byteLength } = file
    return ExifReader.load(Buffer.from(buffer, byteOffset, byteLength), { includeTags })
  } catch {
    return undefined
  }
}

/**
 * 'YYYY:MM:DD HH:MM:SS' and the digits of a fraction of a second. Null unless such a moment exists.
 */
export function parseExifDate(text: unknown, fraction: unknown): number | null {
  if (typeof text !== 'string') return null
  const parts = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text)
  if (!parts) return null
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number, number, number, number, number, number
  ]
  const time = Date.UTC(year, month - 1, day, hour, minute, second)
  const date = new Date(time)
  // A camera without a set clock writes zeros, and Date.UTC would carry a 13th month over.
  const exists =
    year >= 1800 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day &&
    date.getUTCHours() === hour && date.getUTCMinutes() === minute && second < 60
  if (!exists) return null
  const digits = typeof fraction === 'string' ? /^\d+/.exec(fraction)?.[0] : undefined
  return time + (digits ? Math.floor(Number(`0.${digits}`) * 1000) : 0)
}
