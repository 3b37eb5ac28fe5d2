// Animated files: whether a file has frames after its first, and frames of an animated PNG as files
// of their own, since the libraries leave them out. Pure; bytes are untrusted: a read beyond the
// end throws a RangeError.
import type { PictureFile } from '../wire/decoder-contract.ts'
import { nameAt } from './boxes.ts'
import { joined, viewOf } from './bytes.ts'
import { pngChunk } from './png-chunk.ts'

/** True for a file that may show more than one frame. */
export function mayMove(bytes: Uint8Array, format: PictureFile): boolean {
  const view = viewOf(bytes)
  try {
    if (format === 'png') return [...chunksOf(view)].some(({ name }) => name === 'acTL')
    if (format === 'webp') return nameAt(view, 12) === 'VP8X' && (view.getUint8(20) & 2) !== 0
    if (format === 'avif') return isSequence(view)
    return format === 'gif'
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** True for an animated PNG that shows another picture where animations are not known. */
export function hasPictureApart(bytes: Uint8Array, format: PictureFile): boolean {
  if (format !== 'png') return false
  const names = [...chunksOf(viewOf(bytes))].map(({ name }) => name)
  const control = names.indexOf('fcTL')
  return names.includes('acTL') && control > names.indexOf('IDAT')
}

/** Chunks that only an animation has. */
const OF_ANIMATION: ReadonlySet<string> = new Set(['acTL', 'fcTL', 'fdAT'])

/**
 * A PNG without its animation. Decoders that know animations refuse all of a file whose frames are
 * counted or ordered wrong, though its picture is sound.
 */
export function stillPng(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = viewOf(bytes)
  const chunks = [...chunksOf(view)]
  if (!chunks.some(({ name }) => name === 'acTL')) return bytes
  const kept = chunks.filter(({ name }) => !OF_ANIMATION.has(name))
  const pieces = kept.map(({ body, end }) => bytes.subarray(body - 8, end + 4))
  const rest = chunks.at(-1)!.end + 4 // a chunk that the file ends in: pixels that are there count
  const isCut = rest + 8 < bytes.length && !OF_ANIMATION.has(nameAt(view, rest + 4))
  return joined([bytes.subarray(0, 8), ...pieces, ...(isCut ? [bytes.subarray(rest)] : [])])
}

/** One of the brands of an AVIF, which its first box lists, says that it is a sequence. */
function isSequence(view: DataView): boolean {
  for (let at = 8; at + 4 <= view.getUint32(0); at += 4) if (nameAt(view, at) === 'avis') return true
  return false
}

/** A frame, and where on the canvas its upper left corner lies. */
export interface PngFrame {
  file: Uint8Array
  left: number
  top: number
}

/** A frame of an animated PNG, from 0; undefined where there are not as many. */
export function pngFrame(bytes: Uint8Array, index: number): PngFrame | undefined {
  const view = viewOf(bytes)
  const shared: Uint8Array[] = [bytes.subarray(0, 8)]
  const pixels: Uint8Array[] = []
  let place: { header: Uint8Array; left: number; top: number } | undefined
  let frame = -1
  for (const { name, body, end } of chunksOf(view)) {
    if (name === 'fcTL') frame++
    if (frame > index || name === 'IEND') break
    if (name === 'fcTL' && frame === index && end - body >= CONTROL_BYTES) {
      const header = bytes.slice(16, 29) // of IHDR: its size is that of the frame
      header.set(bytes.subarray(body + 4, body + 12))
      place = { header, left: view.getUint32(body + 12), top: view.getUint32(body + 16) }
    }
    const isFrame = frame === index
    if (name === 'IDAT' && isFrame) pixels.push(bytes.subarray(body, end))
    if (name === 'fdAT' && isFrame) pixels.push(bytes.subarray(Math.min(body + 4, end), end))
    if (SHARED.includes(name) && pixels.length === 0 && frame <= 0)
      shared.push(bytes.subarray(body - 8, end + 4))
  }
  if (!place || pixels.length === 0) return undefined
  const [mark, ...chunks] = shared
  const data = pixels.map((piece) => pngChunk('IDAT', piece))
  const header = pngChunk('IHDR', place.header)
  const file = joined([mark!, header, ...chunks, ...data, pngChunk('IEND', new Uint8Array())])
  return { file, left: place.left, top: place.top }
}

/** What a frame's own chunk is at least: its number, size, place, time and how it is drawn. */
const CONTROL_BYTES = 26

/** Chunks that say how the pixels of all frames are to be read. */
const SHARED = ['PLTE', 'tRNS', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'cICP']

interface Chunk {
  name: string
  body: number
  end: number
}

function* chunksOf(view: DataView): Generator<Chunk> {
  for (let at = 8; at + 12 <= view.byteLength; ) {
    const chunk = { name: nameAt(view, at + 4), body: at + 8, end: at + 8 + view.getUint32(at) }
    if (chunk.end + 4 > view.byteLength) return
    yield chunk
    at = chunk.end + 4
  }
}
