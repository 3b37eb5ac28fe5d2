// Inflates a damaged zlib stream as far as it goes, and makes streams of bytes as they are. The
// only file that knows pako: the platform's own streams throw away what came out last when they
// meet an error, pako keeps it. Pure; bytes are untrusted.
import { Inflate, deflate } from 'pako'

export interface Inflated {
  /** What came out, at most as much as was asked for; zeros after that. */
  bytes: Uint8Array
  /** How many bytes came out. */
  length: number
  /** The stream ends as it should, with the checksum of what came out. */
  isWhole: boolean
}

class TooMuch extends Error {}

/** Inflates `size` bytes of a zlib stream. */
export function inflate(stream: Uint8Array, size: number): Inflated {
  const run = new Inflate({ chunkSize: size + 1 }) // one more, so that a full chunk is too much
  let last: Uint8Array | undefined
  run.onData = (chunk) => {
    last = chunk
    if (chunk.length > size) throw new TooMuch()
  }
  try {
    run.push(stream, true)
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error
  }
  const { output, next_out: unfinished } = run.strm
  const came = last ?? output.subarray(0, unfinished)
  const bytes = new Uint8Array(size)
  bytes.set(came.subarray(0, size))
  const isWhole = run.ended && run.err === 0 && came.length === size
  return { bytes, length: Math.min(came.length, size), isWhole }
}

/** A zlib stream of bytes as they are. */
export function storedStream(bytes: Uint8Array): Uint8Array {
  return deflate(bytes, { level: 0 })
}
