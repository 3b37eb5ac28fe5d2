#!/bin/sh
# Of two readers of TIFF one knows CIELab of 8 bits only, the other CIELab of 32-bit floats only.
#
# sharp 0.35.5 (libvips) refuses a CIELab TIFF of 8 bits a sample with "bad labq format", whether
# ImageMagick or Pillow wrote it; the one of floats, as it writes it itself, it reads rightly.
# @imagemagick/magick-wasm 0.0.43 (ImageMagick 7.1.2-30) reads the one of 8 bits, and of floats it
# makes white without an error. So a program that tries one reader and then the other gets
# every CIELab picture only if the refusing reader is asked first.
#
# Seen for one red (200, 30, 40) on Node 20.20.2 (Linux, x64); 198,32,42 is what 8 bits leave of it:
#   8 bits   sharp refused      ImageMagick 198,32,42
#   floats   sharp 200,30,40    ImageMagick 254,255,255
#
# The script writes the first with ImageMagick and the second with sharp, both without compression.
# Needs: sh, node, npm.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund @imagemagick/magick-wasm@0.0.43 sharp@0.35.5

cat > finding.mjs <<'END'
import { readFileSync } from 'node:fs'
import { ColorSpace, ImageMagick, MagickFormat, initializeImageMagick } from '@imagemagick/magick-wasm'
import sharp from 'sharp'

await initializeImageMagick(readFileSync('node_modules/@imagemagick/magick-wasm/dist/x86/magick.wasm'))
const copy = (data) => Uint8Array.from(data)
const red = () =>
  sharp({ create: { width: 32, height: 32, channels: 3, background: { r: 200, g: 30, b: 40 } } })

const files = {
  '8 bits': ImageMagick.read(copy(await red().png().toBuffer()), (image) => {
    image.colorSpace = ColorSpace.Lab
    return image.write(MagickFormat.Tiff, copy)
  }),
  floats: copy(await red().toColourspace('lab').tiff({ compression: 'none' }).toBuffer())
}

/** The first pixel, in sRGB. */
async function first(file) {
  try {
    const pixels = await sharp(file).toColourspace('srgb').raw().toBuffer()
    return pixels.subarray(0, 3).join()
  } catch (error) {
    console.error(error.message)
    return 'refused'
  }
}

for (const [name, file] of Object.entries(files)) {
  const png = ImageMagick.read(file, (image) => image.write(MagickFormat.Png, copy))
  console.log(`${name}: sharp ${await first(file)}, ImageMagick ${await first(png)}`)
}
END
came=$(node finding.mjs)
echo "$came"
[ "$came" = "8 bits: sharp refused, ImageMagick 198,32,42
floats: sharp 200,30,40, ImageMagick 254,255,255" ]
