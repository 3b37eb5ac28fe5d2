// Pictures made on the spot, so that tests need no photo from elsewhere, and the shared folders of
// photos where they are there. Test code only.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import sharp, { type Sharp } from 'sharp'

const SHARED = resolve(process.cwd(), '../shared')

/** Real files of all formats, good and bad; undefined where they are not at hand. */
export const sharedFormats = ifThere(resolve(SHARED, 'formats'))
/** Of the bad ones, what is shown all the same: all but 172 of 19,494 pieces of it are there. */
export const SHOWN_THOUGH_BAD = 'corrupted.jpg'
/** More real files, of formats that few have; undefined where they are not at hand. */
export const sharedEveryPhoto = ifThere(resolve(SHARED, 'every-photo'))
/** Photos in folders that are labels; undefined where they are not at hand. */
export const sharedPhotos = ifThere(resolve(SHARED, 'photos'))

function ifThere(folder: string): string | undefined {
  return existsSync(folder) ? folder : undefined
}

/**
 * A smooth picture without any symmetry, so that a wrong turn or mirror shows: red grows to the
 * right, green downwards, and a blue disc sits in the upper left third. RGB bytes [height, width,
 * 3].
 */
export function drawPicture(width: number, height: number, seed = 0): Buffer {
  const rgb = Buffer.alloc(width * height * 3)
  const radius = Math.min(width, height) / (4 + (seed % 5))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      rgb[at] = (255 * x) / width
      rgb[at + 1] = (255 * y) / height
      const isInDisc = (x - width / 3) ** 2 + (y - height / 3) ** 2 < radius ** 2
      rgb[at + 2] = isInDisc ? 230 : (seed * 37) % 90
    }
  }
  return rgb
}

/** A picture in four quarters: red, green over blue, white. RGB bytes [height, width, 3]. */
export function drawQuarters(width: number, height: number): Buffer {
  const colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]
  const rgb = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rgb.set(colours[2 * +(y >= height / 2) + +(x >= width / 2)]!, (y * width + x) * 3)
  return rgb
}

/** The picture of `drawPicture` as sharp holds it, ready for `.jpeg()`, `.png()` and so on. */
export function picture(width: number, height: number, seed = 0): Sharp {
  return sharp(drawPicture(width, height, seed), { raw: { width, height, channels: 3 } })
}

/** A picture stored such that EXIF orientation `value` (1..8) turns it into `drawPicture` upright. */
export async function stored(value: number, width: number, height: number): Promise<Sharp> {
  // What undoes each orientation: a mirror of the left and right, then a turn, as sharp orders
  // them.
  const undo: Record<number, [turn: number, flop: boolean]> = {
    1: [0, false], 2: [0, true], 3: [180, false], 4: [180, true],
    5: [270, true], 6: [270, false], 7: [90, true], 8: [90, false]
  }
  const [turn, flop] = undo[value] ?? [0, false]
  let rgb = await picture(width, height).raw().toBuffer({ resolveWithObject: true })
  const step = (image: Sharp): Promise<typeof rgb> =>
    image.raw().toBuffer({ resolveWithObject: true })
  const again = (): Sharp =>
    sharp(rgb.data, { raw: { width: rgb.info.width, height: rgb.info.height, channels: 3 } })
  if (flop) rgb = await step(again().flop())
  if (turn) rgb = await step(again().rotate(turn))
  return again()
}

/** A JPEG of such a picture, with that orientation. */
export async function turnedJpeg(value: number, width: number, height: number): Promise<Buffer> {
  const picture = await stored(value, width, height)
  const jpeg = picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
  return jpeg.withMetadata({ orientation: value }).toBuffer()
}

/** Mean absolute difference of two byte arrays of one length. */
export function meanDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} bytes against ${b.length}`)
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!)
  return sum / a.length
}
