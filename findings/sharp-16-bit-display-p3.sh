#!/bin/sh
# sharp hands out 16-bit pictures that have an ICC profile in Display P3, though asked for sRGB.
#
# A picture of 16 bits a channel with a profile is converted to Display P3 for processing. The last
# step to sRGB only drops the lower bits: raw pixels, and files written without a profile, hold the
# numbers of Display P3 with nothing that says so. They look pale. Of 8 bits, all is right.
#
# Seen with sharp 0.35.5 (libvips 8.18.7).
#
# The script stores pure green of sRGB in two PNGs with the same profile and reads them back:
#   bits   toColourspace('srgb').raw()
#   8      3,255,0
#   16     117,252,76      which is sRGB's green as Display P3 has it
# It fails if that changes by more than 3.
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

const green = () => sharp({ create: { width: 1, height: 1, channels: 3, background: '#00ff00' } })
const files = {
  8: await green().withIccProfile('p3').png().toBuffer(),
  16: await green().toColourspace('rgb16').withIccProfile('p3').png().toBuffer()
}
const seen = []
for (const [bits, file] of Object.entries(files)) {
  const { depth, icc } = await sharp(file).metadata()
  const pixel = [...(await sharp(file).toColourspace('srgb').raw().toBuffer())]
  console.log(`${bits.padStart(2)} bits (${depth}, a profile of ${icc.length} bytes): ${pixel}`)
  seen.push(...pixel)
}
console.log(`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`)
const expected = [3, 255, 0, 117, 252, 76]
if (seen.length !== 6 || seen.some((value, i) => Math.abs(value - expected[i]) > 3)) {
  console.error('not as described any more')
  process.exit(1)
}
END
node finding.mjs
