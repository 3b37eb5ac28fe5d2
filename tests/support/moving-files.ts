// Animations of two and three frames, by the formats that have them. Of the first frames nothing is
// seen; the last shows `drawPicture` in the middle of an empty canvas. Test code only.
import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { drawPicture, picture } from './pictures.ts'
import type { PictureCase } from './tiff-files.ts'

const [WIDTH, HEIGHT] = [300, 200]
const PART = { left: 90, top: 40, width: 120, height: 100 }

function emptyFrame(): Promise<Buffer> {
  const background = { r: 0, g: 0, b: 0, alpha: 0 }
  const create = { width: WIDTH, height: HEIGHT, channels: 4, background } as const
  return sharp({ create }).png().toBuffer()
}

/** The canvas as it is seen, on white. */
function seen(): Promise<Buffer> {
  const input = drawPicture(PART.width, PART.height)
  const raw = { width: PART.width, height: PART.height, channels: 3 } as const
  const white = sharp({
    create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#ffffff' }
  })
  const { left, top } = PART
  return white.composite([{ input, raw, left, top }]).removeAlpha().raw().toBuffer()
}

function chunk(name: string, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), ...content])
  return Buffer.concat([number(body.length - 4), body, number(crc32(body))])
}

function number(value: number): Buffer {
  const field = Buffer.alloc(4)
  field.writeUInt32BE(value)
  return field
}

/** What is in the chunks of one name. */
function contents(png: Buffer, wanted: string): Buffer[] {
  const found: Buffer[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === wanted)
      found.push(png.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  return found
}

/**
 * Frames of one kind of pixels; the first is as large as the canvas. `apart`: a picture that is no
 * frame, for whoever knows no animations. @param order number of the first chunk; not 0: wrong
 */
function animatedPng(
  frames: readonly { png: Buffer; left: number; top: number }[],
  apart?: Buffer,
  order = 0
): Buffer {
  const chunks = frames.flatMap(({ png, left, top }, i) => {
    const size = contents(png, 'IHDR')[0]!.subarray(0, 8)
    const delays = Buffer.from([0, 1, 0, 10, 0, 0])
    const control = chunk('fcTL', number(order++), size, number(left), number(top), delays)
    const pixels = contents(png, 'IDAT').map((data) =>
      i === 0 && !apart ? chunk('IDAT', data) : chunk('fdAT', number(order++), data)
    )
    return [control, ...pixels]
  })
  const first = frames[0]!.png
  const head = chunk('IHDR', contents(first, 'IHDR')[0]!)
  const count = chunk('acTL', number(frames.length), number(0))
  const still = apart ? contents(apart, 'IDAT').map((data) => chunk('IDAT', data)) : []
  return Buffer.concat([first.subarray(0, 8), head, count, ...still, ...chunks, chunk('IEND')])
}

/** One file of each format, by its name. */
export async function movingCases(): Promise<Record<string, PictureCase>> {
  const empty = await emptyFrame()
  const part = await picture(PART.width, PART.height).ensureAlpha().png().toBuffer()
  const whole = await sharp(empty).composite([{ input: part, left: PART.left, top: PART.top }])
    .png().toBuffer()
  const other = await picture(WIDTH, HEIGHT, 4).ensureAlpha().png().toBuffer()
  const joined = (): Sharp => sharp([empty, empty, whole], { join: { animated: true } })
  const shows = async (file: Buffer, limit: number): Promise<PictureCase> => ({
    file, width: WIDTH, height: HEIGHT, expected: await seen(), limit
  })
  const still = { left: 0, top: 0 }
  return {
    'GIF': await shows(await joined().gif().toBuffer(), 5), // of 256 colours
    'WebP': await shows(await joined().webp({ lossless: true }).toBuffer(), 1),
    'PNG': await shows(
      animatedPng([{ png: empty, ...still }, { png: empty, ...still }, { png: part, ...PART }]), 1
    ),
    'PNG with a picture apart': await shows(animatedPng([{ png: whole, ...still }], other), 1),
    'PNG that counts its frames wrong': await shows(
      animatedPng([{ png: whole, ...still }, { png: part, ...PART }], undefined, 7), 1
    )
  }
}

/** A GIF of a white pixel, and a black one where it has two, whose codes do not end by a code. */
export function endlessGif(width: number): Buffer {
  const codes = [4, 1, 0].slice(0, 1 + width) // of three bits; 4 is the one to begin with
  const packed = codes.reduce((sum, code, i) => sum | (code << (3 * i)), 0)
  return Buffer.from([
    ...Buffer.from('GIF89a'),
    ...[width, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255],
    ...[0x2c, 0, 0, 0, 0, width, 0, 1, 0, 0],
    ...[2, 2, packed & 255, packed >> 8, 0, 0x3b]
  ])
}
