#!/bin/sh
# sharp paints black around a GIF's first frame that is smaller than its screen, and calls it opaque.
#
# sharp 0.35.5 (libvips 8.18.7): of a screen of 32x32 the first frame covers the middle 16x16 and
# tells no transparent colour. What no frame has drawn comes out as opaque black, and `metadata()`
# says three channels without alpha. With a transparent colour told, though no pixel has it, the
# same place is clear. The reader of omggif 1.0.10, as browsers do, leaves it clear in both. So one
# file has a black border in thumbnails and none in the page that shows them.
#
# Seen on Node 20.20.2 (Linux, x64), corner and middle as red, green, blue, opacity:
#   none told   alpha false, sharp 0,0,0,255 and 255,0,0,255, omggif 0,0,0,0 and 255,0,0,255
#   one told    alpha true, sharp 0,0,0,0 and 255,0,0,255, omggif 0,0,0,0 and 255,0,0,255
#
# The script writes both files with omggif.
# Needs: sh, node, npm.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund sharp@0.35.5 omggif@1.0.10

cat > finding.mjs <<'END'
import omggif from 'omggif'
import sharp from 'sharp'

const SIDE = 32
const palette = [0xffffff, 0xff0000, 0x00ff00, 0x0000ff]
const at = (pixels, place) => pixels.subarray(4 * place, 4 * place + 4).join()
const ends = (pixels) => `${at(pixels, 0)} and ${at(pixels, (SIDE / 2) * (SIDE + 1))}`

for (const [name, options] of [
  ['none told', {}],
  ['one told', { transparent: 0 }]
]) {
  const room = new Uint8Array(1024)
  const writer = new omggif.GifWriter(room, SIDE, SIDE, { palette })
  writer.addFrame(8, 8, 16, 16, new Uint8Array(16 * 16).fill(1), options)
  const file = room.slice(0, writer.end())

  const { hasAlpha } = await sharp(file).metadata()
  const bySharp = await sharp(file).ensureAlpha().raw().toBuffer()
  const byOmggif = new Uint8Array(4 * SIDE * SIDE)
  new omggif.GifReader(file).decodeAndBlitFrameRGBA(0, byOmggif)
  console.log(`${name}: alpha ${hasAlpha}, sharp ${ends(bySharp)}, omggif ${ends(byOmggif)}`)
}
END
came=$(node finding.mjs)
echo "$came"
[ "$came" = "none told: alpha false, sharp 0,0,0,255 and 255,0,0,255, omggif 0,0,0,0 and 255,0,0,255
one told: alpha true, sharp 0,0,0,0 and 255,0,0,255, omggif 0,0,0,0 and 255,0,0,255" ]
