// ImageMagick, compiled to WebAssembly: TIFF, JPEG XL, Photoshop's files, BMP, PNM, rare JPEGs,
// and by its LibRaw what sensors measured. The only file that knows it. Runs in the decoder window
// and in plain Node. Gives pixels as they are stored; sizes were checked before. After anything but
// its own errors it is started anew.
import {
  ColorSpace,
  ImageMagick,
  MagickError,
  MagickErrorSeverity,
  MagickFormat,
  MagickImage,
  MagickReadSettings,
  ResourceLimits,
  initializeImageMagick,
  type IMagickImage
} from '@imagemagick/magick-wasm'
import { MAXIMUM_PIXELS, type FoundFormat, type OwnFormat } from '../wire/decoder-contract.ts'
import { Fault, isFault } from '../wire/fault.ts'
import { corrupt, type Size } from './decoder.ts'
import type { OrientationValue } from './orientation.ts'
import type { Bitmap } from './reduce.ts'
import { wasmCode } from './wasm-code.mjs'

/** Formats of which it decodes frames that Chromium or sharp does not give. */
export type MovingFile = 'gif' | 'png' | 'webp' | 'avif'
type MagickFile = Exclude<OwnFormat, 'heic'> | FoundFormat | MovingFile

const FORMATS: Record<MagickFile, MagickFormat> = {
  tiff: MagickFormat.Tiff,
  jxl: MagickFormat.Jxl,
  psd: MagickFormat.Psd,
  bmp: MagickFormat.Bmp,
  pnm: MagickFormat.Pnm,
  sensor: MagickFormat.Dng, // any RAW: its bytes tell which
  'rare-jpeg': MagickFormat.Jpeg,
  gif: MagickFormat.Gif,
  png: MagickFormat.Png,
  webp: MagickFormat.WebP,
  avif: MagickFormat.Avif
}
/** As people call them. */
const NAMES: Record<MagickFile, string> = {
  tiff: 'TIFF',
  jxl: 'JPEG XL',
  psd: 'Photoshop file',
  bmp: 'BMP',
  pnm: 'PNM',
  sensor: 'RAW without a preview',
  'rare-jpeg': 'JPEG',
  gif: 'GIF',
  png: 'PNG',
  webp: 'WebP',
  avif: 'AVIF'
}

/** A picture as stored: its colours are those of its profile, and it is not turned. */
export interface StoredPicture extends Bitmap {
  /**
   * Numbers a pixel without transparency: 1 grey, 3 colours, 4 inks. Grey is in all of the first
   * three bytes of a pixel; inks are all four, 255 standing for none.
   */
  channels: 1 | 3 | 4
  /** Of inks that do not cover all, a byte a pixel. */
  opacity?: Uint8ClampedArray<ArrayBuffer>
  profile?: Uint8Array
  /** Where its upper left corner lies, in pixels of the animation that it is a frame of. */
  left: number
  top: number
  /** Of what a sensor measured: how it is to be turned. */
  orientation?: OrientationValue
}

/** Its memory, of which it can have 4 GiB. It may use no other: a disk would be memory, too. */
const MOST_BYTES = 3 * 2 ** 30
/** Its memory never shrinks, so that it is let go after a picture of more pixels. */
const MOST_PIXELS_KEPT = 50_000_000
/** Pixels that are taken out of it at once. */
const AT_ONCE = 2 ** 22

let opening: Promise<void> | undefined

/**
 * Decodes one picture of a file. `page`: its place among others, from 0. Throws a Fault:
 * `corrupt-photo`, `unsupported-format`, or `too-large` for what its memory does not hold.
 */
export type DecodeMagick = (
  bytes: Uint8Array,
  format: MagickFile,
  page: number,
  subject: string
) => Promise<StoredPicture>

/** See `DecodeMagick`. */
export const decodeMagick: DecodeMagick = async (bytes, format, page, subject) => {
  let started: Promise<void>
  do await (started = opening ??= open())
  while (started !== opening) // another photo brought it down while this one waited for it
  // Nothing else runs from here on.
  const image = MagickImage.create()
  let isSound = false
  try {
    image.read(bytes, settingsOf(format, page))
    if (isLabOfFloats(image)) throw rareKind(format, subject)
    const picture = storedOf(image)
    if (format === 'sensor') picture.orientation = orientationOf(image)
    isSound = picture.width * picture.height <= MOST_PIXELS_KEPT
    return picture
  } catch (error) {
    isSound = isFault(error) || (error instanceof MagickError && !isOfMemory(error))
    throw refused(error, format, subject)
  } finally {
    if (isSound) image.dispose()
    else forget()
  }
}

function settingsOf(format: MagickFile, page: number): MagickReadSettings {
  const settings = { format: FORMATS[format], frameIndex: page, frameCount: 1 }
  const all = new MagickReadSettings(settings)
  if (format === 'sensor') {
    all.setDefine(MagickFormat.Dng, 'use-camera-wb', true) // the white that the camera told
    all.setDefine(MagickFormat.Dng, 'interpolation-quality', '0') // linear: it is made small
  }
  return all
}

function orientationOf({ orientation }: IMagickImage): OrientationValue {
  return orientation >= 1 && orientation <= 8 ? (orientation as OrientationValue) : 1
}

async function open(): Promise<void> {
  try {
    await initializeImageMagick(await wasmCode('magick'))
  } catch (error) {
    forget()
    throw error
  }
  ResourceLimits.disk = 0n
  ResourceLimits.memory = BigInt(MOST_BYTES)
  ResourceLimits.area = BigInt(MAXIMUM_PIXELS)
}

/** It keeps what it opened first, unless that is taken from it. */
function forget(): void {
  opening = undefined
  Reflect.set(ImageMagick, '_api', undefined)
}

function storedOf(image: IMagickImage): StoredPicture {
  const profile = image.getColorProfile()?.data.slice() // it lies in memory that moves
  if (image.colorSpace === ColorSpace.CMYK) {
    const pixels = planesOf(image, 'CMYK')
    for (let at = 0; at < pixels.length; at++) pixels[at] = 255 - pixels[at]!
    const opacity = image.hasAlpha ? { opacity: planesOf(image, 'A') } : undefined
    return { ...placeOf(image), pixels, channels: 4, ...(profile && { profile }), ...opacity }
  }
  const isGrey = image.colorSpace === ColorSpace.Gray
  if (isGrey || image.colorSpace === ColorSpace.sRGB) {
    const pixels = planesOf(image, 'RGBA')
    const channels = isGrey ? 1 : 3
    return { ...placeOf(image), pixels, channels, ...(profile && { profile }) }
  }
  image.colorSpace = ColorSpace.sRGB // CIELab and its like; a profile of theirs has done its work
  return { ...placeOf(image), pixels: planesOf(image, 'RGBA'), channels: 3 }
}

function placeOf({ width, height, page }: IMagickImage): Size & { left: number; top: number } {
  return { width, height, left: Math.max(0, page.x), top: Math.max(0, page.y) }
}

/** It takes their lightness of 0 to 100 for one of 0 to 1, and makes all white. */
function isLabOfFloats(image: IMagickImage): boolean {
  return (
    image.colorSpace === ColorSpace.Lab && image.getAttribute('quantum:format') === 'floating-point'
  )
}

/** A byte a letter and pixel. */
function planesOf(image: IMagickImage, letters: string): Uint8ClampedArray<ArrayBuffer> {
  const { width, height } = image
  const all = new Uint8ClampedArray(width * height * letters.length)
  const rows = Math.max(1, Math.floor(AT_ONCE / width))
  image.getPixels((pixels) => {
    for (let y = 0; y < height; y += rows) {
      const part = pixels.toByteArray(0, y, width, Math.min(rows, height - y), letters)
      if (!part) throw new Error('no pixels')
      all.set(part, y * width * letters.length)
    }
  })
  return all
}

function rareKind(format: MagickFile, subject: string): Fault {
  const name = NAMES[format]
  const [expected, received] = [`a ${name} of a known kind`, `a ${name} of a rare kind`]
  return new Fault({ kind: 'unsupported-format', subject, expected, received })
}

/** Its words name its own parts, so that people get others. */
function refused(error: unknown, format: MagickFile, subject: string): Fault {
  if (isFault(error)) return error
  if (isOfMemory(error)) {
    const [expected, received] = ['what fits into memory', 'a picture that does not']
    return new Fault({ kind: 'too-large', subject, expected, received })
  }
  if (isRare(error, format)) return rareKind(format, subject)
  if (!(error instanceof MagickError)) return corrupt(subject, 'broken pixels')
  const { message } = error
  if (SHORT.test(message)) return corrupt(subject, 'a file that ends before its last pixels')
  const isHeader = message.startsWith('ImproperImageHeader')
  return corrupt(subject, isHeader ? 'a header that does not fit its pixels' : 'broken pixels')
}

function isRare(error: unknown, format: MagickFile): boolean {
  if (!(error instanceof MagickError)) return format === 'sensor' // LibRaw throws what it wants
  const { severity, message } = error
  return severity === MagickErrorSeverity.MissingDelegateError || RARE.test(message)
}

const RARE =
  /not ?(implemented|supported|configured)|unsupported|unrecognized|can ?not (handle|read scan)/i
const SHORT = /unexpected ?end|not enough|insufficient|(read|IO) error|error fetching/i

/** Its memory is full, or no array was to be had for what is in it. */
function isOfMemory(error: unknown): boolean {
  if (!(error instanceof MagickError)) return error instanceof RangeError
  const { ResourceLimitError, CacheError } = MagickErrorSeverity
  return error.severity === ResourceLimitError || error.severity === CacheError
}
