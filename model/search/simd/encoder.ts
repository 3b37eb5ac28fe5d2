// Descriptors to codes with SIMD: the twin of encodeDescriptors in model/quant/codes.ts, equal to
// the bit. Runs wherever photos are described; no disk.
import { K, type Codebooks } from '../../quant/codes.ts'
import type { EncodeCodes } from '../../quant/encode.ts'
import { FIRST_FREE, instantiate, type Kernels } from './kernel.ts'

/** Rows that are encoded at a time. */
const BATCH = 1024

/**
 * A function that encodes descriptors [n, M*L] to codes [n, M/2] by fixed codebooks, M even. It
 * throws RangeError when the descriptors are no whole number of rows.
 */
export function createEncoder(
  kernels: Kernels,
  { M, L, values }: Codebooks
): (descriptors: Float32Array) => Uint8Array {
  if (values.length !== M * K * L || M % 2 !== 0)
    throw new RangeError(`codebooks: expected ${M * K * L} numbers, got ${values.length}`)
  const { kernel, memory } = instantiate(kernels)
  const rowsAt = FIRST_FREE + values.byteLength
  const codesAt = rowsAt + BATCH * M * L * 4
  memory.grow(Math.ceil((codesAt + (BATCH * M) / 2) / 65536) - 1)
  new Float32Array(memory.buffer, FIRST_FREE, values.length).set(transposed(values, L))
  return function encode(descriptors) {
    const n = descriptors.length / (M * L)
    if (!Number.isInteger(n))
      throw new RangeError(
        `descriptors: expected a multiple of ${M * L}, got ${descriptors.length}`
      )
    const codes = new Uint8Array((n * M) / 2)
    for (let from = 0; from < n; from += BATCH) {
      const rows = Math.min(BATCH, n - from)
      const part = descriptors.subarray(from * M * L, (from + rows) * M * L)
      new Float32Array(memory.buffer, rowsAt, part.length).set(part)
      kernel.encode(rowsAt, rows, M, L, FIRST_FREE, codesAt)
      codes.set(new Uint8Array(memory.buffer, codesAt, (rows * M) / 2), (from * M) / 2)
    }
    return codes
  }
}

/** Codebooks whose encoders are kept: of the model that serves, and of one that may follow it. */
const KEPT = 2

/** Encodes by whatever codebooks are asked for; encoders of the last ones are kept. */
export function createCodeEncoder(kernels: Kernels): EncodeCodes {
  const kept: { codebooks: Codebooks; encode: ReturnType<typeof createEncoder> }[] = []
  return function encodeCodes(descriptors, codebooks) {
    const at = kept.findIndex((other) => areEqual(other.codebooks, codebooks))
    const [found] = at < 0 ? [] : kept.splice(at, 1)
    const used = found ?? {
      codebooks: copyOf(codebooks),
      encode: createEncoder(kernels, codebooks)
    }
    kept.unshift(used)
    kept.length = Math.min(kept.length, KEPT)
    return used.encode(descriptors)
  }
}

function areEqual(a: Codebooks, b: Codebooks): boolean {
  return a.M === b.M && a.L === b.L && a.values.every((value, i) => value === b.values[i])
}

function copyOf({ M, L, values }: Codebooks): Codebooks {
  return { M, L, values: values.slice() }
}

/** Codebooks [M, K, L] as [M, L, K]: one number of all codewords side by side. */
function transposed(values: Float32Array, L: number): Float32Array {
  const out = new Float32Array(values.length)
  for (let codebook = 0; codebook < values.length; codebook += K * L)
    for (let k = 0; k < K; k++)
      for (let l = 0; l < L; l++) out[codebook + l * K + k] = values[codebook + k * L + l]!
  return out
}
