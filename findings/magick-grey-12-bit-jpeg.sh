#!/bin/sh
# ImageMagick for WebAssembly reads JPEGs of 12 bits in colour, and fails at grey ones.
#
# @imagemagick/magick-wasm 0.0.43 (ImageMagick 7.1.2-30, 8 bits a channel) gives the right levels of
# a JPEG whose samples have 12 bits and three components. One of one component it refuses with
# "UnableToCreateColormap" and "MemoryAllocationFailed" (32x32 and 64x64 alike). Nothing is wrong
# with the file, and memory does not lack, so the message misleads. A grey JPEG of 8 bits is read.
#
# Seen with imagecodecs 2026.3.6 as the writer, on Node 20.20.2 and Python 3.11 (Linux, x64):
#   8 bits, colour 255    8 bits, grey 255    12 bits, colour 255    12 bits, grey refused
#
# The script writes four white pictures of 32x32 and reads one pixel of each.
# Needs: sh, node, npm, python3 with venv.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @imagemagick/magick-wasm@0.0.43
python3 -m venv python
python/bin/pip install --quiet imagecodecs==2026.3.6 numpy

cat > write.py <<'END'
import imagecodecs
import numpy

for bits, kind in ((8, numpy.uint8), (12, numpy.uint16)):
    for name, shape in (("colour", (32, 32, 3)), ("grey", (32, 32))):
        picture = numpy.full(shape, 2**bits - 1, kind)
        data = imagecodecs.jpeg_encode(picture, level=90, bitspersample=bits)
        open(f"{bits}-{name}.jpg", "wb").write(data)
END
python/bin/python write.py

cat > finding.mjs <<'END'
import { readFileSync } from 'node:fs'
import { ImageMagick, initializeImageMagick } from '@imagemagick/magick-wasm'

const wasm = 'node_modules/@imagemagick/magick-wasm/dist/x86/magick.wasm'
await initializeImageMagick(readFileSync(wasm))
for (const bits of [8, 12])
  for (const name of ['colour', 'grey']) {
    let came
    try {
      const file = new Uint8Array(readFileSync(`${bits}-${name}.jpg`))
      came = ImageMagick.read(file, (image) =>
        image.getPixels((pixels) => pixels.getPixel(16, 16)[0])
      )
    } catch (error) {
      console.error(error.message)
      came = 'refused'
    }
    console.log(`${bits} bits, ${name} ${came}`)
  }
END
came=$(node finding.mjs)
echo "$came"
[ "$came" = "8 bits, colour 255
8 bits, grey 255
12 bits, colour 255
12 bits, grey refused" ]
