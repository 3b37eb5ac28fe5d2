// Turns and mirrors pixels as an EXIF orientation says, without a canvas. Pure.
import { swapsSides, uprightMatrix, type OrientationValue } from './orientation.ts'
import type { Bitmap } from './reduce.ts'

/** A stored picture as it is looked at. */
export function upright(picture: Bitmap, orientation: OrientationValue): Bitmap {
  if (orientation === 1) return picture
  const { width, height } = picture
  const [a, b, c, d, e, f] = uprightMatrix(orientation, width, height)
  const turned = swapsSides(orientation) ? { width: height, height: width } : { width, height }
  // The matrix moves corners. Of a mirrored pixel the other corner comes first.
  const left = e - (a + c < 0 ? 1 : 0)
  const top = f - (b + d < 0 ? 1 : 0)
  const pixels = new Uint8ClampedArray(width * height * 4)
  const from = new Uint32Array(picture.pixels.buffer, picture.pixels.byteOffset, width * height)
  const to = new Uint32Array(pixels.buffer)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      to[(b * x + d * y + top) * turned.width + a * x + c * y + left] = from[y * width + x]!
  return { ...turned, pixels }
}
