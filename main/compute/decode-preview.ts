// Decodes a file's small picture in its place, if it shows the same. Compute's main thread.
import type { Decode, DecodeRequest } from '../decode/decoder.ts'
import { looksSame, type Part } from '../decode/same-picture.ts'
import type { Pixels } from '../wire/decoder-contract.ts'
import { isFault } from '../wire/fault.ts'
import type { ReadPhoto } from './thread-contract.ts'

type Preview = NonNullable<ReadPhoto['preview']>
type Rows = NonNullable<Preview['rows']>

/** Short side that rows are decoded at, pixels. */
const ROWS_SIDE = 16

/**
 * Pixels of the small picture, with the size of the whole; undefined where it shows something else
 * or cannot be decoded: then the whole has to be. Throws the Fault `cancelled`.
 */
export async function decodePreview(
  decode: Decode,
  { bytes, format, whole, rows }: Preview,
  request: Omit<DecodeRequest, 'bytes' | 'format'>,
  signal: AbortSignal
): Promise<Pixels | undefined> {
  try {
    const [pixels, first] = await Promise.all([
      decode({ ...request, bytes, format }, signal),
      rows && decodeRows(decode, rows, request, signal)
    ])
    if (pixels.damage) return undefined // the whole may be sound
    if (rows && first && !looksSame(rgbOf(pixels), partOf(rows), rgbOf(first))) return undefined
    return { ...pixels, ...whole }
  } catch (error) {
    if (!isFault(error) || signal.aborted) throw error
    return undefined
  }
}

function decodeRows(
  decode: Decode,
  { jpeg }: Rows,
  request: Omit<DecodeRequest, 'bytes' | 'format'>,
  signal: AbortSignal
): Promise<Pixels> {
  const small = { ...request, shortSide: ROWS_SIDE, thumbnail: false }
  return decode({ ...small, bytes: jpeg, format: 'jpeg' }, signal)
}

function rgbOf({ rgb, pixelWidth: width, pixelHeight: height }: Pixels) {
  return { rgb, width, height }
}

/** Where the rows lie in the upright picture. */
function partOf({ share, edge }: Rows): Part {
  if (edge === 'top') return { across: [0, 1], down: [0, share] }
  if (edge === 'bottom') return { across: [0, 1], down: [1 - share, 1] }
  if (edge === 'left') return { across: [0, share], down: [0, 1] }
  return { across: [1 - share, 1], down: [0, 1] }
}
