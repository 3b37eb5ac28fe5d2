// The content hash of a file: SHA-256, lower-case hexadecimal, read in a stream. The same as
// compute's.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** The hash of the bytes at `path`; undefined when they cannot be read. */
export async function contentHash(path: string, signal?: AbortSignal): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal })
  } catch (error) {
    if (signal?.aborted) throw error
    return undefined // gone or not readable: whoever needs the photo itself will say so
  }
  return hash.digest('hex')
}
