#!/bin/sh
# Chromium loses the black ink of a CMYK JPEG before it applies the file's ICC profile.
#
# It first turns the four inks into red, green and blue as if there were no profile (each ink times
# black), then takes the complement of these three for cyan, magenta and yellow, with no black at
# all, and puts that through the profile. A profile is made for four separate inks, so every dark
# or grey tone comes out wrong. Little CMS (here inside sharp) keeps them apart.
#
# Seen with Chromium 156.0.8078.108 (Debian 12).
#
# The script writes two JPEGs of one colour each and a profile in which only black ink darkens:
#   picture            shown by the profile   Little CMS   Chromium
#   black ink only     black                  0            252
#   C, M and Y, full   white                  255          252
# It fails if that changes by more than 3.
#
# Needs: sh, node 20 or later, npm, and Debian's package `chromium`.
set -eu
command -v chromium > /dev/null || { echo 'chromium is not on the PATH (Debian: apt install chromium)'; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund playwright-core@1.65.1 sharp@0.35.5

cat > finding.mjs <<'END'
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

const u16 = (n) => [n >> 8, n & 255]
const u32 = (n) => [...u16(n >>> 16), ...u16(n & 65535)]
const letters = (text) => [...Buffer.from(text, 'latin1')]
const segment = (marker, bytes) => [0xff, marker, ...u16(bytes.length + 2), ...bytes]

/** A tag of a profile: its type, four zeros, its content. */
const tag = (type, content) => Buffer.from([...letters(type), 0, 0, 0, 0, ...content])
const fixed = (n) => u32(Math.round(n * 65536) >>> 0)
const D50 = [0.9642, 1, 0.8249] // the white that profiles are relative to, XYZ

/** ICC v2, CMYK to Lab: a grid of two points an ink; the lightness is what black leaves. */
function profile() {
  const ramp = [0, 65535].flatMap(u16)
  const grid = Array.from({ length: 16 }, (_, corner) => {
    const light = (corner & 1) === 1 ? 0 : 1 // the last ink, black, varies fastest
    return [light * 0xff00, 0x8000, 0x8000].flatMap(u16)
  }).flat()
  const unit = [1, 0, 0, 0, 1, 0, 0, 0, 1].flatMap(fixed)
  const table = [4, 3, 2, 0, ...unit, ...u16(2), ...u16(2)]
  table.push(...ramp, ...ramp, ...ramp, ...ramp, ...grid, ...ramp, ...ramp, ...ramp)
  const tags = {
    desc: tag('desc', [...u32(2), 0x78, 0, ...Array(78).fill(0)]),
    cprt: tag('text', letters('none\0')),
    wtpt: tag('XYZ ', D50.flatMap(fixed)),
    A2B0: tag('mft2', table)
  }
  let at = 132 + 12 * 4
  const directory = [...u32(4)]
  const bodies = []
  for (const [name, body] of Object.entries(tags)) {
    directory.push(...letters(name), ...u32(at), ...u32(body.length))
    const padded = Buffer.concat([body, Buffer.alloc(-body.length & 3)])
    bodies.push(padded)
    at += padded.length
  }
  const header = Buffer.alloc(128)
  header.writeUInt32BE(at)
  header.writeUInt32BE(0x02400000, 8)
  header.write('prtrCMYKLab ', 12)
  header.write('acsp', 36)
  Buffer.from(D50.flatMap(fixed)).copy(header, 68)
  return Buffer.concat([header, Buffer.from(directory), ...bodies])
}

/** A baseline JPEG of 8 x 8 pixels of one colour. Inks are 0 to 255, stored as Adobe does: 255 - ink. */
function jpeg(inks, icc) {
  let bits = ''
  for (const ink of inks) {
    const level = 255 - ink - 128 // the only coefficient, quantised by 8
    const size = level === 0 ? 0 : 32 - Math.clz32(Math.abs(level))
    const value = level < 0 ? level + 2 ** size - 1 : level
    bits += size.toString(2).padStart(4, '0') // code of the size: the size itself, in 4 bits
    bits += size ? value.toString(2).padStart(size, '0') : ''
    bits += '0' // no other coefficient
  }
  bits += '1'.repeat(-bits.length & 7)
  const pixels = bits.match(/.{8}/g).flatMap((byte) => {
    const number = parseInt(byte, 2)
    return number === 0xff ? [0xff, 0] : [number]
  })
  const counts = (lengths) => Array.from({ length: 16 }, (_, i) => lengths[i + 1] ?? 0)
  const components = [1, 2, 3, 4]
  return Buffer.from([
    0xff, 0xd8,
    ...segment(0xee, [...letters('Adobe'), 0, 100, 0, 0, 0, 0, 0]), // inks as such, no YCCK
    ...segment(0xe2, [...letters('ICC_PROFILE\0'), 1, 1, ...icc]),
    ...segment(0xdb, [0, ...Array(64).fill(8)]),
    ...segment(0xc0, [8, 0, 8, 0, 8, 4, ...components.flatMap((id) => [id, 0x11, 0])]),
    ...segment(0xc4, [0x00, ...counts({ 4: 9 }), 0, 1, 2, 3, 4, 5, 6, 7, 8]),
    ...segment(0xc4, [0x10, ...counts({ 1: 1 }), 0]),
    ...segment(0xda, [4, ...components.flatMap((id) => [id, 0]), 0, 63, 0]),
    ...pixels, 0xff, 0xd9
  ])
}

const pictures = {
  'black ink only': jpeg([0, 0, 0, 255], profile()),
  'C, M and Y, full': jpeg([255, 255, 255, 0], profile())
}
const server = createServer((_, answer) => answer.end('<!doctype html>')).listen(0)
const browser = await chromium.launch({
  executablePath: execFileSync('which', ['chromium']).toString().trim(),
  args: process.getuid() === 0 ? ['--no-sandbox'] : []
})
const page = await browser.newPage()
await page.goto(`http://localhost:${server.address().port}/`)
const seen = []
for (const [name, file] of Object.entries(pictures)) {
  const [littleCms] = await sharp(file).toColourspace('srgb').raw().toBuffer()
  const inChromium = await page.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }))
    const context = new OffscreenCanvas(8, 8).getContext('2d')
    context.drawImage(bitmap, 0, 0)
    return context.getImageData(0, 0, 1, 1).data[0]
  }, [...file])
  console.log(`${name.padEnd(18)} Little CMS ${littleCms}  Chromium ${inChromium}`)
  seen.push(littleCms, inChromium)
}
console.log(`Chromium ${browser.version()}`)
await browser.close()
server.close()
if (seen.some((value, i) => Math.abs(value - [0, 252, 255, 252][i]) > 3)) {
  console.error('not as described any more')
  process.exit(1)
}
END
node finding.mjs
