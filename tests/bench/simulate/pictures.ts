// Made-up pictures for simulated libraries: shapes on a slope of colour, in themes, as PNG files.
// Runs in the bench's process.
import { crc32, deflateSync } from 'node:zlib'
import { seededRandom } from '../../../model/retrieval.ts'

export interface Picture {
  png: Uint8Array
  width: number // pixels
  height: number
}

type Random = ReturnType<typeof seededRandom>
type Colour = readonly [number, number, number]

const SIZES: readonly (readonly [number, number])[] = [
  [384, 256],
  [384, 256],
  [342, 256],
  [456, 256],
  [256, 384],
  [256, 256]
]

/** Picture number `index`; every `themes`-th has the same colours and number of shapes. */
export function drawPicture(index: number, themes: number): Picture {
  const theme = seededRandom(index % themes)
  const colours = Array.from({ length: 6 }, () => colourOf(theme))
  const count = 2 + Math.floor(theme() * 6)
  const random = seededRandom(themes + index)
  const [width, height] = SIZES[index % SIZES.length]!
  const shapes = Array.from({ length: count }, (_, i) =>
    shapeOf(random, width, height, colours[2 + (i % 4)]!)
  )
  const [sky, ground] = [colours[0]!, colours[1]!]
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const shape = shapes.find((one) => one.holds(x, y))
      const share = y / height
      for (let channel = 0; channel < 3; channel++)
        rgb[(y * width + x) * 3 + channel] =
          shape?.colour[channel] ?? sky[channel]! * (1 - share) + ground[channel]! * share
    }
  return { png: encodePng(rgb, width, height), width, height }
}

function colourOf(random: Random): Colour {
  return [random() * 255, random() * 255, random() * 255]
}

function shapeOf(
  random: Random,
  width: number,
  height: number,
  colour: Colour
): { colour: Colour; holds: (x: number, y: number) => boolean } {
  const [left, top] = [random() * width, random() * height]
  const [across, down] = [20 + random() * 90, 20 + random() * 90]
  const isRound = random() < 0.5
  return {
    colour,
    holds: (x, y) => {
      const [right, below] = [(x - left) / across, (y - top) / down]
      return isRound ? right ** 2 + below ** 2 < 1 : Math.max(Math.abs(right), Math.abs(below)) < 1
    }
  }
}

/** Pixels [height, width, 3] as a PNG (ISO/IEC 15948): header, one block of data, end. */
function encodePng(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8) // 8 bits a channel, RGB
  const rows = Buffer.alloc(height * (width * 3 + 1)) // each row begins with its filter, 0
  for (let y = 0; y < height; y++)
    rows.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0))
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body) >>> 0, 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}
