// Pictures with damage of every kind, made on the spot, and what is to become of each. Test code
// only.
import { deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { crc32 } from '../../main/decode/png-chunk.ts'
import type { DamageKind } from '../../main/wire/decoder-contract.ts'

/** What is to become of a file; `rows`: the share of its rows that are sound from the top. */
export interface DamagedFile {
  name: string
  file: Uint8Array
  becomes: 'whole' | 'refused' | DamageKind
  /** The same file without damage. */
  whole: Uint8Array
}

const [WIDTH, HEIGHT] = [400, 640]

/** A picture that is nowhere flat, RGB. */
export function busyPixels(width: number, height: number, seed = 1): Uint8Array {
  const rgb = new Uint8Array(width * height * 3)
  let noise = seed
  for (let at = 0; at < rgb.length; at++) {
    noise = (Math.imul(noise, 1_103_515_245) + 12_345) >>> 0
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)]
    rgb[at] = 128 + 80 * Math.sin(x / 23 + (at % 3)) * Math.cos(y / 31 + seed) + (noise >>> 28)
  }
  return rgb
}

/** The same for sharp. */
export function busy(width = WIDTH, height = HEIGHT, seed = 1): Sharp {
  return sharp(busyPixels(width, height, seed), { raw: { width, height, channels: 3 } })
}

/** A JPEG with a restart marker after every row of units: strips of 16 rows, put together. */
async function jpegWithRestarts(width = WIDTH, height = HEIGHT): Promise<Uint8Array> {
  const strips: Buffer[] = []
  const whole = await busy(width, height).png().toBuffer()
  for (let top = 0; top < height; top += 16) {
    const strip = sharp(whole).extract({ left: 0, top, width, height: 16 })
    strips.push(await strip.jpeg({ optimiseCoding: false }).toBuffer())
  }
  const [first] = strips
  const scan = scanOf(first!)
  const head = Buffer.from(first!.subarray(0, scan))
  head.writeUInt16BE(height, markerAt(head, 0xc0) + 5)
  const restarts = Buffer.from([0xff, 0xdd, 0, 4, 0, Math.ceil(width / 16)])
  const sos = markerAt(head, 0xda)
  const parts: Uint8Array[] = [head.subarray(0, sos), restarts, head.subarray(sos)]
  for (const [i, strip] of strips.entries()) {
    if (i > 0) parts.push(Uint8Array.of(0xff, 0xd0 + ((i - 1) % 8)))
    parts.push(strip.subarray(scanOf(strip), -2))
  }
  return Buffer.concat([...parts, Uint8Array.of(0xff, 0xd9)])
}

function markerAt(jpeg: Uint8Array, marker: number): number {
  for (let at = 2; at < jpeg.length; at += 2 + ((jpeg[at + 2]! << 8) | jpeg[at + 3]!))
    if (jpeg[at + 1] === marker) return at
  throw new Error(`no marker ${marker.toString(16)}`)
}

/** Where the coded pixels begin. */
function scanOf(jpeg: Uint8Array): number {
  const at = markerAt(jpeg, 0xda)
  return at + 2 + ((jpeg[at + 2]! << 8) | jpeg[at + 3]!)
}

function place(file: Uint8Array, share: number): number {
  let at = Math.floor(file.length * share)
  while (file[at - 1] === 0xff) at++
  return at
}

/** A file that ends early. */
export function cut(file: Uint8Array, share: number): Uint8Array {
  return file.slice(0, place(file, share))
}

/** A file with bytes put in. */
export function withBytes(file: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  return Buffer.concat([file.subarray(0, at), Uint8Array.from(bytes), file.subarray(at)])
}

/** A file with zeros between two shares of its length. */
export function zeroed(file: Uint8Array, from: number, to: number): Uint8Array {
  return file.slice().fill(0, Math.floor(file.length * from), Math.floor(file.length * to))
}

/** A file that lacks bytes. */
export function without(file: Uint8Array, from: number, to: number): Uint8Array {
  return Buffer.concat([file.subarray(0, from), file.subarray(to)])
}

/** Where a PNG has a chunk. */
function chunkAt(png: Uint8Array, name: string): number {
  const at = Buffer.from(png).indexOf(name, 8, 'latin1')
  if (at === -1) throw new Error(`no ${name}`)
  return at - 4
}

/** A PNG whose chunk has a wrong checksum. */
export function withWrongSum(png: Uint8Array, name: string): Uint8Array {
  const spoilt = Buffer.from(png)
  const at = chunkAt(png, name)
  spoilt[at + 8 + spoilt.readUInt32BE(at)]! ^= 0xff
  return spoilt
}

/** A chunk for a PNG. */
export function pngChunk(name: string, body: Uint8Array): Uint8Array {
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from(name, 'latin1'), body, Buffer.alloc(4)])
  chunk.writeUInt32BE(body.length, 0)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4)
  return chunk
}

/** A PNG whose pixels lie in chunks of so many bytes. */
function pngInChunks(width: number, height: number, size: number): Uint8Array {
  const rgb = busyPixels(width, height)
  const rows = Buffer.alloc((width * 3 + 1) * height) // filter 0 before each
  for (let y = 0; y < height; y++)
    rows.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1)
  const stream = deflateSync(rows)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const parts: Uint8Array[] = [Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), pngChunk('IHDR', header)]
  parts.push(pngChunk('tEXt', Buffer.from('Comment\0made by a test', 'latin1')))
  for (let at = 0; at < stream.length; at += size)
    parts.push(pngChunk('IDAT', stream.subarray(at, at + size)))
  return Buffer.concat([...parts, pngChunk('IEND', Buffer.alloc(0))])
}

/** Damaged files of all formats. */
export async function damagedFiles(): Promise<DamagedFile[]> {
  const table: [string, Uint8Array, Record<string, [Uint8Array, DamagedFile['becomes']]>][] = []
  const jpeg = new Uint8Array(await busy().jpeg().toBuffer())
  table.push(['jpeg', jpeg, {
    'without its end mark': [jpeg.slice(0, -2), 'whole'],
    'cut in half': [cut(jpeg, 0.5), 'refused'],
    'cut at 80 %': [cut(jpeg, 0.8), 'refused'],
    'cut at 96 %': [cut(jpeg, 0.96), 'end-missing'],
    'zeros over 40 to 60 %': [zeroed(jpeg, 0.4, 0.6), 'refused'],
    'zeros over 96 to 98 %': [zeroed(jpeg, 0.96, 0.98), 'end-missing'],
    'zeros to the end': [zeroed(jpeg, 0.5, 1), 'refused'],
    'zeros after 96 %': [zeroed(jpeg, 0.96, 1), 'end-missing'],
    'a reserved marker at 40 %': [withBytes(jpeg, place(jpeg, 0.4), 0xff, 0x9a), 'refused'],
    'a reserved marker at 96 %': [withBytes(jpeg, place(jpeg, 0.96), 0xff, 0x9a), 'end-missing'],
    'bytes lacking': [without(jpeg, place(jpeg, 0.5), place(jpeg, 0.52)), 'part-broken'],
    'bytes after its end': [Buffer.concat([jpeg, Buffer.alloc(5000, 'after')]), 'whole'],
    'padding before its end': [withBytes(jpeg, jpeg.length - 2, ...Buffer.alloc(300)), 'whole']
  }])
  const restarts = new Uint8Array(await jpegWithRestarts()) // a Buffer's slices are no copies
  const marks = [...restarts.keys()].filter(
    (at) => restarts[at] === 0xff && restarts[at + 1]! >= 0xd0 && restarts[at + 1]! <= 0xd7
  )
  const [mark, next] = [marks[20]!, marks[21]!]
  const swapped = restarts.slice()
  ;[swapped[mark + 1], swapped[next + 1]] = [swapped[next + 1]!, swapped[mark + 1]!]
  table.push(['jpeg with restarts', restarts, {
    'as it is': [restarts, 'whole'],
    'two markers swapped': [swapped, 'whole'],
    'stray bytes before a marker': [withBytes(restarts, mark, 1, 2, 3, 4, 5, 6, 7), 'part-broken'],
    'a row lacking': [without(restarts, mark, next), 'part-broken'],
    'rows lacking': [without(restarts, marks[4]!, marks[30]!), 'refused'],
    'zeros over a row': [restarts.slice().fill(0, mark + 9, next - 9), 'part-broken'],
    'zeros over 40 to 60 %': [zeroed(restarts, 0.4, 0.6), 'refused'],
    'cut in half': [cut(restarts, 0.5), 'refused'],
    'cut at 96 %': [cut(restarts, 0.96), 'end-missing']
  }])
  const progressive = new Uint8Array(await busy().jpeg({ progressive: true }).toBuffer())
  table.push(['progressive', progressive, {
    'without its end mark': [progressive.slice(0, -2), 'whole'],
    'cut at 8 %': [cut(progressive, 0.08), 'refused'],
    'cut at 80 %': [cut(progressive, 0.8), 'coarse'],
    'zeros over 70 to 80 %': [zeroed(progressive, 0.7, 0.8), 'coarse'],
    'a reserved marker at 80 %': [
      withBytes(progressive, place(progressive, 0.8), 0xff, 0x9a),
      'coarse'
    ]
  }])
  const png = new Uint8Array(pngInChunks(WIDTH, HEIGHT, 8192))
  table.push(['png', png, {
    'as it is': [png, 'whole'],
    'a wrong checksum beside': [withWrongSum(png, 'tEXt'), 'whole'],
    'a wrong checksum of pixels': [withWrongSum(png, 'IDAT'), 'whole'],
    'a wrong checksum of its header': [withWrongSum(png, 'IHDR'), 'refused'],
    'without its end': [png.slice(0, -12), 'whole'],
    'cut in half': [cut(png, 0.5), 'refused'],
    'cut at 96 %': [cut(png, 0.96), 'end-missing'],
    'zeros over 40 to 60 %': [zeroed(png, 0.4, 0.6), 'refused'],
    'zeros over 96 to 97 %': [zeroed(png, 0.96, 0.97), 'end-missing']
  }])
  const webp = new Uint8Array(await busy().webp().toBuffer())
  const noted = new Uint8Array(await busy().webp().withMetadata({ orientation: 1 }).toBuffer())
  table.push(['webp', webp, {
    'cut in half': [cut(webp, 0.5), 'refused'],
    'cut at 97 %': [cut(webp, 0.97), 'end-missing'],
    'zeros over 40 to 60 %': [zeroed(webp, 0.4, 0.6), 'refused'],
    'zeros over 96 to 98 %': [zeroed(webp, 0.96, 0.98), 'end-missing'],
    'its notes cut': [noted.slice(0, -6), 'whole']
  }])
  for (const interlace of [false, true]) {
    const gif = new Uint8Array(await busy().gif({ progressive: interlace }).toBuffer())
    table.push([interlace ? 'interlaced gif' : 'gif', gif, {
      'as it is': [gif, 'whole'],
      'without its end': [gif.slice(0, -1), 'whole'],
      'a broken block after its picture': [withBytes(gif, gif.length - 1, 0x2c, 1), 'whole'],
      'cut in half': [cut(gif, 0.5), 'refused'],
      'cut at 96 %': [cut(gif, 0.96), 'end-missing'],
      'zeros over 40 to 60 %': [zeroed(gif, 0.4, 0.6), 'refused'],
      'zeros over 96 to 98 %': [zeroed(gif, 0.96, 0.98), 'end-missing']
    }])
  }
  const avif = new Uint8Array(await busy().avif({ effort: 2 }).toBuffer())
  table.push(['avif', avif, {
    'cut at 97 %': [cut(avif, 0.97), 'refused'],
    'zeros over 96 to 98 %': [zeroed(avif, 0.96, 0.98), 'refused']
  }])
  return table.flatMap(([kind, whole, files]) =>
    Object.entries(files).map(([name, [file, becomes]]) => ({
      name: `${kind}, ${name}`,
      file: new Uint8Array(file),
      becomes,
      whole
    }))
  )
}
