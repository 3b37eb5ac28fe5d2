// The content hash of a file: SHA-256, lower-case hexadecimal, read piece by piece. The same as
// compute's.
import { createHash } from 'node:crypto'
import { noneOf, readPieces } from '../faults/disk.ts'

/**
 * The hash of the bytes at `path`; undefined when the system refuses them. A disk that
 * starts to turn is waited for, if `isPatient`. Throws what says that it gives no answer.
 */
export async function contentHash(
  path: string,
  signal?: AbortSignal,
  isPatient = true
): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    for await (const piece of readPieces(path, isPatient)) {
      signal?.throwIfAborted()
      hash.update(piece)
    }
  } catch (error) {
    if (signal?.aborted) throw error
    return noneOf(error) // gone or not readable: whoever needs the photo itself will say so
  }
  return hash.digest('hex')
}
