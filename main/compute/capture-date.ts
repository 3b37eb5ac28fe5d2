// When a photo was taken, from its EXIF, its XMP and an XMP file beside it. The only file that
// knows exifreader and xmldom, its parser of XML; runs in the photo worker. Metadata is as
// untrusted as pixels: nothing else of it is parsed, and what is broken counts as none.
import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom'
import ExifReader, { type IncludeTagsOptions } from 'exifreader'
import { earliest, isAhead, isPlausible, wallClockOf, type PhotoDate } from '../wire/photo-date.ts'
import { parseDateText } from './date-text.ts'
import { beforePixels, wrappedMetadata } from './wrapped-metadata.ts'

const EXIF_TAGS = [
  'DateTimeOriginal', 'SubSecTimeOriginal', 'DateTimeDigitized', 'SubSecTimeDigitized',
  'DateTime', 'SubSecTime', 'GPSDateStamp', 'GPSTimeStamp'
] as const
const XMP_TAGS = ['DateTimeOriginal', 'DateCreated', 'DateTimeDigitized', 'CreateDate'] as const

/** So much of a file's begin nearly always has its EXIF. */
const LIKELY_BYTES = 2 ** 18

// exifreader would look for it at run time, where a bundle has none. It expands no entities.
const domParser = new DOMParser({ onError: onErrorStopParsing })

/** When the picture was taken, and when it was made into a file, a scan for instance. */
interface Dates {
  taken: readonly (number | null)[]
  made: readonly (number | null)[]
}

const NONE: Dates = { taken: [], made: [] }

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
export function findDate(
  file: Uint8Array,
  sidecar: Uint8Array | null = null,
  now = Date.now()
): FoundDate {
  const beside = sidecar ? xmpDates(asPacket(sidecar)) : NONE
  const wrapped = wrappedMetadata(file)
  const head = beforePixels(file)
  const exif = wrapped.exif ? exifDates(wrapped.exif) : exifNearBegin(head)
  let ahead: number | null = null
  const first = (dates: Dates['taken']): number | undefined => {
    for (const at of dates) {
      if (at === null) continue
      if (isPlausible(at, now)) return at
      if (isAhead(at, now)) ahead = earliest(ahead, at)
    }
    return undefined
  }
  let inside: Dates | undefined // parsed only where EXIF is not enough
  const xmp = (): Dates => (inside ??= xmpDates(wrapped.xmp ? asPacket(wrapped.xmp) : head))
  const choices = [
    ['sidecar', () => first(beside.taken)],
    ['exif', () => first(exif.taken)],
    ['xmp', () => first(xmp().taken)],
    ['sidecar', () => first(beside.made)],
    ['exif', () => first(exif.made)],
    ['xmp', () => first(xmp().made)],
    ['exif', () => first(exif.others)]
  ] as const
  for (const [source, choice] of choices) {
    const at = choice()
    if (at !== undefined) return { date: { at, source }, ahead }
  }
  return { date: null, ahead }
}

/** exifreader looks through all of a file, of which EXIF is at the begin in nearly every one. */
function exifNearBegin(file: Uint8Array): ReturnType<typeof exifDates> {
  if (file.length > LIKELY_BYTES) {
    const near = exifDates(file.subarray(0, LIKELY_BYTES))
    if (near.taken.some((at) => at !== null)) return near
  }
  return exifDates(file)
}

function exifDates(file: Uint8Array): Dates & { others: Dates['taken'] } {
  const tags = load(file, { exif: [...EXIF_TAGS] })?.exif
  if (!tags) return { ...NONE, others: [] }
  const text = (name: (typeof EXIF_TAGS)[number]): unknown => tags[name]?.description
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

function xmpDates(packet: Uint8Array): Dates {
  const tags = load(packet, { xmp: [...XMP_TAGS] })?.xmp
  if (!tags) return NONE
  const date = (name: (typeof XMP_TAGS)[number]): number | null => parseDateText(tags[name]?.value)
  return {
    taken: [date('DateTimeOriginal'), date('DateCreated')],
    made: [date('DateTimeDigitized'), date('CreateDate')]
  }
}

/** An XMP file in the form that exifreader takes one in: as a packet, without an XML head. */
function asPacket(sidecar: Uint8Array): Uint8Array {
  const bytes = Buffer.from(sidecar.buffer, sidecar.byteOffset, sidecar.byteLength)
  const starts = ['<x:xmpmeta', '<rdf:RDF'].map((mark) => bytes.indexOf(mark))
  const start = starts.find((at) => at >= 0) ?? 0
  const end = bytes.lastIndexOf('>') + 1
  return Buffer.concat([Buffer.from('<?xpacket begin="" id=""?>'), bytes.subarray(start, end)])
}

/** A photo can do without metadata: where it is missing or broken there is none. */
function load(
  file: Uint8Array,
  includeTags: IncludeTagsOptions
): ExifReader.ExpandedTags | undefined {
  try {
    const { buffer, byteOffset, byteLength } = file
    const bytes = Buffer.from(buffer, byteOffset, byteLength)
    return ExifReader.load(bytes, { includeTags, expanded: true, domParser })
  } catch {
    return undefined
  }
}
