// Damage in a PNG: its checksums tell of any. A chunk of side information that is wrong is left
// out; of pixels that do not come out to their end, the rows before that are kept. Pure; bytes are
// untrusted.
import { nameAt } from './boxes.ts'
import { joined, viewOf } from './bytes.ts'
import { checkIsEnough, type Decodable } from './damage.ts'
import { corrupt, type Size } from './decoder.ts'
import { inflate, storedStream } from './inflate.ts'
import { crc32, pngChunk } from './png-chunk.ts'

interface Chunk {
  name: string
  at: number
  body: number
  end: number
  isRight: boolean
}

/** Pixel data of more bytes than this is not mended: it would take that much memory. */
const MOST_BYTES = 2 ** 29
const SIGNATURE = 8

/** What came out of a PNG, and the file mended. Throws a Fault `corrupt-photo`. */
export function judgePng(bytes: Uint8Array<ArrayBuffer>, subject: string): Decodable {
  const chunks = chunksOf(bytes)
  const isEnded = chunks.at(-1)?.name === 'IEND'
  if (isEnded && chunks.every((chunk) => chunk.isRight)) return { bytes, damage: null }
  for (const name of ['IHDR', 'PLTE'])
    if (chunks.some((chunk) => chunk.name === name && !chunk.isRight))
      throw corrupt(subject, `a wrong checksum of its ${name === 'IHDR' ? 'header' : 'colours'}`)
  const pixels = chunks.filter(({ name }) => name === 'IDAT')
  const stream = joined(pixels.map(({ body, end }) => bytes.subarray(body, end)))
  const sizes = rowsOf(bytes)
  const size = sizes.reduce((sum, { rows, rowBytes }) => sum + rows * rowBytes, 0)
  if (size > MOST_BYTES) throw corrupt(subject, 'wrong checksums')
  const { bytes: data, length, isWhole } = inflate(stream, size)
  const rest = chunks.filter((chunk) => chunk.isRight && chunk.name !== 'IDAT')
  if (isWhole) return { bytes: rebuilt(bytes, rest, stream), damage: null }
  const { height } = readSize(bytes)
  const sound = filteredLength(data, length, sizes)
  data.fill(0, sound)
  const rows = rowsWithin(sizes, sound, height)
  checkIsEnough(rows, true, subject)
  const kind = rows === 1 ? 'part-broken' : 'end-missing'
  return { bytes: rebuilt(bytes, rest, storedStream(data)), damage: { kind, rows } }
}

/** As far as they follow each other; one that the file ends in is the last. */
function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = viewOf(bytes)
  const chunks: Chunk[] = []
  for (let at = SIGNATURE; at + 8 <= bytes.length;) {
    const [length, name, body] = [view.getUint32(at), nameAt(view, at + 4), at + 8]
    if (!/^[A-Za-z]{4}$/.test(name)) break
    const end = Math.min(body + length, bytes.length)
    const isThere = body + length + 4 <= bytes.length
    const isRight = isThere && view.getUint32(end) === crc32(bytes.subarray(at + 4, end))
    chunks.push({ name, at, body, end, isRight })
    if (name === 'IEND') break
    at = end + 4
  }
  return chunks
}

interface Pass {
  rows: number
  rowBytes: number // with the byte that names its filter
}

/** First column and row, and steps between them, of the seven passes of an interlaced picture. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2]
] as const

function readSize(bytes: Uint8Array): Size {
  const view = viewOf(bytes)
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/** The rows of each pass over the picture. */
function rowsOf(bytes: Uint8Array): Pass[] {
  const view = viewOf(bytes)
  const { width, height } = readSize(bytes)
  const channels = [1, 0, 3, 1, 2, 0, 4][view.getUint8(25)] ?? 4
  const bits = view.getUint8(24) * channels
  const pass = (columns: number, rows: number): Pass => {
    if (columns <= 0 || rows <= 0) return { rows: 0, rowBytes: 0 }
    return { rows, rowBytes: 1 + Math.ceil((columns * bits) / 8) }
  }
  if (view.getUint8(28) === 0) return [pass(width, height)]
  return PASSES.map(([left, top, right, down]) =>
    pass(Math.ceil((width - left) / right), Math.ceil((height - top) / down))
  )
}

/** Bytes before the first row whose filter cannot be: no decoder goes further. */
function filteredLength(data: Uint8Array, length: number, passes: readonly Pass[]): number {
  let at = 0
  for (const { rows, rowBytes } of passes)
    for (let row = 0; row < rows && at < length; row++, at += rowBytes)
      if (data[at]! > 4) return at
  return length
}

/** The share of rows from the top that so many bytes hold; of an interlaced picture, in full. */
function rowsWithin(passes: readonly Pass[], bytes: number, height: number): number {
  let left = bytes
  for (const [i, { rows, rowBytes }] of passes.entries()) {
    if (left >= rows * rowBytes) {
      left -= rows * rowBytes
      continue
    }
    if (i < passes.length - 1) return 0
    const whole = Math.floor(left / rowBytes)
    return (passes.length === 1 ? whole : 2 * whole + 1) / height
  }
  return 1
}

/** A file of these chunks and this stream of pixels, all checksums right. */
function rebuilt(
  bytes: Uint8Array,
  chunks: readonly Chunk[],
  stream: Uint8Array
): Uint8Array<ArrayBuffer> {
  const before = chunks.filter(({ name }) => name !== 'IEND')
  return joined([
    bytes.subarray(0, SIGNATURE),
    ...before.map(({ at, end }) => bytes.subarray(at, end + 4)),
    pngChunk('IDAT', stream),
    pngChunk('IEND', new Uint8Array(0))
  ])
}
