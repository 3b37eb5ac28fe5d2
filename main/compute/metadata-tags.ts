// EXIF and XMP of a photo, and of an XMP file beside it, as tags. The only file that knows
// exifreader and xmldom, its parser of XML; runs in the photo worker. Metadata is as untrusted as
// pixels: nothing but the tags named here is parsed, and what is broken counts as none.
import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom'
import ExifReader, { type IncludeTagsOptions } from 'exifreader'
import { beforePixels, wrappedMetadata } from './wrapped-metadata.ts'

const EXIF_TAGS = [
  'DateTimeOriginal', 'SubSecTimeOriginal', 'DateTimeDigitized', 'SubSecTimeDigitized',
  'DateTime', 'SubSecTime', 'GPSDateStamp', 'GPSTimeStamp',
  'Make', 'Model', 'LensModel', 'ExposureTime', 'FNumber', 'ISOSpeedRatings', 'FocalLength',
  'GPSLatitude', 'GPSLatitudeRef', 'GPSLongitude', 'GPSLongitudeRef', 'GPSAltitude',
  'GPSAltitudeRef'
] as const
const XMP_TAGS = [
  'DateTimeOriginal', 'DateCreated', 'DateTimeDigitized', 'CreateDate',
  'Make', 'Model', 'LensModel', 'Lens', 'ExposureTime', 'FNumber', 'ISOSpeedRatings',
  'PhotographicSensitivity', 'FocalLength', 'GPSLatitude', 'GPSLongitude', 'GPSAltitude',
  'GPSAltitudeRef'
] as const

/** A tag: as it is written, and in words. */
interface Tag {
  value?: unknown
  description?: unknown
}
export type ExifTags = Partial<Record<(typeof EXIF_TAGS)[number], Tag>>
export type XmpTags = Partial<Record<(typeof XMP_TAGS)[number], Tag>>

/** What is written in a photo's file and in the XMP file beside it. */
export interface PhotoTags {
  exif: ExifTags
  /** Of the photo's own XMP, which is parsed when it is first asked for. */
  xmp(): XmpTags
  sidecar: XmpTags
}

/** So much of a file's begin nearly always has its EXIF. */
const LIKELY_BYTES = 2 ** 18

/** Longer XMP, in UTF-16 units, is not parsed: as long as an XMP file beside a photo may be. */
const LONGEST_XMP = 4 * 2 ** 20
/** Nor is XMP with more namespaces: of nested ones parsing takes the square of their number. */
const MOST_NAMESPACES = 2000

// exifreader would look for it at run time, where a bundle has none. It expands no entities.
const parser = new DOMParser({ onError: onErrorStopParsing })
const domParser = {
  parseFromString(xml: string, type: string): unknown {
    const isShort = xml.length <= LONGEST_XMP
    if (!isShort || xml.split('xmlns', MOST_NAMESPACES + 2).length > MOST_NAMESPACES + 1)
      throw new Error('no photo has XMP like this')
    return parser.parseFromString(xml, type)
  }
}

/**
 * The tags of a photo. `isEnough`: EXIF in which there is nothing more to be looked for, so that
 * the rest of the file is not looked through for it.
 */
export function tagsOf(
  file: Uint8Array,
  sidecar: Uint8Array | null,
  isEnough: (exif: ExifTags) => boolean
): PhotoTags {
  const wrapped = wrappedMetadata(file)
  const head = beforePixels(file)
  let inside: XmpTags | undefined
  return {
    exif: wrapped.exif ? exifOf(wrapped.exif) : exifNearBegin(head, isEnough),
    xmp: () => (inside ??= xmpOf(wrapped.xmp ? asPacket(wrapped.xmp) : head)),
    sidecar: sidecar ? xmpOf(asPacket(sidecar)) : {}
  }
}

/** exifreader looks through all of a file, of which EXIF is at the begin in nearly every one. */
function exifNearBegin(file: Uint8Array, isEnough: (exif: ExifTags) => boolean): ExifTags {
  if (file.length > LIKELY_BYTES) {
    const near = exifOf(file.subarray(0, LIKELY_BYTES))
    if (isEnough(near)) return near
  }
  return exifOf(file)
}

function exifOf(file: Uint8Array): ExifTags {
  return load(file, { exif: [...EXIF_TAGS] })?.exif ?? {}
}

function xmpOf(packet: Uint8Array): XmpTags {
  const tags = load(packet, { xmp: [...XMP_TAGS] })?.xmp
  return tags ? Object.fromEntries(XMP_TAGS.map((name) => [name, tags[name]])) : {}
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
