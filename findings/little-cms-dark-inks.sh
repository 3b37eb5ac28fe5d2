#!/bin/sh
# Little CMS 2.19 shows the dark tones of CMYK yellower than 2.16, by the same profile and intent.
#
# Perceptual, into its own sRGB profile, which is of version 4, so that black point compensation is
# on in both. With 2.16 dark neutral tones stay neutral (2.14, in Debian 12's ImageMagick with
# -black-point-compensation, agrees with it); with 2.19 they lack blue, the more the darker they
# are. Of light tones both say the same. So two programs "with Little CMS" may differ by 15 of 255.
#
# Seen with sharp 0.35.5 (Little CMS 2.19.1) and lcms-wasm 1.0.5 (Little CMS 2.16), on the CMYK
# profile that sharp brings along ("Chemical proof"), of the inks that it makes of neutral greys:
#   sRGB grey   inks               2.16        2.19.1
#   10          45   0 154 247     17 16 16    19 17  1
#   30          37   0  69 234     35 35 36    36 35 21
#   100         29  11  20 180     90 91 93    90 91 89
# It fails if either changes by more than 3.
#
# Needs: sh, node 20 or later, npm, tar.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund sharp@0.35.5
# Unpacked by hand: it lists a test library, with all that this needs, among its dependencies.
npm pack --silent lcms-wasm@1.0.5 > /dev/null
tar -xzf lcms-wasm-1.0.5.tgz

cat > finding.mjs <<'END'
import sharp from 'sharp'
import * as lcms from './package/dist/lcms.js'

const EXPECTED = {
  10: { older: [17, 16, 16], newer: [19, 17, 1] },
  30: { older: [35, 35, 36], newer: [36, 35, 21] },
  100: { older: [90, 91, 93], newer: [90, 91, 89] }
}
const isNear = (a, b) => a.every((value, i) => Math.abs(value - b[i]) <= 3)
const little = await lcms.instantiate()
const { TYPE_CMYK_8, TYPE_RGB_8, INTENT_PERCEPTUAL } = lcms
let isAsDescribed = true
for (const [grey, { older, newer }] of Object.entries(EXPECTED)) {
  const background = { r: +grey, g: +grey, b: +grey }
  const plain = sharp({ create: { width: 8, height: 8, channels: 3, background } })
  const file = await plain.withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer()
  const stored = sharp(file, { ignoreIcc: true }).pipelineColourspace('cmyk')
  const inks = [...(await stored.toColourspace('cmyk').raw().toBuffer()).subarray(0, 4)]
  const { icc } = await sharp(file).metadata()
  const [from, to] = [little.cmsOpenProfileFromMem(icc, icc.length), little.cmsCreate_sRGBProfile()]
  const way = little.cmsCreateTransform(from, TYPE_CMYK_8, to, TYPE_RGB_8, INTENT_PERCEPTUAL, 0)
  const by216 = [...little.cmsDoTransform(way, Uint8Array.from(inks), 1)]
  const by219 = [...(await sharp(file).toColourspace('srgb').raw().toBuffer()).subarray(0, 3)]
  console.log(`grey ${grey}: inks ${inks}  Little CMS ${lcms.LCMS_VERSION}: ${by216}  ` +
    `${sharp.versions.lcms}: ${by219}`)
  isAsDescribed &&= isNear(by216, older) && isNear(by219, newer)
}
if (!isAsDescribed) {
  console.error('not as described any more')
  process.exit(1)
}
END
node finding.mjs
