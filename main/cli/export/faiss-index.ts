// The beginning of a file of faiss that holds a product-quantization index ("IxPq", as
// faiss.read_index takes it): all but the codes, which follow photo by photo as we keep them. Its
// codes of 4 bits lie as ours, the even codebook in the low half of a byte, and its distance of a
// query to a code is ours: the sum over the codebooks of squared distances to the codewords. Pure.
import type { Codebooks } from '../../../model/retrieval.ts'
import { bytesOfNumbers } from './npy-file.ts'

/** METRIC_L2 */
const SQUARED_DISTANCE = 1
const BITS = 4 // of a codeword's number
/** Two fields that faiss writes and does not read. */
const UNUSED = 1n << 20n

/** What comes before the codes [n, M/2] of n photos. */
export function faissHeader({ M, L, values }: Codebooks, n: number): Uint8Array {
  const d = M * L
  return Buffer.concat([
    text('IxPq'),
    int32(d),
    int64(n),
    int64(UNUSED),
    int64(UNUSED),
    Uint8Array.of(1), // is trained
    int32(SQUARED_DISTANCE),
    // The quantizer: sizes, then codewords [M, 16, L] after their number.
    int64(d),
    int64(M),
    int64(BITS),
    int64(values.length),
    bytesOfNumbers(values),
    // The codes come after their number of bytes.
    int64((n * M) / 2)
  ])
}

/** What comes after the codes: how faiss searches when it is not told. */
export function faissEnd(): Uint8Array {
  const plain = int32(0) // distances of codes to the query as it is
  const encodeSigns = Uint8Array.of(0)
  const hammingThreshold = int32(0)
  return Buffer.concat([plain, encodeSigns, hammingThreshold])
}

function text(letters: string): Uint8Array {
  return Buffer.from(letters, 'latin1')
}

function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

function int64(value: number | bigint): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(value))
  return bytes
}
