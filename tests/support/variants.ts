// A picture in the ways in which people come to have it twice: made smaller, saved again, cropped,
// turned, mirrored, brighter, grey, framed. Test and bench code only.
import sharp from 'sharp'
import type { Sharp } from 'sharp'

/** The ways, by name; each takes a picture of any format and gives a JPEG. */
export const VARIANTS: Record<string, (picture: Buffer, size: Size) => Promise<Buffer>> = {
  resized: (picture, { width }) => jpeg(sharp(picture).resize(Math.round(width / 2))),
  saved: (picture) => sharp(picture).jpeg({ quality: 55 }).toBuffer(),
  cropped: (picture, { width, height }) =>
    jpeg(
      sharp(picture).extract({
        left: Math.round(width * 0.05),
        top: Math.round(height * 0.05),
        width: Math.round(width * 0.9),
        height: Math.round(height * 0.9)
      })
    ),
  turned: (picture) => jpeg(sharp(picture).rotate(90)),
  mirrored: (picture) => jpeg(sharp(picture).flop()),
  brighter: (picture) => jpeg(sharp(picture).modulate({ brightness: 1.25 })),
  grey: (picture) => jpeg(sharp(picture).greyscale()),
  framed(picture, { width, height }) {
    const edge = Math.round(Math.min(width, height) * 0.05)
    const sides = { top: edge, bottom: edge, left: edge, right: edge }
    return jpeg(sharp(picture).extend({ ...sides, background: '#ffffff' }))
  }
}

interface Size {
  width: number
  height: number
}

/**
 * The picture upright, without a profile or anything hidden, and its size. `saturation`: less
 * than 1 takes colour away.
 */
export async function plainPicture(
  file: string,
  saturation = 1
): Promise<{ picture: Buffer; size: Size }> {
  const upright = sharp(file).autoOrient().flatten().modulate({ saturation }).toColourspace('srgb')
  const { data, info } = await upright.png().toBuffer({ resolveWithObject: true })
  return { picture: data, size: info }
}

/** Pixels [height, width, 3] of a picture, its short side 256 at most, as photos are decoded. */
export async function smallPixels(
  picture: Buffer
): Promise<{ rgb: Uint8Array; width: number; height: number }> {
  const small = sharp(picture)
    .toColourspace('srgb')
    .resize(256, 256, { fit: 'outside', withoutEnlargement: true })
  const { data, info } = await small.raw().toBuffer({ resolveWithObject: true })
  if (info.channels === 3) return { rgb: data, width: info.width, height: info.height }
  const rgb = Uint8Array.from({ length: info.width * info.height * 3 }, (_, at) => {
    return data[Math.floor(at / 3) * info.channels]!
  })
  return { rgb, width: info.width, height: info.height }
}

function jpeg(picture: Sharp): Promise<Buffer> {
  return picture.jpeg({ quality: 85 }).toBuffer()
}
