// The matrix product that fitting and encoding are built on, as a type, and its plain reference.
// compute passes one that runs in ONNX Runtime; this room must not know it.

/** Row-major sizes of the product: [rows, inner] x [inner, columns]. */
export interface ProductShape {
  rows: number
  inner: number
  columns: number
  /** a is held as [inner, rows], b as [columns, inner]. False when left out. */
  transposeA?: boolean
  transposeB?: boolean
}

/**
 * a x b as [rows, columns] in f32 (ONNX's Gemm with alpha 1 and no C). The inputs are read until
 * the promise resolves and not after; callers leave them unchanged until then.
 */
export type Multiply = (
  a: Float32Array,
  b: Float32Array,
  shape: ProductShape
) => Promise<Float32Array>

/** The reference, in plain JavaScript: tiles of 4 x 4 results, summed down `inner` in f64. */
export async function multiplyReference(
  a: Float32Array,
  b: Float32Array,
  { rows, inner, columns, transposeA = false, transposeB = false }: ProductShape
): Promise<Float32Array> {
  if (a.length !== rows * inner || b.length !== inner * columns)
    throw new RangeError(
      `multiply: expected ${rows * inner} and ${inner * columns} numbers, ` +
        `got ${a.length} and ${b.length}`
    )
  const left = packed(a, rows, inner, transposeA)
  const right = packed(b, columns, inner, !transposeB)
  const product = new Float32Array(rows * columns)
  const tile = new Float64Array(16)
  for (let i = 0; i < rows; i += 4) {
    for (let j = 0; j < columns; j += 4) {
      sumTile(left, i * inner, right, j * inner, inner, tile)
      for (let y = 0; y < 4 && i + y < rows; y++)
        for (let x = 0; x < 4 && j + x < columns; x++)
          product[(i + y) * columns + j + x] = tile[y * 4 + x]!
    }
  }
  return product
}

/** Lines of `inner` numbers each, zero lines added up to a multiple of four. */
function packed(m: Float32Array, lines: number, inner: number, transposed: boolean): Float32Array {
  const out = new Float32Array(Math.ceil(lines / 4) * 4 * inner)
  if (!transposed) out.set(m)
  else
    for (let k = 0; k < inner; k++)
      for (let line = 0; line < lines; line++) out[line * inner + k] = m[k * lines + line]!
  return out
}

/** The inner products of four lines of a (from number p on) with four of b (from q on). */
function sumTile(
  a: Float32Array,
  p: number,
  b: Float32Array,
  q: number,
  inner: number,
  tile: Float64Array
): void {
  let [c00, c01, c02, c03, c10, c11, c12, c13] = [0, 0, 0, 0, 0, 0, 0, 0]
  let [c20, c21, c22, c23, c30, c31, c32, c33] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let k = 0; k < inner; k++) {
    const a0 = a[p + k]!
    const a1 = a[p + inner + k]!
    const a2 = a[p + 2 * inner + k]!
    const a3 = a[p + 3 * inner + k]!
    const b0 = b[q + k]!
    const b1 = b[q + inner + k]!
    const b2 = b[q + 2 * inner + k]!
    const b3 = b[q + 3 * inner + k]!
    c00 += a0 * b0
    c01 += a0 * b1
    c02 += a0 * b2
    c03 += a0 * b3
    c10 += a1 * b0
    c11 += a1 * b1
    c12 += a1 * b2
    c13 += a1 * b3
    c20 += a2 * b0
    c21 += a2 * b1
    c22 += a2 * b2
    c23 += a2 * b3
    c30 += a3 * b0
    c31 += a3 * b1
    c32 += a3 * b2
    c33 += a3 * b3
  }
  tile.set([c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33])
}
