// PNM files of every kind, made on the spot: bits, greys and colours, as numbers in words or bytes,
// and with opacity. Each shows `drawPicture`, its light, or what of it is dark. Test code only.
import { drawPicture } from './pictures.ts'
import type { PictureCase } from './tiff-files.ts'

const [WIDTH, HEIGHT] = [301, 200] // rows of bits end within a byte

/** One file of each kind, by its name. */
export function pnmCases(): Record<string, PictureCase> {
  const rgb = drawPicture(WIDTH, HEIGHT)
  const pixels = Array.from({ length: WIDTH * HEIGHT }, (_, i) => rgb.subarray(3 * i, 3 * i + 3))
  const greys = pixels.map(([r, g, b]) => Math.round(0.299 * r! + 0.587 * g! + 0.114 * b!))
  const bits = greys.map((grey) => (grey < 128 ? 1 : 0)) // 1 is black
  const asGrey = Buffer.from(greys.flatMap((grey) => [grey, grey, grey]))
  const asBits = Buffer.from(bits.flatMap((bit) => Array<number>(3).fill(bit ? 0 : 255)))
  const opaque = Buffer.concat(pixels.map((pixel) => Buffer.of(...pixel, 255)))
  const deep = Buffer.from([...rgb].flatMap((value) => [value, value])) // of 16 bits
  const size = `# made by a test\n${WIDTH} ${HEIGHT}\n`
  const words = (values: Iterable<number>): Buffer => Buffer.from([...values].join('\n'))
  const tags = `WIDTH ${WIDTH}\nHEIGHT ${HEIGHT}\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n`
  const files: Record<string, [header: string, pixels: Uint8Array, expected: Buffer]> = {
    P1: [`P1\n${size}`, words(bits), asBits],
    P2: [`P2\n${size}255\n`, words(greys), asGrey],
    P3: [`P3\n${size}255\n`, words(rgb), rgb],
    P4: [`P4\n${size}`, packed(bits), asBits],
    P5: [`P5\n${size}255\n`, Buffer.from(greys), asGrey],
    P6: [`P6\n${size}255\n`, rgb, rgb],
    'P6 of 16 bits': [`P6\n${size}65535\n`, deep, rgb],
    P7: [`P7\n${tags}`, opaque, rgb]
  }
  return Object.fromEntries(
    Object.entries(files).map(([name, [header, pixels, expected]]) => {
      const file = Buffer.concat([Buffer.from(header), pixels])
      return [name, { file, width: WIDTH, height: HEIGHT, expected, limit: 1 }]
    })
  )
}

function packed(bits: readonly number[]): Buffer {
  const rowBytes = Math.ceil(WIDTH / 8)
  const bytes = Buffer.alloc(rowBytes * HEIGHT)
  for (const [i, bit] of bits.entries()) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)]
    if (bit) bytes[y * rowBytes + (x >> 3)]! |= 128 >> (x & 7)
  }
  return bytes
}
