// When a photo was taken, from its EXIF, its XMP and an XMP file beside it. Pure; runs in the photo
// worker.
import { earliest, isAhead, isPlausible, wallClockOf, type PhotoDate } from '../wire/photo-date.ts'
import { parseDateText } from './date-text.ts'
import type { ExifTags, PhotoTags, XmpTags } from './metadata-tags.ts'

/** When the picture was taken, and when it was made into a file, a scan for instance. */
interface Dates {
  taken: readonly (number | null)[]
  made: readonly (number | null)[]
}

/** The date of a photo, and the first date that would be it but lies ahead; null for none. */
export interface FoundDate {
  date: PhotoDate | null
  ahead: number | null // ms since 1970, as a clock shows it
}

/**
 * The date of a photo: when it was taken; else when it became a file; else what GPS said; else
 * when a program wrote it. Of each kind the sidecar's comes first, since programs put corrections
 * there, then EXIF, then XMP. Dates that cannot be are passed over. Null for none.
 */
export function findDate(tags: PhotoTags, now = Date.now()): FoundDate {
  const beside = xmpDates(tags.sidecar)
  const exif = exifDates(tags.exif)
  let ahead: number | null = null
  const first = (dates: Dates['taken']): number | undefined => {
    for (const at of dates) {
      if (at === null) continue
      if (isPlausible(at, now)) return at
      if (isAhead(at, now)) ahead = earliest(ahead, at)
    }
    return undefined
  }
  // XMP is parsed only where EXIF is not enough.
  const choices = [
    ['sidecar', () => first(beside.taken)],
    ['exif', () => first(exif.taken)],
    ['xmp', () => first(xmpDates(tags.xmp()).taken)],
    ['sidecar', () => first(beside.made)],
    ['exif', () => first(exif.made)],
    ['xmp', () => first(xmpDates(tags.xmp()).made)],
    ['exif', () => first(exif.others)]
  ] as const
  for (const [source, choice] of choices) {
    const at = choice()
    if (at !== undefined) return { date: { at, source }, ahead }
  }
  return { date: null, ahead }
}

/** Whether EXIF tells when a photo was taken: then it is all there. */
export function tellsWhenTaken(exif: ExifTags): boolean {
  return exifDates(exif).taken.some((at) => at !== null)
}

function exifDates(tags: ExifTags): Dates & { others: Dates['taken'] } {
  const text = (name: keyof ExifTags): unknown => tags[name]?.description
  return {
    taken: [parseDateText(text('DateTimeOriginal'), text('SubSecTimeOriginal'))],
    made: [parseDateText(text('DateTimeDigitized'), text('SubSecTimeDigitized'))],
    others: [
      satelliteDate(text('GPSDateStamp'), text('GPSTimeStamp')),
      parseDateText(text('DateTime'), text('SubSecTime'))
    ]
  }
}

/** GPS gives UTC. The camera's time zone is not known, so this computer's is taken. */
function satelliteDate(day: unknown, time: unknown): number | null {
  if (typeof day !== 'string' || typeof time !== 'string') return null
  const instant = parseDateText(`${day} ${time}`)
  return instant === null ? null : wallClockOf(instant)
}

function xmpDates(tags: XmpTags): Dates {
  const date = (name: keyof XmpTags): number | null => parseDateText(tags[name]?.value)
  return {
    taken: [date('DateTimeOriginal'), date('DateCreated')],
    made: [date('DateTimeDigitized'), date('CreateDate')]
  }
}
