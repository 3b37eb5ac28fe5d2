// A photo's bytes and its content hash, as the photo threads read them. Of a RAW, sensor data is
// hashed as all of a file is, so that equal hashes mean equal files, but not held.
import { createHash, type Hash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { isTiff, sensorStretch, type Stretch } from '../decode/tiff-directories.ts'
import { METADATA_BYTES, readBytes, readWith, type Check } from './files.ts'

/** Read at once of what is hashed and not kept: it stays in the processor's cache. */
const PIECE_BYTES = 2 ** 20

/** A photo as it is read for the small picture in it. */
export interface HashedPhoto {
  bytes: Uint8Array<ArrayBuffer>
  hash: string // SHA-256 of the whole file, lower-case hexadecimal
  /** False: zeros stand for the sensor data of a RAW. */
  isWhole: boolean
}

/**
 * Reads a photo and hashes it. Of a RAW whose directories tell where its sensor data lies, nearly
 * all of it, that is hashed piece by piece and not kept if `mayPassBy`: pages of zeros that
 * nobody looks at take no memory. `check`: see `readPhoto`. Throws the same Faults.
 */
export async function readHashed(
  path: string,
  check: Check,
  mayPassBy: boolean
): Promise<HashedPhoto> {
  const hash = createHash('sha256')
  let sensor: Stretch | undefined
  const bytes = await readWith(path, check, async (handle, size, first) => {
    if (!mayPassBy || !isTiff(first)) return readBytes(handle, size)
    sensor = sensorStretch(await readBytes(handle, Math.min(size, METADATA_BYTES)), size)
    return sensor ? readBeside(sensor, handle, size, hash) : readBytes(handle, size)
  })
  if (!sensor) hash.update(bytes)
  return { bytes, hash: hash.digest('hex'), isWhole: !sensor }
}

/** The bytes of a file but for a stretch of it; all of them are hashed. */
async function readBeside(
  { begin, end }: Stretch,
  handle: FileHandle,
  size: number,
  hash: Hash
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size)
  const piece = new Uint8Array(PIECE_BYTES)
  for (let at = 0; at < size; ) {
    const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, size - at), at)
    if (bytesRead === 0) return bytes.slice(0, at) // it shrank since its size was asked for
    const came = piece.subarray(0, bytesRead)
    hash.update(came)
    if (at < begin) bytes.set(came.subarray(0, begin - at), at)
    const after = Math.max(0, end - at) // in the piece
    if (after < came.length) bytes.set(came.subarray(after), at + after)
    at += bytesRead
  }
  return bytes
}
