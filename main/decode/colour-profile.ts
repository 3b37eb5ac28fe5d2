// Finds the ICC profile that a picture carries, or makes the one that it describes in other words.
// Pure; used by both decoders. Bytes are untrusted: every read is bounded, and what cannot be read
// is no profile. No colour is converted here.
import type { PictureFile } from '../wire/decoder-contract.ts'
import { nameAt, type Box } from './boxes.ts'
import { joined, viewOf } from './bytes.ts'
import { mainColours } from './heif-places.ts'
import { codesIn, mainProperties } from './items.ts'
import { segmentsOf } from './jpeg-segments.ts'
import { profileOfCodes, profileOfGamma } from './made-profile.ts'
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
  const view = viewOf(bytes)
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
  avif: (view) => profileIn(view, [...mainProperties(view, 'colr')]),
  heic: (view) => profileIn(view, mainColours(view)),
  gif: () => undefined,
  // The colours of these are converted where they are decoded.
  tiff: () => undefined,
  jxl: () => undefined,
  psd: () => undefined,
  sensor: () => undefined,
  'rare-jpeg': () => undefined,
  bmp: () => undefined,
  pnm: () => undefined
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

/**
 * Of several the first of: cICP; iCCP, which is a name that ends in 0, a 0, then a zlib stream;
 * sRGB; gAMA, with cHRM where it has one (PNG, 4.3). cHRM alone counts for nothing, as in browsers.
 */
async function pngProfile(view: DataView): Promise<Found> {
  const chunks = new Map<string, DataView>()
  for (let at = 8; at + 12 <= view.byteLength;) {
    const end = at + 8 + view.getUint32(at)
    const name = nameAt(view, at + 4)
    if (name === 'IDAT') break
    const { buffer, byteOffset, length } = part(view, at + 8, end)
    if (!chunks.has(name)) chunks.set(name, new DataView(buffer, byteOffset, length))
    at = end + 4
  }
  const [codes, icc] = [chunks.get('cICP'), chunks.get('iCCP')]
  if (codes) return profileOfCodes(codes.getUint8(0), codes.getUint8(1))
  if (icc) {
    const chunk = part(icc, 0, icc.byteLength)
    return inflated(chunk.subarray(chunk.indexOf(0) + 2))
  }
  const [gamma, primaries] = [chunks.get('gAMA'), chunks.get('cHRM')]
  if (chunks.has('sRGB') || !gamma) return undefined
  const pair = (view: DataView, at: number): readonly [number, number] =>
    [view.getUint32(at) / 100_000, view.getUint32(at + 4) / 100_000]
  const exponent = 100_000 / gamma.getUint32(0)
  if (!primaries) return profileOfGamma(undefined, exponent)
  const [white, red, green, blue] = [0, 8, 16, 24].map((at) => pair(primaries, at))
  return profileOfGamma([red!, green!, blue!, white!], exponent)
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

/** A colr box of kind prof or rICC; else one of kind nclx, which names its colours by numbers. */
function profileIn(view: DataView, colours: readonly Box[]): Found {
  for (const { body, end } of colours) {
    const kind = nameAt(view, body)
    if (kind === 'prof' || kind === 'rICC') return part(view, body + 4, end)
  }
  const codes = codesIn(view, colours)
  return codes && profileOfCodes(codes.primaries, codes.transfer)
}
