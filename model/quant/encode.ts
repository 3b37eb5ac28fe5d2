// Features through a quantizer: projected features, descriptors, codes. Runs in compute; products
// and the search for the nearest codewords are injected. Each stage starts from what the stage
// before stores in f16, so that any of them can be made again from the catalogue.
import { encodeDescriptors } from './codes.ts'
import type { Codebooks } from './codes.ts'
import { BLOCK_ROWS, centreRows, normaliseRows, rowsOf, unitRows } from './features.ts'
import type { Features } from './features.ts'
import { fromHalves, toHalves } from './float16.ts'
import type { Multiply } from './multiply.ts'
import { PROJECTED } from './projection.ts'
import type { Projection } from './projection.ts'
import type { Head, Quantizer } from './quantizer.ts'

/** What n photos become; halves are f16 bit patterns, all row-major. */
export interface Encoded {
  projected: Uint16Array // [n, 256]
  descriptors: Uint16Array // [n, M*L], length sqrt(M)
  codes: Uint8Array // [n, M/2]
}

/** Descriptors [n, M*L] to codes [n, M/2], as `encodeDescriptors` does, to the bit. */
export type EncodeCodes = (descriptors: Float32Array, codebooks: Codebooks) => Uint8Array

/** Encodes features [n, D]. Throws RangeError when they are no rows of D or not finite. */
export async function encode(
  quantizer: Quantizer,
  features: Features,
  multiply: Multiply,
  encodeCodes: EncodeCodes = encodeDescriptors
): Promise<Encoded> {
  const projected = await project(quantizer.projection, features, multiply)
  return { projected, ...(await encodeProjected(quantizer, projected, multiply, encodeCodes)) }
}

/** Features [n, D] to projected features [n, 256]. */
export async function project(
  { mean, matrix }: Projection,
  features: Features,
  multiply: Multiply
): Promise<Uint16Array> {
  const D = mean.length
  const n = rowsOf(features, D)
  const projected = new Uint16Array(n * PROJECTED)
  for (let from = 0; from < n; from += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, n - from)
    const block = unitRows(features, D, from, rows)
    centreRows(block, mean)
    const product = await multiply(block, matrix, { rows, inner: D, columns: PROJECTED })
    projected.set(toHalves(product), from * PROJECTED)
  }
  return projected
}

/** Projected features [n, 256] to descriptors and codes, by the head and the codebooks alone. */
export async function encodeProjected(
  { head, codebooks }: Pick<Quantizer, 'head' | 'codebooks'>,
  projected: Uint16Array,
  multiply: Multiply,
  encodeCodes: EncodeCodes = encodeDescriptors
): Promise<Omit<Encoded, 'projected'>> {
  const { M, L } = codebooks
  const n = rowsOf(projected, PROJECTED)
  const descriptors = new Uint16Array(n * M * L)
  const codes = new Uint8Array((n * M) / 2)
  for (let from = 0; from < n; from += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, n - from)
    const part = fromHalves(projected.subarray(from * PROJECTED, (from + rows) * PROJECTED))
    const halves = toHalves(await describe(head, part, M, L, multiply))
    descriptors.set(halves, from * M * L)
    codes.set(encodeCodes(fromHalves(halves), codebooks), (from * M) / 2)
  }
  return { descriptors, codes }
}

/** Projected features [n, 256] through a head to descriptors [n, M*L] of length sqrt(M), in f32. */
export async function describe(
  head: Head,
  projected: Float32Array,
  M: number,
  L: number,
  multiply: Multiply
): Promise<Float32Array> {
  const rows = rowsOf(projected, PROJECTED)
  const columns = M * L
  const out = await multiply(projected, head.weight, { rows, inner: PROJECTED, columns })
  addToRows(out, head.bias)
  if (head.kind === 'residual') {
    const inner = head.hiddenBias.length
    const hidden = await multiply(projected, head.hiddenWeight, {
      rows,
      inner: PROJECTED,
      columns: inner
    })
    addToRows(hidden, head.hiddenBias)
    for (let i = 0; i < hidden.length; i++) if (hidden[i]! < 0) hidden[i] = 0
    const residual = await multiply(hidden, head.outputWeight, { rows, inner, columns })
    for (let i = 0; i < out.length; i++) out[i]! += residual[i]!
  }
  normaliseRows(out, columns, Math.sqrt(M))
  return out
}

function addToRows(rows: Float32Array, bias: Float32Array): void {
  for (let from = 0; from < rows.length; from += bias.length)
    for (let i = 0; i < bias.length; i++) rows[from + i]! += bias[i]!
}
