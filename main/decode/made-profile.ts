// ICC profiles for pictures that name their colours without one: by the numbers of ITU-T H.273 (PNG
// cICP, AVIF and HEIC nclx), or by gAMA and cHRM of PNG. So Little CMS converts them like all
// others. Pure.
//
// [Note: high range] PQ and HLG are shown as a screen without more range shows them: 203 nits are
// white before (ITU-R BT.2408), 1000 nits after each channel was pressed together (Reinhard's
// curve, as browsers have it, but by channel).

type Vector = readonly [number, number, number]
/** Row by row. */
type Matrix = readonly [Vector, Vector, Vector]
type Chromaticity = readonly [x: number, y: number]

/** Red, green, blue and white. */
type Primaries = readonly [Chromaticity, Chromaticity, Chromaticity, Chromaticity]

/** What a number from 0 to 1 is as light, from 0 to 1. */
type Transfer = (value: number) => number

const D50: Vector = [0.9642, 1, 0.8249]
const D65: Chromaticity = [0.3127, 0.329]
/** The cone response matrix of Bradford (ICC.1, annex E). */
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296]
]

/** By H.273, table 2; those of sRGB are 1. Rare ones are taken as sRGB. */
const PRIMARIES = new Map<number, Primaries>([
  [4, [[0.67, 0.33], [0.21, 0.71], [0.14, 0.08], [0.31, 0.316]]],
  [5, [[0.64, 0.33], [0.29, 0.6], [0.15, 0.06], D65]],
  [6, [[0.63, 0.34], [0.31, 0.595], [0.155, 0.07], D65]],
  [7, [[0.63, 0.34], [0.31, 0.595], [0.155, 0.07], D65]],
  [9, [[0.708, 0.292], [0.17, 0.797], [0.131, 0.046], D65]],
  [11, [[0.68, 0.32], [0.265, 0.69], [0.15, 0.06], [0.314, 0.351]]],
  [12, [[0.68, 0.32], [0.265, 0.69], [0.15, 0.06], D65]]
])
const SRGB: Primaries = [[0.64, 0.33], [0.3, 0.6], [0.15, 0.06], D65]

/** By H.273, table 3; those of video are shown as sRGB, since its pictures are made on screens. */
const TRANSFERS = new Map<number, Transfer>([
  [4, (value) => value ** 2.2],
  [5, (value) => value ** 2.8],
  [8, (value) => value],
  [16, (value) => pressed((10_000 * lightOfPq(value)) / 203)],
  [18, (value) => pressed((1000 * lightOfHlg(value) ** 1.2) / 203)]
])

/** Entries of the curve in a profile. */
const STEPS = 1024

const made = new Map<string, Uint8Array>()

/** The profile of numbers of H.273; undefined for those that are shown as sRGB. */
export function profileOfCodes(primaries: number, transfer: number): Uint8Array | undefined {
  const [known, curve] = [PRIMARIES.get(primaries), TRANSFERS.get(transfer)]
  if (!known && !curve) return undefined
  return kept(`${primaries} ${transfer}`, () =>
    profileOf(known ?? SRGB, curve ?? lightOfSrgb)
  )
}

/** The profile of a gamma (the exponent of light) and primaries, sRGB's if not given. */
export function profileOfGamma(
  primaries: Primaries = SRGB,
  gamma: number
): Uint8Array | undefined {
  const isUsable = gamma > 0.2 && gamma < 10 && primaries.every(([x, y]) => x >= 0 && y > 0.001)
  if (!isUsable) return undefined
  return kept(`${primaries.join()} ${gamma}`, () => profileOf(primaries, (value) => value ** gamma))
}

function kept(name: string, make: () => Uint8Array): Uint8Array {
  if (made.size > 16) made.clear() // files may name anything
  const profile = made.get(name) ?? make()
  made.set(name, profile)
  return profile
}

function lightOfSrgb(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

/** Of 10,000 nits (SMPTE ST 2084). */
function lightOfPq(value: number): number {
  const root = value ** (1 / 78.84375)
  return (Math.max(0, root - 0.8359375) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125)
}

/** Of the scene (ITU-R BT.2100). */
function lightOfHlg(value: number): number {
  if (value <= 0.5) return value ** 2 / 3
  return (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12
}

/** Light of which 1 is white and 1000 / 203 the most, as light up to 1. */
function pressed(light: number): number {
  const most = 1000 / 203
  return Math.min(1, (light * (1 + light / most ** 2)) / (1 + light))
}

const times = (m: Matrix, v: Vector): Vector => [dot(m[0], v), dot(m[1], v), dot(m[2], v)]
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const columns = ([a, b, c]: Matrix): Matrix =>
  [[a[0], b[0], c[0]], [a[1], b[1], c[1]], [a[2], b[2], c[2]]]
const product = (a: Matrix, b: Matrix): Matrix => {
  const [x, y, z] = columns(b)
  return columns([times(a, x), times(a, y), times(a, z)])
}

function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const by = 1 / (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g))
  return [
    [by * (e * i - f * h), by * (c * h - b * i), by * (b * f - c * e)],
    [by * (f * g - d * i), by * (a * i - c * g), by * (c * d - a * f)],
    [by * (d * h - e * g), by * (b * g - a * h), by * (a * e - b * d)]
  ]
}

const xyzOf = ([x, y]: Chromaticity): Vector => [x / y, 1, (1 - x - y) / y]
const diagonal = ([a, b, c]: Vector): Matrix => [[a, 0, 0], [0, b, 0], [0, 0, c]]

/** What red, green and blue are as XYZ relative to D50, row by row. */
function colorants([red, green, blue, white]: Primaries): Matrix {
  const own = columns([xyzOf(red), xyzOf(green), xyzOf(blue)])
  const scaled = product(own, diagonal(times(inverse(own), xyzOf(white))))
  const [from, to] = [times(BRADFORD, xyzOf(white)), times(BRADFORD, D50)]
  const cones = diagonal([to[0] / from[0], to[1] / from[1], to[2] / from[2]])
  return columns(product(product(inverse(BRADFORD), product(cones, BRADFORD)), scaled))
}

/** A profile of version 2 (ICC.1:2001): three colorants and one curve. */
function profileOf(primaries: Primaries, transfer: Transfer): Uint8Array {
  const curve = new DataView(new ArrayBuffer(12 + 2 * STEPS))
  writeText(curve, 0, 'curv')
  curve.setUint32(8, STEPS)
  for (let i = 0; i < STEPS; i++)
    curve.setUint16(12 + 2 * i, Math.round(65535 * transfer(i / (STEPS - 1))))
  const [red, green, blue] = colorants(primaries).map(xyzElement)
  const white = xyzElement(D50)
  const tags: [string, DataView | undefined][] = [
    ['wtpt', white], ['rXYZ', red], ['gXYZ', green], ['bXYZ', blue],
    ['rTRC', curve], ['gTRC', curve], ['bTRC', curve]
  ]
  const parts = new Map<DataView, number>()
  let end = 132 + 12 * tags.length
  for (const [, part] of tags) {
    if (!part || parts.has(part)) continue
    parts.set(part, end)
    end += part.byteLength
  }
  const profile = new Uint8Array(end)
  const view = new DataView(profile.buffer)
  view.setUint32(0, end)
  view.setUint32(8, 0x02400000)
  writeText(view, 12, 'mntrRGB XYZ ')
  writeText(view, 36, 'acsp')
  profile.set(new Uint8Array(white.buffer, 8), 68)
  view.setUint32(128, tags.length)
  tags.forEach(([name, part], i) => {
    if (!part) return
    writeText(view, 132 + 12 * i, name)
    view.setUint32(136 + 12 * i, parts.get(part) ?? 0)
    view.setUint32(140 + 12 * i, part.byteLength)
  })
  for (const [part, at] of parts) profile.set(new Uint8Array(part.buffer), at)
  return profile
}

function xyzElement(xyz: Vector): DataView {
  const view = new DataView(new ArrayBuffer(20))
  writeText(view, 0, 'XYZ ')
  xyz.forEach((number, i) => view.setInt32(8 + 4 * i, Math.round(number * 65536)))
  return view
}

function writeText(view: DataView, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i))
}
