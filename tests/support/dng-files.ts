// Camera RAWs without a preview (DNG 1.4), with what a sensor behind a mosaic of colours would have
// measured of a picture, uncompressed. Test code only.

const [BYTE, ASCII, SHORT, LONG, RATIONAL, SRATIONAL] = [1, 2, 3, 4, 5, 10]
const BYTES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 10: 8 }
/** CIE XYZ to linear sRGB: the camera's colours are those of sRGB. */
const TO_CAMERA = [
  3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.204, 1.057
]
const WHITE = 16_383
const BLACK = 512

/** What a DNG is made of; sides are even. */
export interface Mosaic {
  width: number
  height: number
  /** Pixels [height, width, 3], sRGB. */
  rgb: Uint8Array
  orientation?: number
  /** 1 for none; others are only claimed. */
  compression?: number
  /** Bytes that its data lacks, though it is said to have them. */
  missing?: number
}

/** A DNG of a picture, without any preview. */
export function dngOf(mosaic: Mosaic): Buffer {
  const { width, height, rgb, orientation = 1, compression = 1, missing = 0 } = mosaic
  const data = mosaicOf(width, height, rgb)
  const entries: [tag: number, type: number, values: readonly number[]][] = [
    [254, LONG, [0]],
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, [16]],
    [259, SHORT, [compression]],
    [262, SHORT, [32_803]], // a mosaic of colours
    [271, ASCII, textOf('Kindred')],
    [272, ASCII, textOf('Test')],
    [273, LONG, [8]],
    [274, SHORT, [orientation]],
    [277, SHORT, [1]],
    [278, LONG, [height]],
    [279, LONG, [data.length + missing]],
    [284, SHORT, [1]],
    [33_421, SHORT, [2, 2]],
    [33_422, BYTE, [0, 1, 1, 2]], // red green over green blue
    [50_706, BYTE, [1, 4, 0, 0]],
    [50_708, ASCII, textOf('Kindred Test')],
    [50_714, LONG, [BLACK]],
    [50_717, LONG, [WHITE]],
    [50_721, SRATIONAL, TO_CAMERA.flatMap((one) => [Math.round(one * 10_000), 10_000])],
    [50_728, RATIONAL, [1, 1, 1, 1, 1, 1]],
    [50_778, SHORT, [21]] // in daylight
  ]
  const head = Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0])
  head.writeUInt32LE(8 + data.length, 4)
  return Buffer.concat([head, data, directory(entries, 8 + data.length)])
}

/** What a sensor measures of each pixel, 16 bits: one colour, in proportion to its light. */
function mosaicOf(width: number, height: number, rgb: Uint8Array): Buffer {
  const data = Buffer.alloc(width * height * 2)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = rgb[(y * width + x) * 3 + (x % 2) + (y % 2)]! / 255
      const light = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
      data.writeUInt16LE(Math.round(BLACK + light * (WHITE - BLACK)), (y * width + x) * 2)
    }
  return data
}

function textOf(text: string): number[] {
  return [...Buffer.from(`${text}\0`, 'latin1')]
}

/** A TIFF directory that begins at `at`, and the values that do not fit into it. */
function directory(
  entries: readonly [tag: number, type: number, values: readonly number[]][],
  at: number
): Buffer {
  const table = Buffer.alloc(2 + entries.length * 12 + 4)
  const beside: Buffer[] = []
  let end = at + table.length
  table.writeUInt16LE(entries.length, 0)
  for (const [i, [tag, type, values]] of entries.entries()) {
    const isPair = type === RATIONAL || type === SRATIONAL
    const [size, count] = [BYTES[type]!, isPair ? values.length / 2 : values.length]
    const bytes = Buffer.alloc(Math.max(4, count * size + (count & 1)))
    const width = isPair ? 4 : size
    values.forEach((value, place) => bytes.writeIntLE(signed(value, width), place * width, width))
    const entry = 2 + i * 12
    table.writeUInt16LE(tag, entry)
    table.writeUInt16LE(type, entry + 2)
    table.writeUInt32LE(count, entry + 4)
    if (count * size <= 4) bytes.copy(table, entry + 8, 0, 4)
    else {
      table.writeUInt32LE(end, entry + 8)
      beside.push(bytes)
      end += bytes.length
    }
  }
  return Buffer.concat([table, ...beside])
}

/** The number whose bytes are those of another without a sign. */
function signed(value: number, width: number): number {
  return value >= 2 ** (8 * width - 1) ? value - 2 ** (8 * width) : value
}
