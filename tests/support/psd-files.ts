// Photoshop files made on the spot: no tool that tests install writes them (Adobe Photoshop File
// Formats Specification, 2019). Each shows `drawPicture` as its composite. Test code only.
import sharp from 'sharp'
import { fromInks, inksOf } from './colour-table.ts'
import type { Quarters } from './heic-files.ts'
import { drawPicture, drawQuarters, picture } from './pictures.ts'
import type { PictureCase } from './tiff-files.ts'

const MODE = { bitmap: 0, grey: 1, indexed: 2, colours: 3, inks: 4, lab: 9 } as const

interface Psd {
  width: number
  height: number
  mode: keyof typeof MODE
  depth?: 1 | 8 | 16
  /** One after another, top row first; as stored. */
  planes: readonly Uint8Array[]
  /** Of indexed colours: all reds, all greens, all blues. */
  palette?: Uint8Array
  /** By its number: a block beside the picture. */
  resources?: Record<number, Uint8Array>
  /** Of one layer as large as the picture: red, green, blue, opacity. */
  layer?: readonly Uint8Array[]
  /** Whether the fourth plane is the picture's opacity, and no selection that someone kept. */
  isTransparent?: boolean
  isPacked?: boolean
  /** Photoshop's format for large documents. */
  isLarge?: boolean
}

function number(value: number, bytes: number): Buffer {
  const field = Buffer.alloc(8)
  field.writeBigInt64BE(BigInt(value))
  return field.subarray(8 - bytes)
}

function withLength(content: Buffer, bytes = 4): Buffer {
  return Buffer.concat([number(content.length, bytes), content])
}

/** The bytes of a Photoshop file. */
export function psdOf(psd: Psd): Buffer {
  const { width, height, mode, planes, depth = 8, isLarge = false } = psd
  const head = Buffer.concat([
    Buffer.from('8BPS', 'latin1'), number(isLarge ? 2 : 1, 2), Buffer.alloc(6),
    number(planes.length, 2), number(height, 4), number(width, 4), number(depth, 2),
    number(MODE[mode], 2), withLength(Buffer.from(psd.palette ?? []))
  ])
  const resources = Object.entries(psd.resources ?? {}).map(([id, content]) => {
    const padded = Buffer.concat([content, Buffer.alloc(content.length % 2)])
    const name = Buffer.alloc(2)
    const mark = Buffer.from('8BIM', 'latin1')
    return Buffer.concat([mark, number(Number(id), 2), name, number(content.length, 4), padded])
  })
  const sizes = isLarge ? 8 : 4
  const layers = psd.layer ? withLength(layerOf(psd, psd.layer), sizes) : Buffer.alloc(0)
  const pixels = psd.isPacked ? packed(psd) : Buffer.concat([number(0, 2), ...planes])
  const blocks = withLength(Buffer.concat(resources))
  return Buffer.concat([head, blocks, withLength(layers, sizes), pixels])
}

function layerOf(psd: Psd, planes: readonly Uint8Array[]): Buffer {
  const { width, height, isTransparent, isLarge } = psd
  const sizes = isLarge ? 8 : 4
  const data = planes.map((plane) => Buffer.concat([number(0, 2), plane]))
  const channels = data.map((plane, i) =>
    Buffer.concat([number(i === 3 ? -1 : i, 2), number(plane.length, sizes)])
  )
  const extra = Buffer.concat([number(0, 4), number(0, 4), Buffer.from('\x03one', 'latin1')])
  const record = Buffer.concat([
    number(0, 4), number(0, 4), number(height, 4), number(width, 4), number(planes.length, 2),
    ...channels, Buffer.from('8BIMnorm', 'latin1'), Buffer.from([255, 0, 0, 0]), withLength(extra)
  ])
  const all = Buffer.concat([number(isTransparent ? -1 : 1, 2), record, ...data])
  return Buffer.concat([all, Buffer.alloc(all.length % 2)])
}

/** Rows of all planes packed, behind the lengths of all: each as runs of at most 128 bytes. */
function packed({ planes, width, isLarge }: Psd): Buffer {
  const rows = planes.flatMap((plane) =>
    Array.from({ length: plane.length / width }, (_, y) => {
      const row = plane.subarray(y * width, (y + 1) * width)
      const runs: Buffer[] = []
      for (let at = 0; at < width; at += 128) {
        const run = row.subarray(at, at + 128)
        runs.push(Buffer.from([run.length - 1, ...run]))
      }
      return Buffer.concat(runs)
    })
  )
  const lengths = rows.map((row) => number(row.length, isLarge ? 4 : 2))
  return Buffer.concat([number(1, 2), ...lengths, ...rows])
}

/** Pixels of so many bytes as planes of one. */
function planesOf(pixels: Uint8Array, channels: number): Buffer[] {
  return Array.from({ length: channels }, (_, channel) =>
    Buffer.from(pixels.filter((_value, i) => i % channels === channel))
  )
}

const [WIDTH, HEIGHT] = [300, 200]

/** One file of each kind, by its name. */
export async function psdCases(): Promise<Record<string, PictureCase>> {
  const size = { width: WIDTH, height: HEIGHT }
  const rgb = drawPicture(WIDTH, HEIGHT)
  const planes = planesOf(rgb, 3)
  const shows = (psd: Omit<Psd, 'width' | 'height'>, expected = rgb, limit = 1): PictureCase => ({
    ...size, file: psdOf({ ...size, ...psd }), expected, limit
  })
  const colours = { mode: 'colours', planes } as const
  const half = Buffer.alloc(WIDTH * HEIGHT, 128)
  const onWhite = Buffer.from(rgb.map((value) => Math.round((value + 255) / 2)))
  const layer = [...planes, half]
  const deep = planes.map((plane) => Buffer.from([...plane].flatMap((value) => [value, value])))
  const grey = await picture(WIDTH, HEIGHT).greyscale().raw().toBuffer()
  const greys = Buffer.from([...grey].flatMap((value) => [value, value, value]))
  const inkFile = await picture(WIDTH, HEIGHT).toColourspace('cmyk').tiff().toBuffer()
  const inks = await inksOf(inkFile)
  const byBlack = (c = 0, m = 0, y = 0, k = 0): number[] => [c, m, y].map((i) => (i * k) / 255)
  const mixed = fromInks(inks, byBlack)
  const rowBytes = Math.ceil(WIDTH / 8)
  const bits = Buffer.alloc(rowBytes * HEIGHT)
  const black = Buffer.from(greys.map((value) => (value < 128 ? 0 : 255)))
  for (let i = 0; i < WIDTH * HEIGHT; i++)
    if (grey[i]! < 128)
      bits[Math.floor(i / WIDTH) * rowBytes + ((i % WIDTH) >> 3)]! |= 0x80 >> (i % WIDTH & 7)
  const numbers = Array.from({ length: 256 }, (_, i) => i)
  const palette = Buffer.from([...numbers, ...numbers.map((i) => 255 - i), ...numbers.fill(90)])
  const paletted = Buffer.from([...grey].flatMap((i) => [i, 255 - i, 90]))
  const wide = await picture(WIDTH, HEIGHT).withIccProfile('p3').png().toBuffer()
  const { icc } = await sharp(wide).metadata()
  const wideRgb = await sharp(wide, { ignoreIcc: true }).raw().toBuffer()
  const full = Buffer.alloc(WIDTH * HEIGHT, 255)
  const version = Buffer.concat([number(1, 4), Buffer.alloc(9)]) // its fifth byte: no composite
  return {
    'colours': shows(colours),
    'Display P3': shows(
      { ...colours, planes: planesOf(wideRgb, 3), resources: { 1039: icc! } }, rgb, 2.5
    ),
    'no composite': shows({
      ...colours, planes: [full, full, full], layer: [...planes, full], resources: { 1057: version }
    }),
    'packed': shows({ ...colours, isPacked: true }),
    'large': shows({ ...colours, isLarge: true }),
    'large, packed': shows({ ...colours, isLarge: true, isPacked: true }),
    '16 bits': shows({ ...colours, depth: 16, planes: deep }),
    'grey': shows({ mode: 'grey', planes: [grey] }, greys),
    '1 bit': shows({ mode: 'bitmap', depth: 1, planes: [bits] }, black),
    'indexed': shows({ mode: 'indexed', planes: [grey], palette }, paletted),
    'inks': shows({ mode: 'inks', planes: planesOf(inks.map((ink) => 255 - ink), 4) }, mixed),
    'a layer': shows({ ...colours, layer }),
    'a selection that was kept': shows({ ...colours, planes: [...planes, half], layer }),
    'transparent': shows(
      { ...colours, planes: [...planesOf(onWhite, 3), half], layer, isTransparent: true },
      onWhite,
      2
    )
  }
}

/** A Photoshop file in four quarters, and what is seen of it. */
export function quarteredPsd(): Quarters & { file: Buffer } {
  const [width, height] = [400, 160]
  const planes = planesOf(drawQuarters(width, height), 3)
  const file = psdOf({ width, height, mode: 'colours', planes, isPacked: true })
  return { file, width, height, quarters: ['red', 'lime', 'blue', 'white'] }
}
