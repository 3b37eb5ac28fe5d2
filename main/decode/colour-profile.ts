// Finds the ICC profile that a picture carries. Pure; used by both decoders. Bytes are untrusted:
// every read is bounded, and what cannot be read is no profile. No colour is converted here.
import type { PictureFile } from '../wire/decoder-contract.ts'
import { boxesAt, nameAt } from './boxes.ts'
import { segmentsOf } from './jpeg-segments.ts'
import { Malformed } from './malformed.ts'

/** Longer profiles are not read: the largest of printing presses have 3 MB. */
const MOST_BYTES = 4 * 2 ** 20
/** An ICC profile begins with as much (ICC.1, 7.2): its length first, its colour space at 16. */
const HEADER_BYTES = 128

const JPEG_MARK = 'ICC_PROFILE\0'

/** The ICC profile of a file of a known format; undefined where there is none that can be read. */
export async function readProfile(
  bytes: Uint8Array,
  format: PictureFile
): Promise<Uint8Array | undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const found = await READERS[format](view)
    if (!found || found.length < HEADER_BYTES || found.length > MOST_BYTES) return undefined
    const length = new DataView(found.buffer, found.byteOffset).getUint32(0)
    return length >= HEADER_BYTES && length <= found.length ? found.subarray(0, length) : undefined
  } catch (error) {
    if (error instanceof Malformed || error instanceof RangeError) return undefined
    throw error
  }
}

type Found = Uint8Array | undefined

const READERS: Record<PictureFile, (view: DataView) => Found | Promise<Found>> = {
  jpeg: jpegProfile,
  png: pngProfile,
  webp: webpProfile,
  avif: avifProfile,
  heic: avifProfile,
  gif: () => undefined,
  // The colours of these are converted where they are decoded.
  tiff: () => undefined,
  jxl: () => undefined,
  psd: () => undefined,
  bmp: () => undefined
}

function part(view: DataView, begin: number, end: number): Uint8Array {
  if (end > view.byteLength) throw new RangeError('beyond the end')
  return new Uint8Array(view.buffer, view.byteOffset + begin, end - begin)
}

/** APP2 segments hold it in numbered pieces (ICC.1, B.4), since none is longer than 64 KiB. */
function jpegProfile(view: DataView): Found {
  const pieces: Uint8Array[] = []
  let count = 0
  for (const { marker, body, end } of segmentsOf(view)) {
    const start = body + JPEG_MARK.length + 2 // which piece, of how many
    if (marker !== 0xe2 || start > end) continue
    if (String.fromCharCode(...part(view, body, body + JPEG_MARK.length)) !== JPEG_MARK) continue
    pieces[view.getUint8(start - 2) - 1] ??= part(view, start, end)
    count = view.getUint8(start - 1)
  }
  const all = Array.from({ length: count }, (_, i) => pieces[i])
  return all.length > 0 && all.every((piece) => piece !== undefined) ? joined(all) : undefined
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** The iCCP chunk: a name that ends in 0, a 0, then a zlib stream. cICP goes before it. */
async function pngProfile(view: DataView): Promise<Found> {
  let stream: Uint8Array | undefined
  for (let at = 8; at + 12 <= view.byteLength;) {
    const end = at + 8 + view.getUint32(at)
    const name = nameAt(view, at + 4)
    if (name === 'IDAT') break
    if (name === 'cICP') return undefined
    if (name === 'iCCP') {
      const chunk = part(view, at + 8, end)
      stream ??= chunk.subarray(chunk.indexOf(0) + 2)
    }
    at = end + 4
  }
  return stream && inflated(stream)
}

/** A zlib stream unpacked as far as it can be, and no further than a profile may reach. */
async function inflated(stream: Uint8Array): Promise<Uint8Array> {
  const source = new Blob([new Uint8Array(stream)]).stream()
  const reader = source.pipeThrough(new DecompressionStream('deflate')).getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  try {
    while (length <= MOST_BYTES) {
      const { value } = await reader.read()
      if (!value) break
      pieces.push(value)
      length += value.length
    }
    await reader.cancel()
  } catch {
    // Damaged, or followed by other bytes: what came before counts, if it is long enough.
  }
  return joined(pieces)
}

function webpProfile(view: DataView): Found {
  for (let at = 12; at + 8 <= view.byteLength;) {
    const length = view.getUint32(at + 4, true)
    if (nameAt(view, at) === 'ICCP') return part(view, at + 8, at + 8 + length)
    at += 8 + length + (length & 1)
  }
  return undefined
}

/** A colr box of kind prof or rICC; of kind nclx it names its colours and holds no profile. */
function avifProfile(view: DataView): Found {
  for (const { body, end } of boxesAt(view, ['meta', 'iprp', 'ipco', 'colr'])) {
    const kind = nameAt(view, body)
    if (kind === 'prof' || kind === 'rICC') return part(view, body + 4, end)
  }
  return undefined
}
