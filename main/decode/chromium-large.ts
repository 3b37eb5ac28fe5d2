// What the decoder window makes to be looked at large: a picture of a whole photo, and tiles of one
// that is zoomed into; see [Note: large picture]. JPEGs of pixels, never a photo's own bytes.
import { LARGE_QUALITY, jpegOf } from './canvas.ts'
import { openFile } from './chromium.ts'
import { scaledSize, type LargePictureDecoder } from './decoder.ts'
import { groundUnder } from './finish.ts'
import { HeldPictures } from './held-pictures.ts'
import { reduced, type Bitmap } from './reduce.ts'
import { ZoomPicture } from './zoom-picture.ts'

/** Enough pixels to tell what a picture with holes is laid on: as many as its thumbnail has. */
const GROUND_SIDE = 256

const held = new HeldPictures()

/** See decoderContract. */
export const largePicturesOfChromium: LargePictureDecoder = {
  async picture(request, signal) {
    const { stored, finish } = await openFile(request, 'large', request.shortSide, signal)
    return jpegOf((await finish(stored)).picture, LARGE_QUALITY)
  },
  async hold({ key, ...request }, signal) {
    const { stored, finish, known, isUpright } = await openFile(request, 'zoom', 0, signal)
    const finishPart = async (part: Bitmap, ground?: number): Promise<Bitmap> =>
      (await finish({ whole: part, small: part }, ground)).picture
    const ground = await groundUnder(await smallCopy(stored.small), known)
    const orientation = isUpright ? 1 : (known.header.orientation?.value ?? 1)
    held.hold(key, new ZoomPicture(stored.small, orientation, (part) => finishPart(part, ground)))
  },
  async part({ key, ...place }) {
    return jpegOf(await held.tile(key, place), LARGE_QUALITY)
  }
}

async function smallCopy(whole: Bitmap): Promise<Bitmap> {
  const small = await reduced(whole, scaledSize(whole.width, whole.height, GROUND_SIDE))
  return { ...small, pixels: small.pixels.slice() }
}
