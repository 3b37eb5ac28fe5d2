// Numbers of 16 bits as they are kept: blobs of f16 bit patterns, little-endian. Pure.
import * as v from 'valibot'

/** f16 bit patterns of a blob, as they travel. */
export function halvesOf(blob: Uint8Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  if (blob.byteOffset % 2 === 0)
    return new Uint16Array(blob.buffer, blob.byteOffset, blob.byteLength >> 1)
  return new Uint16Array(new Uint8Array(blob).buffer)
}

/** The bytes of f16 bit patterns, for a blob (little-endian, as on every machine we run on). */
export function blobOf(halves: Uint16Array): Uint8Array {
  return new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength)
}

/** A blob as f16 bit patterns. */
export const Halves = v.pipe(v.instance(Uint8Array), v.transform(halvesOf))
