#!/bin/sh
# Chromium's ImageDecoder (WebCodecs) reads no picture with a side longer than 32,767 pixels, though
# it is valid and few pixels in all. createImageBitmap reads the very same file, in the same page.
#
# decode() rejects with the EncodingError that damaged pictures get, so it looks like damage.
# Panoramas, pictures of scrolled screens and scans are so long: JPEG allows 65,535 pixels a side,
# PNG 2,147,483,647.
#
# Seen with Chromium 156.0.8078.108 (Debian 12).
#
# The script makes grey PNGs, 8 pixels high, and prints what each way gives:
#   width     ImageDecoder    createImageBitmap
#   32767     32767 x 8       32767 x 8
#   32768     EncodingError   32768 x 8
#   40000     EncodingError   40000 x 8
# It fails if any of these changes.
#
# Needs: sh, node 20.15 or later, npm, and Debian's package `chromium`.
set -eu
command -v chromium > /dev/null || { echo 'chromium is not on the PATH (Debian: apt install chromium)'; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund playwright-core@1.65.1

cat > finding.mjs <<'END'
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { crc32, deflateSync } from 'node:zlib'
import { chromium } from 'playwright-core'

const HEIGHT = 8

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** A PNG of 8-bit grey, every pixel 128. */
function png(width) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(HEIGHT, 4)
  header[8] = 8
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(width, 128)])
  const rows = Buffer.concat(Array.from({ length: HEIGHT }, () => row))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0))
  ])
}

const server = createServer((_, answer) => answer.end('<!doctype html>')).listen(0)
const browser = await chromium.launch({
  executablePath: execFileSync('which', ['chromium']).toString().trim(),
  args: process.getuid() === 0 ? ['--no-sandbox'] : []
})
const page = await browser.newPage()
await page.goto(`http://localhost:${server.address().port}/`)
const expected = {
  32767: ['32767 x 8', '32767 x 8'],
  32768: ['EncodingError', '32768 x 8'],
  40000: ['EncodingError', '40000 x 8']
}
let isSame = true
for (const width of [32767, 32768, 40000]) {
  const seen = await page.evaluate(async (bytes) => {
    const data = new Uint8Array(bytes)
    const decoder = new ImageDecoder({ type: 'image/png', data })
    const byDecoder = await decoder.decode().then(
      ({ image }) => `${image.displayWidth} x ${image.displayHeight}`,
      (error) => error.name
    )
    const bitmap = await createImageBitmap(new Blob([data], { type: 'image/png' }))
    return [byDecoder, `${bitmap.width} x ${bitmap.height}`]
  }, [...png(width)])
  console.log(`${width}  ImageDecoder ${seen[0].padEnd(14)} createImageBitmap ${seen[1]}`)
  isSame &&= seen.join() === expected[width].join()
}
console.log(`Chromium ${browser.version()}`)
await browser.close()
server.close()
if (!isSame) {
  console.error('not as described any more')
  process.exit(1)
}
END
node finding.mjs
