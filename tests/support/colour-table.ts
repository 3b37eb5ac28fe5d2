// Pictures of every kind of colours that photos are stored in, each with what it shows. Most are a
// picture that sharp converted into a profile, by means that neither decoder uses: it must come out
// as it was. Test code only.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { RGB_PROFILES, greyProfile, jpegWith, pngWith, storedOf, tableProfile } from './icc.ts'
import { drawPicture, turnedJpeg } from './pictures.ts'

export interface ColourCase {
  name: string
  file: Buffer
  /** RGB bytes of the whole picture, upright, as they are to come out. */
  expected: Buffer
  width: number
  height: number
  /** The mean difference from that, of 255, must be below it. The file's own loss is in it. */
  limit: number
}

type Size = readonly [width: number, height: number]

/** Measured: at most 1.9, and 2.3 for ProPhoto RGB in lossy WebP. */
const LIMIT = 2.5
const USUAL: Size = [640, 400]
/** JPEGs are decoded whole up to a short side of 409, smaller from there on. */
const AROUND_LIMIT: readonly Size[] = [[320, 200], [650, 409], [660, 410], [3000, 2000]]
const SMALL_AND_LARGE: readonly Size[] = [[320, 200], [1600, 1000]]
const JPEG = { quality: 95, chromaSubsampling: '4:4:4' } as const

function source([width, height]: Size): Sharp {
  return sharp(drawPicture(width, height), { raw: { width, height, channels: 3 } })
}

function shows(
  name: string,
  file: Buffer,
  [width, height]: Size,
  expected = drawPicture(width, height),
  limit = LIMIT
): ColourCase {
  return { name, file, expected, width, height, limit }
}

/** @param folder where profiles are written for sharp to read */
async function rgbCases(folder: string): Promise<ColourCase[]> {
  const cases: ColourCase[] = []
  async function add(profile: string, path: string, sizes: readonly Size[]): Promise<void> {
    const stored = (size = USUAL): Sharp => source(size).withIccProfile(path)
    for (const size of sizes) {
      const file = await stored(size).jpeg(JPEG).toBuffer()
      cases.push(shows(`${profile}, jpeg ${size.join(' x ')}`, file, size))
    }
    const others: Record<string, Sharp> = {
      png: stored().png(),
      '16-bit png': stored().toColourspace('rgb16').png(),
      'lossy webp': stored().webp({ quality: 100, smartSubsample: true, effort: 0 })
    }
    if (path === 'p3') {
      others['jpeg 4:2:0'] = stored().jpeg({ quality: 95 })
      others['progressive jpeg'] = stored().jpeg({ ...JPEG, progressive: true })
      others['lossless webp'] = stored().webp({ lossless: true, effort: 0 })
      const deep = { quality: 95, chromaSubsampling: '4:4:4', effort: 0 } as const
      for (const bitdepth of [10, 12] as const)
        others[`avif of ${bitdepth} bits`] = stored().toColourspace('rgb16').avif({ ...deep, bitdepth })
      others['avif'] = stored().avif({ quality: 95, chromaSubsampling: '4:4:4', effort: 0 })
    }
    for (const [name, file] of Object.entries(others))
      cases.push(shows(`${profile}, ${name}`, await file.toBuffer(), USUAL))
  }
  await add('Display P3', 'p3', AROUND_LIMIT)
  for (const [profile, icc] of Object.entries(RGB_PROFILES)) {
    const path = join(folder, `${profile}.icc`)
    writeFileSync(path, icc)
    await add(profile, path, SMALL_AND_LARGE)
  }
  return cases
}

/** All orientations of a picture whose red and green are exchanged. */
async function turnedCases(): Promise<ColourCase[]> {
  const size: Size = [500, 300]
  const icc = tableProfile('RGB ', [1, 0, 2])
  const cases: ColourCase[] = []
  for (let value = 1; value <= 8; value++) {
    const file = jpegWith(await turnedJpeg(value, ...size), icc)
    cases.push(shows(`a table, orientation ${value}`, file, size, exchanged(size, [1, 0, 2])))
  }
  return cases
}

/** The picture with its channels in another order. */
function exchanged(
  [width, height]: Size,
  [red, green, blue]: readonly [number, number, number]
): Buffer {
  const rgb = drawPicture(width, height)
  for (let at = 0; at < rgb.length; at += 3)
    rgb.set([rgb[at + red]!, rgb[at + green]!, rgb[at + blue]!], at)
  return rgb
}

/** Profiles that sharp does not write: what they make of a picture's numbers is worked out here. */
async function taggedCases(): Promise<ColourCase[]> {
  const jpeg = await source(USUAL).jpeg(JPEG).toBuffer()
  const png = await source(USUAL).png().toBuffer()
  const table = tableProfile('RGB ', [2, 0, 1])
  const rotated = exchanged(USUAL, [2, 0, 1])
  const grey = (space: string): Sharp => source(USUAL).toColourspace(space)
  const icc = greyProfile(1.5)
  const lighter = await grey('b-w').raw().toBuffer()
  const shown = Buffer.alloc(lighter.length * 3)
  for (const [i, value] of lighter.entries())
    shown.fill(Math.round(255 * storedOf((value / 255) ** 1.5)), i * 3, i * 3 + 3)
  const unusable = Buffer.from(table).fill(255, 140, 200)
  const inPieces = jpegWith(jpeg, table, 700)
  return [
    shows('a table, jpeg', jpegWith(jpeg, table), USUAL, rotated),
    shows('a table in pieces, jpeg', inPieces, USUAL, rotated),
    shows('a table, png', pngWith(png, table), USUAL, rotated),
    shows('grey, jpeg', jpegWith(await grey('b-w').jpeg(JPEG).toBuffer(), icc), USUAL, shown),
    shows('grey, png', pngWith(await grey('b-w').png().toBuffer(), icc), USUAL, shown),
    shows('grey, 16-bit png', pngWith(await grey('grey16').png().toBuffer(), icc), USUAL, shown),
    shows('a profile for grey in a picture of colours', jpegWith(jpeg, icc), USUAL),
    shows('a profile for inks in a picture of colours', jpegWith(jpeg, INK_TABLE), USUAL),
    shows('a damaged profile, jpeg', jpegWith(jpeg, unusable), USUAL),
    shows('a damaged profile, png', pngWith(png, unusable), USUAL)
  ]
}

/** Red, green and blue are what cyan, black and yellow leave. */
const INK_TABLE = tableProfile('CMYK', [0, 3, 2])

/** Four inks. Adobe's mark says whether the first three are stored as such, or as their luma. */
async function inkCases(): Promise<ColourCase[]> {
  const [PROFILE, MARK] = [0xe2, 0xee]
  const cases: ColourCase[] = []
  for (const size of SMALL_AND_LARGE) {
    const name = size.join(' x ')
    const jpeg = await source(size).withIccProfile('cmyk').jpeg(JPEG).toBuffer()
    const bare = jpegWithout(jpeg, PROFILE)
    const inks = await inksOf(jpeg)
    const mixed = fromInks(inks, (c, m, y, k) => [c, m, y].map((ink) => (ink * k) / 255))
    const tabled = fromInks(inks, (c, _m, y, k) => [c, k, y])
    const shown = await sharp(jpeg).toColourspace('srgb').raw().toBuffer()
    // sharp's Little CMS, 2.19, makes dark inks yellower than that of the decoders, 2.16, and than
    // 2.14: measured 4.1 to 4.5.
    cases.push(shows(`inks, ${name}`, jpeg, size, shown, 5))
    cases.push(shows(`inks, a table, ${name}`, jpegWith(bare, INK_TABLE), size, tabled))
    cases.push(shows(`inks, no profile, ${name}`, bare, size, mixed))
    const unmarked = jpegWithout(bare, MARK)
    cases.push(shows(`unmarked inks, a table, ${name}`, jpegWith(unmarked, INK_TABLE), size, tabled))
    cases.push(shows(`unmarked inks, no profile, ${name}`, unmarked, size, mixed))
  }
  return cases
}

/** Four inks of each pixel; 255 is as much as there can be. */
export function inksOf(jpeg: Buffer): Promise<Buffer> {
  const photo = sharp(jpeg, { ignoreIcc: true })
  return photo.pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer()
}

/** A picture from the light that each ink leaves. */
export function fromInks(
  inks: Buffer,
  pixel: (...light: number[]) => readonly number[]
): Buffer {
  const rgb = Buffer.alloc((inks.length / 4) * 3)
  for (let i = 0; i < inks.length / 4; i++)
    rgb.set(pixel(...[0, 1, 2, 3].map((ink) => 255 - inks[i * 4 + ink]!)), i * 3)
  return rgb
}

/** A JPEG without its segments of one kind. */
function jpegWithout(jpeg: Buffer, marker: number): Buffer {
  const kept = [jpeg.subarray(0, 2)]
  let at = 2
  for (; jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2))
    if (jpeg[at + 1] !== marker) kept.push(jpeg.subarray(at, at + 2 + jpeg.readUInt16BE(at + 2)))
  return Buffer.concat([...kept, jpeg.subarray(at)])
}

/** Every case. `folder`: a temporary one. */
export async function colourCases(folder: string): Promise<ColourCase[]> {
  return [
    ...(await rgbCases(folder)),
    ...(await turnedCases()),
    ...(await taggedCases()),
    ...(await inkCases())
  ]
}
