// TIFF files made on the spot: of the kinds that sharp writes, and by a writer of our own what it
// does not (several pages, thumbnails, sensor data, files of 64 bits). Test code only.
import sharp, { type Sharp } from 'sharp'
import { fromInks, inksOf } from './colour-table.ts'
import type { Quarters } from './heic-files.ts'
import { drawPicture, drawQuarters, picture, turnedJpeg } from './pictures.ts'

/** A directory of a TIFF: an uncompressed picture of three bytes a pixel, and what else it says. */
export interface Page {
  width: number
  height: number
  rgb: Uint8Array
  /** By tag: numbers of 16 bits, or the directories that lie within it. */
  tags?: Record<number, number>
  inner?: Page[]
  /** Written as ICC profile. */
  profile?: Uint8Array
}

type Kind = 'II' | 'MM'

/** A TIFF of some pages. `isBig`: with places of 64 bits (BigTIFF). */
export function tiffOf(pages: readonly Page[], kind: Kind = 'II', isBig = false): Buffer {
  const writer = new Writer(kind, isBig)
  writer.link(writer.directories(pages))
  return writer.bytes()
}

/** TIFF 6.0: types of values. */
const [SHORT, LONG, UNDEFINED, LONG8] = [3, 4, 7, 16]

class Writer {
  readonly #isLittle: boolean
  readonly #isBig: boolean
  readonly #parts: Buffer[] = []
  #length: number

  constructor(kind: Kind, isBig: boolean) {
    this.#isLittle = kind === 'II'
    this.#isBig = isBig
    this.#length = isBig ? 16 : 8
  }

  /** Writes pages that follow one another; returns where the first begins. */
  directories(pages: readonly Page[]): number {
    let next = 0
    for (const page of [...pages].reverse()) next = this.#directory(page, next)
    return next
  }

  link(first: number): void {
    const head: Buffer[] = [Buffer.from(this.#isLittle ? 'II' : 'MM', 'latin1')]
    head.push(this.#number(this.#isBig ? 43 : 42, 2))
    if (this.#isBig) head.push(this.#number(8, 2), this.#number(0, 2))
    head.push(this.#number(first, this.#isBig ? 8 : 4))
    this.#parts.unshift(...head)
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }

  #directory({ width, height, rgb, tags, inner, profile }: Page, next: number): number {
    const long = this.#isBig ? LONG8 : LONG
    const entries: [tag: number, type: number, values: number[] | Uint8Array][] = [
      [256, LONG, [width]],
      [257, LONG, [height]],
      [258, SHORT, [8, 8, 8]],
      [259, SHORT, [1]],
      [262, SHORT, [2]],
      [273, long, [this.#put(Buffer.from(rgb))]],
      [277, SHORT, [3]],
      [278, LONG, [height]],
      [279, LONG, [rgb.length]]
    ]
    if (inner) entries.push([330, long, inner.map((page) => this.#directory(page, 0))])
    if (profile) entries.push([34675, UNDEFINED, profile])
    for (const [tag, value] of Object.entries(tags ?? {})) {
      const given = entries.find(([known]) => known === Number(tag))
      if (given) given[2] = [value]
      else entries.push([Number(tag), SHORT, [value]])
    }
    entries.sort(([a], [b]) => a - b)
    const written = entries.map((entry) => this.#entry(...entry))
    const count = this.#number(entries.length, this.#isBig ? 8 : 2)
    return this.#put(Buffer.concat([count, ...written, this.#number(next, this.#isBig ? 8 : 4)]))
  }

  #entry(tag: number, type: number, values: number[] | Uint8Array): Buffer {
    const bytes = { [SHORT]: 2, [LONG]: 4, [LONG8]: 8 }[type] ?? 1
    const content = Buffer.concat([...values].map((value) => this.#number(value, bytes)))
    const room = this.#isBig ? 8 : 4
    const isThere = content.length <= room
    const padding = Buffer.alloc(isThere ? room - content.length : 0)
    const field = isThere ? [content, padding] : [this.#number(this.#put(content), room)]
    const head = [this.#number(tag, 2), this.#number(type, 2), this.#number(values.length, room)]
    return Buffer.concat([...head, ...field])
  }

  #put(content: Buffer): number {
    const at = this.#length
    const padded = Buffer.concat([content, Buffer.alloc(content.length % 2)])
    this.#parts.push(padded)
    this.#length += padded.length
    return at
  }

  #number(value: number, bytes: number): Buffer {
    const field = Buffer.alloc(8)
    if (this.#isLittle) field.writeBigUInt64LE(BigInt(value))
    else field.writeBigUInt64BE(BigInt(value))
    return this.#isLittle ? field.subarray(0, bytes) : field.subarray(8 - bytes)
  }
}

/** A page that shows `drawPicture`. */
export function pageOf(width: number, height: number, seed = 0, more: Partial<Page> = {}): Page {
  return { width, height, rgb: drawPicture(width, height, seed), ...more }
}

const [WIDTH, HEIGHT] = [300, 200]
const SIDES = [WIDTH, HEIGHT] as const
const REDUCED = { 254: 1 }

/** A file, and the RGB bytes that it shows. */
export interface PictureCase {
  file: Buffer
  width: number
  height: number
  expected: Buffer
  /** The mean difference from that, of 255, must be below it. */
  limit: number
}

/** One file of each kind, by its name. */
export async function tiffCases(): Promise<Record<string, PictureCase>> {
  const plain = drawPicture(WIDTH, HEIGHT)
  const shows = (file: Buffer, limit = 1, expected = plain): PictureCase => ({
    file, width: WIDTH, height: HEIGHT, expected, limit
  })
  const written = async (image: Sharp, limit?: number, expected?: Buffer): Promise<PictureCase> =>
    shows(await image.toBuffer(), limit, expected)
  const base = (): Sharp => picture(...SIDES)
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const
  const grey = await sharp(await base().greyscale().png().toBuffer()).toColourspace('srgb').raw()
    .toBuffer()
  const black = Buffer.from(grey.map((value) => (value < 128 ? 0 : 255)))
  const bits = sharp(black, { raw }).toColourspace('b-w')
  const inks = base().toColourspace('cmyk').withIccProfile('cmyk').tiff({ compression: 'lzw' })
  const mixed = await sharp(await inks.toBuffer()).toColourspace('srgb').raw().toBuffer()
  const bare = await base().toColourspace('cmyk').tiff({ compression: 'lzw' }).toBuffer()
  const byBlack = (c: number, m: number, y: number, k: number): number[] =>
    [c, m, y].map((ink) => (ink * k) / 255)
  return {
    'uncompressed': await written(base().tiff({ compression: 'none' })),
    'LZW with predictor': await written(base().tiff({ compression: 'lzw' })),
    'deflate, in tiles': await written(
      base().tiff({ compression: 'deflate', tile: true, tileWidth: 64, tileHeight: 64 })
    ),
    'packed bits': await written(base().tiff({ compression: 'packbits' })),
    'YCbCr as JPEG': await written(base().tiff({ compression: 'jpeg', quality: 95 }), 3),
    'smaller versions behind it': await written(
      base().tiff({ compression: 'lzw', tile: true, tileWidth: 128, tileHeight: 128, pyramid: true })
    ),
    '16 bits': await written(base().toColourspace('rgb16').tiff({ compression: 'lzw' })),
    'CIELab': shows(tiffOf([await labPage()]), 2),
    'grey': await written(base().greyscale().tiff({ compression: 'lzw' }), 1, grey),
    '1 bit, fax': await written(
      bits.clone().tiff({ compression: 'ccittfax4', bitdepth: 1 }), 1, black
    ),
    'transparent': await written(
      base().ensureAlpha(0.5).tiff({ compression: 'lzw' }), 2,
      Buffer.from(plain.map((value) => Math.round((value + 255) / 2)))
    ),
    'Display P3': await written(base().withIccProfile('p3').tiff({ compression: 'lzw' }), 2.5),
    'inks': await written(inks, 5, mixed), // as those of JPEGs: see `inkCases`
    'inks without a profile': shows(bare, 1, fromInks(await inksOf(bare), byBlack)),
    'big end first': shows(tiffOf([pageOf(...SIDES)], 'MM')),
    '64 bits': shows(tiffOf([pageOf(...SIDES), pageOf(40, 30, 1)], 'II', true)),
    'several pages': shows(tiffOf([pageOf(...SIDES), pageOf(400, 300, 3)])),
    'a thumbnail first': shows(
      tiffOf([pageOf(160, 120, 3, { tags: REDUCED }), pageOf(...SIDES), pageOf(400, 300, 4)])
    ),
    'a mask first': shows(tiffOf([pageOf(...SIDES, 3, { tags: { 254: 4 } }), pageOf(...SIDES)])),
    'an old thumbnail first': shows(
      tiffOf([pageOf(160, 120, 3, { tags: { 255: 2 } }), pageOf(...SIDES)])
    ),
    'nothing but smaller versions': shows(
      tiffOf([pageOf(80, 60, 3, { tags: REDUCED }), pageOf(...SIDES, 0, { tags: REDUCED })])
    )
  }
}

/** The page of `pageOf` in CIELab of 8 bits: sharp writes it with 32 only, which nobody else does. */
async function labPage(): Promise<Page> {
  const { data } = await picture(...SIDES).toColourspace('lab').raw({ depth: 'float' })
    .toBuffer({ resolveWithObject: true })
  const floats = new Float32Array(new Uint8Array(data).buffer)
  // Lightness takes all of 0 to 255; the others are signed.
  const bytes = Buffer.from(
    Array.from(floats, (value, i) => Math.round(i % 3 === 0 ? value * 2.55 : value) & 255)
  )
  return { width: WIDTH, height: HEIGHT, rgb: bytes, tags: { 262: 8 } }
}

/** A TIFF of a thumbnail and a picture in four quarters, lying on its left side; what is seen. */
export function quarteredTiff(): Quarters & { file: Buffer } {
  const [width, height] = [360, 210]
  const turned = { width, height, rgb: drawQuarters(width, height), tags: { 274: 6 } }
  const file = tiffOf([pageOf(160, 120, 3, { tags: REDUCED }), turned])
  return { file, width: height, height: width, quarters: ['blue', 'red', 'white', 'lime'] }
}

/** A TIFF stored such that its orientation `value` (1..8) turns it into `drawPicture` upright. */
export async function turnedTiff(value: number, width: number, height: number): Promise<Buffer> {
  const jpeg = sharp(await turnedJpeg(value, width, height))
  const { data, info } = await jpeg.raw().toBuffer({ resolveWithObject: true })
  const page = { width: info.width, height: info.height, rgb: data, tags: { 274: value } }
  return tiffOf([page])
}
