// The twin of chromium-large.ts in plain Node, for tests of what asks it: the same pictures, by
// sharp, but not in the same time.
import { MOST_LARGE_PIXELS, zoomSize } from '../wire/large-picture.ts'
import type { Decoder, HoldRequest, Size } from './decoder.ts'
import { readHeader } from './header.ts'
import { HeldPictures } from './held-pictures.ts'
import { decodeWithSharp, loadSharp } from './node.ts'
import { pictureIn } from './picture-in.ts'
import type { Bitmap } from './reduce.ts'
import { ZoomPicture } from './zoom-picture.ts'

const LARGE = { quality: 92 }

type File = Omit<HoldRequest, 'key'>

const held = new HeldPictures()

/** All of a decoder, by sharp. */
export const sharpDecoder: Decoder = {
  decode: decodeWithSharp,
  async picture({ shortSide, ...file }, signal) {
    const { width, height } = sizeOf(file)
    const most = Math.min(width, height) * Math.sqrt(MOST_LARGE_PIXELS / (width * height))
    return jpegOf(await pixelsOf(file, Math.min(shortSide, Math.floor(most)), signal))
  },
  async hold({ key, ...file }, signal) {
    const { width, height } = zoomSize(sizeOf(file))
    const pixels = await pixelsOf(file, Math.min(width, height), signal)
    held.hold(key, new ZoomPicture(pixels, 1, (part) => Promise.resolve(part)))
  },
  part: async ({ key, ...place }) => jpegOf(await held.tile(key, place))
}

function sizeOf(file: File): Size {
  const { bytes, format } = pictureIn(file)
  return readHeader(bytes, format, file.subject)
}

async function jpegOf({ width, height, pixels }: Bitmap): Promise<Uint8Array> {
  const sharp = await loadSharp()
  const raw = { width, height, channels: 4 } as const
  return sharp(pixels, { raw }).removeAlpha().jpeg(LARGE).toBuffer()
}

async function pixelsOf(file: File, shortSide: number, signal: AbortSignal): Promise<Bitmap> {
  const request = { ...file, shortSide, thumbnail: false }
  const { rgb, pixelWidth: width, pixelHeight: height } = await decodeWithSharp(request, signal)
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let pixel = 0; pixel < width * height; pixel++)
    pixels.set(rgb.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel)
  return { width, height, pixels }
}
