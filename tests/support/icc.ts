// Colour profiles made on the spot (ICC.1:2010, version 2 of the format), and their place in files,
// so that tests need no profile from elsewhere. Test code only.
import { crc32, deflateSync } from 'node:zlib'

type Vector = [number, number, number]
/** Row by row. */
type Matrix = [Vector, Vector, Vector]
type Chromaticity = [x: number, y: number]

/** The light that profiles are relative to, as XYZ. */
const D50: Vector = [0.9642, 1, 0.8249]
const D65: Chromaticity = [0.3127, 0.329]
/** The cone response matrix of Bradford (ICC.1, annex E). */
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296]
]

/** sRGB to linear light, both 0 to 1. */
function linearOf(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

/** Linear light to sRGB, both 0 to 1. */
export function storedOf(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055
}

const times = (m: Matrix, v: Vector): Vector =>
  m.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as Vector

const columns = (m: Matrix): Matrix => [0, 1, 2].map((i) => m.map((row) => row[i]!)) as Matrix

const product = (a: Matrix, b: Matrix): Matrix =>
  columns(columns(b).map((column) => times(a, column)) as Matrix)

function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  const adjugate: Matrix = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d]
  ]
  return adjugate.map((row) => row.map((n) => n / determinant)) as Matrix
}

const xyzOf = ([x, y]: Chromaticity): Vector => [x / y, 1, (1 - x - y) / y]

/** Linear light of a device to XYZ relative to D50, from its primaries and its white. */
function toXyz(primaries: readonly Chromaticity[], white: Chromaticity): Matrix {
  const own = columns(primaries.map(xyzOf) as Matrix)
  const strength = times(inverse(own), xyzOf(white))
  const scaled = own.map((row) => row.map((n, i) => n * strength[i]!)) as Matrix
  const [from, to] = [times(BRADFORD, xyzOf(white)), times(BRADFORD, D50)]
  const cones = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? to[i]! / from[i]! : 0)))
  return product(product(inverse(BRADFORD), product(cones as Matrix, BRADFORD)), scaled)
}

const SRGB: [Chromaticity, Chromaticity, Chromaticity] = [[0.64, 0.33], [0.3, 0.6], [0.15, 0.06]]

function element(type: string, ...values: [bits: 8 | 16 | 32, number][]): Buffer {
  const bytes = Buffer.alloc(8 + values.reduce((sum, [bits]) => sum + bits / 8, 0))
  bytes.write(type, 'latin1')
  let at = 8
  for (const [bits, value] of values) {
    bytes.writeUIntBE(bits === 32 ? value >>> 0 : value, at, bits / 8)
    at += bits / 8
  }
  return bytes
}

const fixed = (value: number): [32, number] => [32, Math.round(value * 65536)]
const xyz = (v: Vector): Buffer => element('XYZ ', ...v.map(fixed))
const curve = (gamma: number): Buffer => element('curv', [32, 1], [16, Math.round(gamma * 256)])

/** A whole profile. `space`: four letters, such as `RGB `. */
function profile(space: string, tags: Record<string, Buffer>): Buffer {
  const all: [string, Buffer][] = Object.entries({
    desc: Buffer.concat([element('desc', [32, 5]), Buffer.from('test\0'), Buffer.alloc(78)]),
    cprt: Buffer.concat([element('text'), Buffer.from('none\0')]),
    wtpt: xyz(D50),
    ...tags
  })
  const header = Buffer.alloc(132 + 12 * all.length)
  header.writeUInt32BE(0x02400000, 8)
  header.write(`mntr${space}XYZ `, 12, 'latin1')
  header.write('acsp', 36, 'latin1')
  xyz(D50).copy(header, 68, 8)
  header.writeUInt32BE(all.length, 128)
  let at = header.length
  const bodies = all.map(([name, body], i) => {
    header.write(name, 132 + 12 * i, 'latin1')
    header.writeUInt32BE(at, 136 + 12 * i)
    header.writeUInt32BE(body.length, 140 + 12 * i)
    const padded = Buffer.concat([body, Buffer.alloc(-body.length & 3)])
    at += padded.length
    return padded
  })
  header.writeUInt32BE(at)
  return Buffer.concat([header, ...bodies])
}

function rgbProfile(primaries: Chromaticity[], white: Chromaticity, gamma: number): Buffer {
  const [r, g, b] = columns(toXyz(primaries, white))
  const trc = curve(gamma)
  const tags = { rXYZ: xyz(r), gXYZ: xyz(g), bXYZ: xyz(b), rTRC: trc, gTRC: trc, bTRC: trc }
  return profile('RGB ', tags)
}

/** Profiles of RGB pictures, by name. */
export const RGB_PROFILES = {
  'Adobe RGB': rgbProfile([[0.64, 0.33], [0.21, 0.71], [0.15, 0.06]], D65, 2.19921875),
  'ProPhoto RGB': rgbProfile(
    [[0.7347, 0.2653], [0.1596, 0.8404], [0.0366, 0.0001]],
    [0.3457, 0.3585],
    1.8
  ),
  'red for green': rgbProfile([SRGB[1], SRGB[0], SRGB[2]], D65, 2.2)
}

/** A profile of grey pictures. */
export function greyProfile(gamma: number): Buffer {
  return profile('GRAY', { kTRC: curve(gamma) })
}

/**
 * A profile that is a table, not a matrix. `rgb`: the channel of the device that sRGB's red, green
 * and blue each are, an ink standing for what it leaves of light.
 */
export function tableProfile(space: 'RGB ' | 'CMYK', rgb: readonly [number, number, number]): Buffer {
  const channels = space === 'CMYK' ? 4 : 3
  const sizes: [8, number][] = [[8, channels], [8, 3], [8, 2], [8, 0]] // the grid has 2 points
  const unit = [1, 0, 0, 0, 1, 0, 0, 0, 1].map(fixed)
  const steps = Array.from({ length: 256 }, (_, i) => (space === 'CMYK' ? 1 - i / 255 : i / 255))
  const curves = Array.from({ length: channels }, () => steps.map(linearOf)).flat()
  const matrix = toXyz(SRGB, D65)
  const grid = Array.from({ length: 2 ** channels }, (_, corner) => {
    const light = rgb.map((channel) => (corner >> (channels - 1 - channel)) & 1) as Vector
    return times(matrix, light).map((n) => (n * 32768) / 65535) // XYZ up to 2 (ICC.1, 6.3.4.2)
  }).flat()
  const numbers = [...curves, ...grid, 0, 1, 0, 1, 0, 1]
  const words = numbers.map((n): [16, number] => [16, Math.round(65535 * n)])
  const table = element('mft2', ...sizes, ...unit, [16, 256], [16, 2], ...words)
  return profile(space, { A2B0: table })
}

/** Puts a profile into a JPEG that has none, in pieces of at most `most` bytes. */
export function jpegWith(jpeg: Buffer, icc: Buffer, most = 65_519): Buffer {
  const count = Math.ceil(icc.length / most)
  const segments = Array.from({ length: count }, (_, i) => {
    const piece = icc.subarray(i * most, (i + 1) * most)
    const head = Buffer.from(`\xff\xe2..ICC_PROFILE\0..`, 'latin1')
    head.writeUInt16BE(head.length - 2 + piece.length, 2)
    head.writeUInt8(i + 1, 16)
    head.writeUInt8(count, 17)
    return Buffer.concat([head, piece])
  })
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)])
}

/** Puts a chunk into a PNG: before all others but the first, or at a place that is given. */
export function pngChunk(png: Buffer, name: string, body: Buffer, at = 33): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([png.subarray(0, at), length, named, sum, png.subarray(at)])
}

/** Puts a profile into a PNG that has none. */
export function pngWith(png: Buffer, icc: Buffer): Buffer {
  return pngChunk(png, 'iCCP', Buffer.concat([Buffer.from('test\0\0'), deflateSync(icc)]))
}
