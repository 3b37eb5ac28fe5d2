// Files that decoders, their versions and browsers read in different ways, each with the one
// picture that Kindred shows of it everywhere: as a tile, large, and on the command line. Test code
// only.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { ANIMATED_AVIF, firstFrame } from './avif-files.ts'
import { exifBlock, jpegWithExif, pngWithExif, webpWithExif } from './exif-blocks.ts'
import { RGB_PROFILES, pngChunk, storedOf } from './icc.ts'
import { drawPicture, picture, stored } from './pictures.ts'

export interface SameCase {
  /** A file's name. */
  name: string
  file: Buffer
  /** RGB bytes of the whole picture, upright. */
  expected: Buffer
  width: number
  height: number
  /** Its first picture is shown small; large it moves. */
  isAnimated?: boolean
  /** What it is, where the name does not say it. */
  what?: string
  /** The mean difference, of 255, must be below it; 3 if not given. */
  limit?: number
}

const [WIDTH, HEIGHT] = [300, 200]
const SIZE = { width: WIDTH, height: HEIGHT }
const JPEG = { quality: 95, chromaSubsampling: '4:4:4' } as const

function shows(name: string, file: Buffer, expected = drawPicture(WIDTH, HEIGHT)): SameCase {
  return { name, file, expected, width: WIDTH, height: HEIGHT }
}

/** Pictures on their side, in every file that says so in its own way: 6 is a turn to the right. */
async function turnedCases(): Promise<SameCase[]> {
  const base = await (await stored(6, WIDTH, HEIGHT)).png().toBuffer()
  const again = (): Sharp => sharp(base)
  const jpeg = await again().jpeg(JPEG).toBuffer()
  const png = await again().png().toBuffer()
  const lossy = await again().webp({ quality: 95, smartSubsample: true }).toBuffer()
  const lossless = await again().webp({ lossless: true }).toBuffer()
  const flagged = await again()
    .withMetadata({ orientation: 6 })
    .webp({ lossless: true })
    .toBuffer()
  const unflagged = Buffer.from(flagged)
  unflagged[20]! &= ~8
  const [six, three] = [exifBlock([6]), exifBlock([3])]
  const bare = exifBlock([6], { marked: false })
  const long = exifBlock([6], { type: 'long' })
  const files: Record<string, Buffer> = {
    'plain.jpg': jpegWithExif(jpeg, [six]),
    'little-endian.jpg': jpegWithExif(jpeg, [exifBlock([6], { littleEndian: true })]),
    'behind-the-frame-header.jpg': jpegWithExif(jpeg, [six], 'before the pixels'),
    'two-blocks.jpg': jpegWithExif(jpeg, [six, three]),
    'first-block-without.jpg': jpegWithExif(jpeg, [exifBlock([]), six]),
    'two-tags.jpg': jpegWithExif(jpeg, [exifBlock([6, 3])]),
    'first-tag-impossible.jpg': jpegWithExif(jpeg, [exifBlock([9, 6])]),
    'long.jpg': jpegWithExif(jpeg, [long]),
    'before.png': pngWithExif(png, bare, 'before'),
    'behind.png': pngWithExif(png, bare, 'behind'),
    'marked-before.png': pngWithExif(png, six, 'before'),
    'marked-behind.png': pngWithExif(png, six, 'behind'),
    'long.png': pngWithExif(png, long, 'before'),
    'flagged.webp': flagged,
    'not-flagged.webp': unflagged,
    'simple-lossy.webp': webpWithExif(lossy, bare),
    'simple-lossless.webp': webpWithExif(lossless, six)
  }
  return Object.entries(files).map(([name, file]) => shows(name, file))
}

/** AVIFs that libvips reads in its own way. */
async function avifCases(): Promise<SameCase[]> {
  const avif = { quality: 90, chromaSubsampling: '4:4:4', effort: 0 } as const
  const cases: SameCase[] = []
  const white = drawPicture(WIDTH, HEIGHT).map((value) => Math.round(255 + (value - 255) * 0.4))
  for (let value = 2; value <= 8; value++) {
    const turned = (await stored(value, WIDTH, HEIGHT)).withMetadata({ orientation: value })
    cases.push(shows(`turned-${value}.avif`, await turned.avif(avif).toBuffer()))
  }
  const opacity = Buffer.alloc(WIDTH * HEIGHT, 255)
  opacity.fill(102, 0, opacity.length / 2) // the upper half is clear
  const middle = white.length / 2
  const opaque = drawPicture(WIDTH, HEIGHT).subarray(middle)
  const expected = Buffer.concat([white.subarray(0, middle), opaque])
  const clear = sharp(drawPicture(WIDTH, HEIGHT), { raw: { ...SIZE, channels: 3 } })
    .joinChannel(opacity, { raw: { ...SIZE, channels: 1 } })
  const onItsSide = await clear.png().toBuffer()
  const turned = sharp(onItsSide).rotate(270).withMetadata({ orientation: 6 })
  cases.push(shows('turned-clear.avif', await turned.avif(avif).toBuffer(), expected))
  const size = { width: 96, height: 64 }
  const animated = { file: ANIMATED_AVIF, expected: firstFrame(), ...size, isAnimated: true }
  cases.push({ name: 'animated.avif', ...animated })
  const grey = await picture(WIDTH, HEIGHT).greyscale().withIccProfile('srgb').avif(avif).toBuffer()
  nameColours(grey, 1, 13, false)
  const stretched = await picture(WIDTH, HEIGHT).greyscale().raw().toBuffer()
  const shown = [...stretched].flatMap((value) => {
    const full = Math.min(255, Math.max(0, ((value - 16) * 255) / 219))
    return [full, full, full]
  })
  cases.push(shows('grey-of-video-range.avif', grey, Buffer.from(shown)))
  return cases
}

/** Drawings on transparency, on the ground that shows them; and what is shown through. */
async function clearCases(): Promise<SameCase[]> {
  const cases: SameCase[] = []
  for (const [word, ink, ground] of [['light', 250, 32], ['dark', 5, 255]] as const) {
    const opacity = drawing()
    const rgba = Buffer.alloc(opacity.length * 4)
    const expected = Buffer.alloc(opacity.length * 3)
    for (const [i, share] of opacity.entries()) {
      rgba.fill(ink, i * 4, i * 4 + 3)
      rgba[i * 4 + 3] = share
      expected.fill(Math.round(ground + ((ink - ground) * share) / 255), i * 3, i * 3 + 3)
    }
    const drawn = (): Sharp => sharp(rgba, { raw: { ...SIZE, channels: 4 } })
    const files: Record<string, Buffer> = {
      'png': await drawn().png().toBuffer(),
      'webp': await drawn().webp({ lossless: true }).toBuffer(),
      'gif': await drawn().gif().toBuffer(),
      'avif': await drawn().avif({ quality: 90, effort: 0 }).toBuffer()
    }
    for (const [ending, file] of Object.entries(files))
      cases.push(shows(`${word}-drawing.${ending}`, file, expected))
  }
  const half = await sharp(drawPicture(WIDTH, HEIGHT), { raw: { ...SIZE, channels: 3 } })
    .ensureAlpha(0.4)
    .png()
    .toBuffer()
  const white = drawPicture(WIDTH, HEIGHT).map((value) => Math.round(255 + (value - 255) * 0.4))
  cases.push(shows('half-clear.png', half, Buffer.from(white)))
  return [...cases, await smallFrame()]
}

/** Opacity of a drawing of soft and hard lines [height, width]. */
function drawing(): Buffer {
  const opacity = Buffer.alloc(WIDTH * HEIGHT)
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const edge = Math.abs(Math.hypot(x - 120, y - 90) - 60)
      opacity[y * WIDTH + x] = edge < 12 || (x > 220 && x < 260) ? 255 : 0
    }
  return opacity
}

/** A GIF whose only frame fills a part of its screen. */
async function smallFrame(): Promise<SameCase> {
  const [left, top, width, height] = [60, 40, 150, 100]
  const frame = sharp(drawPicture(width, height), { raw: { width, height, channels: 3 } })
  const gif = await frame.gif().toBuffer()
  assert.ok(gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, width, 0, height, 0])) > 0)
  const expected = Buffer.alloc(WIDTH * HEIGHT * 3, 255)
  const shown = await sharp(gif).removeAlpha().raw().toBuffer()
  for (let y = 0; y < height; y++)
    shown.copy(expected, ((top + y) * WIDTH + left) * 3, y * width * 3, (y + 1) * width * 3)
  gif.writeUInt16LE(WIDTH, 6)
  gif.writeUInt16LE(HEIGHT, 8)
  const at = gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, width, 0, height, 0]))
  gif.writeUInt16LE(left, at + 1)
  gif.writeUInt16LE(top, at + 3)
  return shows('small-frame.gif', gif, expected)
}

/** Colours that are named without a profile. `folder`: for profiles. */
async function namedColours(folder: string): Promise<SameCase[]> {
  const plain = await picture(WIDTH, HEIGHT).png().toBuffer()
  const adobe = join(folder, 'adobe.icc')
  writeFileSync(adobe, RGB_PROFILES['Adobe RGB'])
  const inAdobe = await sharp(await storedIn(adobe)).png().toBuffer()
  const inP3 = await sharp(await storedIn('p3')).png().toBuffer()
  const numbers = (...all: number[]): Buffer => {
    const bytes = Buffer.alloc(all.length * 4)
    all.forEach((number, i) => bytes.writeUInt32BE(number, i * 4))
    return bytes
  }
  const gamma = numbers(45_471)
  const lit = (value: number): number => Math.round(255 * storedOf(value / 255)) // by a gamma of 1
  const brighter = Buffer.from(drawPicture(WIDTH, HEIGHT).map(lit))
  const primaries = numbers(31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6_000)
  const codes = (primaries: number, transfer: number): Buffer =>
    Buffer.from([primaries, transfer, 0, 1])
  const high = (transfer: number): Promise<Buffer> => highRange(transfer, plain)
  return [
    shows('gamma-alone.png', pngChunk(plain, 'gAMA', numbers(100_000)), brighter),
    shows('primaries-alone.png', pngChunk(plain, 'cHRM', primaries)),
    shows('gamma-and-primaries.png', pngChunk(pngChunk(inAdobe, 'cHRM', primaries), 'gAMA', gamma)),
    shows('codes-of-p3.png', pngChunk(inP3, 'cICP', codes(12, 13))),
    shows('codes-of-pq.png', pngChunk(plain, 'cICP', codes(9, 16)), await high(16)),
    shows('codes-of-hlg.png', pngChunk(plain, 'cICP', codes(9, 18)), await high(18)),
    shows('codes-of-p3.avif', await avifWithCodes(await storedIn('p3'), 12, 13)),
    shows('codes-of-pq.avif', await avifWithCodes(plain, 9, 16), await high(16)),
    shows('codes-of-hlg.avif', await avifWithCodes(plain, 9, 18), await high(18))
  ]
}

/** The numbers of the picture in a profile, as a PNG that says nothing of it. */
async function storedIn(profile: string): Promise<Buffer> {
  const tagged = await picture(WIDTH, HEIGHT).withIccProfile(profile).png().toBuffer()
  return sharp(tagged, { ignoreIcc: true }).png().toBuffer()
}

/** An AVIF of these numbers that names its colours. */
async function avifWithCodes(png: Buffer, primaries: number, transfer: number): Promise<Buffer> {
  const options = { quality: 95, chromaSubsampling: '4:4:4', effort: 0 } as const
  const avif = await sharp(png).withIccProfile('srgb').avif(options).toBuffer()
  nameColours(avif, primaries, transfer)
  return avif
}

/** Names an AVIF's colours (H.273) in place of the profile that sharp puts there: it is longer. */
function nameColours(avif: Buffer, primaries: number, transfer: number, isFull = true): void {
  const at = avif.indexOf('colr') + 4
  avif.write('nclx', at, 'latin1')
  avif.writeUInt16BE(primaries, at + 4)
  avif.writeUInt16BE(transfer, at + 6)
  avif.writeUInt16BE(6, at + 8) // how they are stored: as in JPEG
  avif.writeUInt8(isFull ? 0x80 : 0, at + 10)
}

/** What numbers of BT.2020 in PQ or HLG are to be shown as: [Note: high range], worked out anew. */
async function highRange(transfer: number, png: Buffer): Promise<Buffer> {
  const rgb = await sharp(png).removeAlpha().raw().toBuffer()
  const nits = (value: number): number => {
    if (transfer === 18) {
      const bright = (Math.exp((value - 0.55991) / 0.178833) + 0.284669) / 12
      return 1000 * (value <= 0.5 ? value ** 2 / 3 : bright) ** 1.2
    }
    const root = value ** (32 / 2523)
    const share = Math.max(0, root - 107 / 128) / ((2413 - 2392 * root) / 128)
    return 10_000 * share ** (8192 / 1305)
  }
  const shown = (value: number): number => {
    const light = nits(value / 255) / 203
    return Math.min(1, (light * (1 + light / (1000 / 203) ** 2)) / (1 + light))
  }
  const byte = (light: number): number =>
    Math.round(255 * storedOf(Math.min(1, Math.max(0, light))))
  for (let at = 0; at < rgb.length; at += 3) {
    const [r, g, b] = [shown(rgb[at]!), shown(rgb[at + 1]!), shown(rgb[at + 2]!)]
    // BT.2020 to BT.709 (ITU-R BT.2087).
    rgb[at] = byte(1.6605 * r - 0.5876 * g - 0.0728 * b)
    rgb[at + 1] = byte(-0.1246 * r + 1.1329 * g - 0.0083 * b)
    rgb[at + 2] = byte(-0.0182 * r - 0.1006 * g + 1.1187 * b)
  }
  return rgb
}

/** Every case. `folder`: a temporary one. */
export async function sameCases(folder: string): Promise<SameCase[]> {
  return [
    ...(await turnedCases()),
    ...(await avifCases()),
    ...(await clearCases()),
    ...(await namedColours(folder))
  ]
}
