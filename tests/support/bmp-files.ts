// BMP files made on the spot: no tool that tests install writes all their kinds (Microsoft's
// BITMAPINFOHEADER and its kin). Each shows `drawPicture`, or its light as grey. Test code only.
import { drawPicture, picture } from './pictures.ts'
import type { PictureCase } from './tiff-files.ts'

interface Bmp {
  width: number
  /** Negative where the top row comes first. */
  height: number
  depth: 1 | 4 | 8 | 16 | 24 | 32
  /** 0: none, 1: runs of bytes, 3: by masks. */
  compression?: number
  /** Bytes of the header, which tell its version. */
  header?: 12 | 40 | 124
  /** Bits of red, green, blue and opacity. */
  masks?: readonly number[]
  /** Red, green and blue of each number. */
  palette?: readonly (readonly [number, number, number])[]
  pixels: Buffer
}

/** The bytes of a BMP file. */
function bmpOf(bmp: Bmp): Buffer {
  const { width, height, depth, compression = 0, header = 40, masks = [], palette = [] } = bmp
  const info = Buffer.alloc(header)
  info.writeUInt32LE(header)
  if (header === 12) {
    info.writeUInt16LE(width, 4)
    info.writeUInt16LE(height, 6)
    info.writeUInt16LE(1, 8)
    info.writeUInt16LE(depth, 10)
  } else {
    info.writeInt32LE(width, 4)
    info.writeInt32LE(height, 8)
    info.writeUInt16LE(1, 12)
    info.writeUInt16LE(depth, 14)
    info.writeUInt32LE(compression, 16)
    info.writeUInt32LE(bmp.pixels.length, 20)
    info.writeUInt32LE(palette.length, 32)
  }
  if (header === 124) {
    masks.forEach((mask, i) => info.writeUInt32LE(mask, 40 + 4 * i))
    info.write('BGRs', 56, 'latin1')
  }
  const behind = header === 40 ? masks : []
  const more = Buffer.alloc(4 * behind.length)
  behind.forEach((mask, i) => more.writeUInt32LE(mask, 4 * i))
  const colours = palette.map(([red, green, blue]) =>
    Buffer.from(header === 12 ? [blue, green, red] : [blue, green, red, 0])
  )
  const head = Buffer.alloc(14)
  const body = Buffer.concat([info, more, ...colours])
  head.write('BM', 'latin1')
  head.writeUInt32LE(14 + body.length + bmp.pixels.length, 2)
  head.writeUInt32LE(14 + body.length, 10)
  return Buffer.concat([head, body, bmp.pixels])
}

const [WIDTH, HEIGHT] = [300, 200]

type Colour = readonly [red: number, green: number, blue: number]

/** Rows from the bottom up, each a multiple of four bytes long; `write` puts a pixel into its row. */
function rowsOf(
  rgb: Uint8Array,
  bits: number,
  write: (row: Buffer, x: number, colour: Colour) => void,
  topFirst = false
): Buffer {
  const rows: Buffer[] = []
  for (let y = 0; y < HEIGHT; y++) {
    const row = Buffer.alloc(Math.ceil((WIDTH * bits) / 32) * 4)
    for (let x = 0; x < WIDTH; x++) {
      const at = (y * WIDTH + x) * 3
      write(row, x, [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!])
    }
    rows.push(row)
  }
  return Buffer.concat(topFirst ? rows : rows.reverse())
}

/** One byte is a run of one pixel each, as the least clever writer has it. */
function runsOf(rgb: Uint8Array): Buffer {
  const rows = Array.from({ length: HEIGHT }, (_, i) => {
    const y = HEIGHT - 1 - i
    const runs = Array.from({ length: WIDTH }, (_, x) => [1, rgb[(y * WIDTH + x) * 3]!])
    return Buffer.from([...runs.flat(), 0, y === 0 ? 1 : 0]) // the end of a row, or of all
  })
  return Buffer.concat(rows)
}

/** One file of each kind, by its name. */
export async function bmpCases(): Promise<Record<string, PictureCase>> {
  const rgb = drawPicture(WIDTH, HEIGHT)
  const grey = await picture(WIDTH, HEIGHT).greyscale().raw().toBuffer()
  const greys = Buffer.from([...grey].flatMap((value) => [value, value, value]))
  const steps = (count: number): Buffer =>
    Buffer.from(greys.map((value) => Math.round((Math.round((value / 255) * count) * 255) / count)))
  const size = { width: WIDTH, height: HEIGHT }
  const shows = (bmp: Omit<Bmp, 'width' | 'height'>, expected = rgb, limit = 1): PictureCase => ({
    ...size, file: bmpOf({ ...size, ...bmp }), expected, limit
  })
  const scale = (count: number): [number, number, number][] =>
    Array.from({ length: count + 1 }, (_, i) => {
      const value = Math.round((i * 255) / count)
      return [value, value, value]
    })
  const threeBytes = rowsOf(rgb, 24, (row, x, [r, g, b]) => row.set([b, g, r], 3 * x))
  const fourBytes = (fourth: number, source = rgb): Buffer =>
    rowsOf(source, 32, (row, x, [r, g, b]) => row.set([b, g, r, fourth], 4 * x))
  const oneByte = rowsOf(greys, 8, (row, x, [value]) => row.writeUInt8(value, x))
  const nibbles = rowsOf(steps(15), 4, (row, x, [value]) => {
    row[x >> 1]! |= (value / 17) << (x % 2 === 0 ? 4 : 0)
  })
  const bits = rowsOf(steps(1), 1, (row, x, [value]) => {
    if (value > 0) row[x >> 3]! |= 0x80 >> (x & 7)
  })
  const words = rowsOf(rgb, 16, (row, x, [r, g, b]) =>
    row.writeUInt16LE(((r >> 3) << 11) | ((g >> 2) << 5) | (b >> 3), 2 * x)
  )
  const masks = [0xff0000, 0xff00, 0xff, 0xff000000]
  const onWhite = Buffer.from(rgb.map((value) => Math.round(255 + ((value - 255) * 128) / 255)))
  return {
    '24 bits': shows({ depth: 24, pixels: threeBytes }),
    'top row first': {
      ...shows({ depth: 24, pixels: threeBytes }),
      file: bmpOf({
        width: WIDTH, height: -HEIGHT, depth: 24,
        pixels: rowsOf(rgb, 24, (row, x, [r, g, b]) => row.set([b, g, r], 3 * x), true)
      })
    },
    '32 bits, the last 8 unused': shows({ depth: 32, pixels: fourBytes(0) }),
    '32 bits, the last 8 anything': shows({ depth: 32, pixels: fourBytes(77) }),
    'transparent': shows(
      { depth: 32, compression: 3, header: 124, masks, pixels: fourBytes(128) }, onWhite, 2
    ),
    '8 bits': shows({ depth: 8, palette: scale(255), pixels: oneByte }, greys),
    'runs': shows({ depth: 8, compression: 1, palette: scale(255), pixels: runsOf(greys) }, greys),
    '4 bits': shows({ depth: 4, palette: scale(15), pixels: nibbles }, steps(15)),
    '1 bit': shows({ depth: 1, palette: scale(1), pixels: bits }, steps(1)),
    '16 bits by masks': shows(
      { depth: 16, compression: 3, masks: [0xf800, 0x7e0, 0x1f], pixels: words }, rgb, 4
    ),
    'of OS/2': shows({ depth: 24, header: 12, pixels: threeBytes })
  }
}
