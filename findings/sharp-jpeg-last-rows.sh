#!/bin/sh
# sharp leaves out the last rows and columns of a JPEG that it makes nine times smaller or more.
#
# From a factor of 9 on, a JPEG is decoded at an eighth of its size (shrink on load). libvips takes
# whole blocks of 8 pixels only: up to 7 rows at the lower edge and columns at the right are not
# there any more, and what is left is stretched over the size that was asked for. A PNG of the same
# pixels keeps them. libjpeg-turbo alone, as browsers use it, decodes the last block as well, so that
# pictures that both made small lie a little beside each other.
#
# Seen with sharp 0.35.5 (libvips 8.18.7).
#
# The script makes 720 x 727 white pixels whose last 7 rows are black and makes them 72 x 72:
#   from   lowest row
#   PNG    about 80 of 255
#   JPEG   255, the black rows are gone
# It fails if the PNG's is above 150 or the JPEG's below 240.
#
# Needs: sh, node 20 or later, npm.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund sharp@0.35.5

cat > finding.mjs <<'END'
import sharp from 'sharp'

const [width, height, black] = [720, 727, 7]
const pixels = Buffer.alloc(width * height, 255)
pixels.fill(0, width * (height - black))
const picture = () => sharp(pixels, { raw: { width, height, channels: 1 } })
const files = {
  PNG: await picture().png().toBuffer(),
  JPEG: await picture().jpeg({ quality: 100 }).toBuffer()
}
const lowest = {}
for (const [name, file] of Object.entries(files)) {
  const small = await sharp(file).resize(72, 72, { fit: 'fill' }).extractChannel(0).raw().toBuffer()
  lowest[name] = small[71 * 72 + 36]
  console.log(`${name.padEnd(5)} lowest row ${lowest[name]}`)
}
console.log(`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`)
if (lowest.PNG > 150 || lowest.JPEG < 240) {
  console.error('not as described any more')
  process.exit(1)
}
END
node finding.mjs
