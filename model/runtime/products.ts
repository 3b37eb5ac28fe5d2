// Large matrix products and nearest rows through ONNX Runtime, in blocks. Runs where sessions run.
// Never holds a whole matrix of similarities.
import { floats, floatsIn, integersIn } from '../tensor/tensor.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { withSession } from './kept-sessions.ts'
import type { KeptOptions } from './kept-sessions.ts'
import { nearestModel, productModel } from './small-models.ts'

export interface Neighbours {
  /** Rows of the gallery, [queries, top], best first. */
  indices: Uint32Array
  /** Their inner products with the query, [queries, top]. */
  similarities: Float32Array
}

const MULTIPLY_ROWS = 4096
// A block of similarities is [1024, 8192] float32: 32 MB.
const QUERY_ROWS = 1024
const GALLERY_ROWS = 8192

/**
 * The matrix product a [n, k] times b [k, m], as [n, m]; with `transposeA` a is given as [k, n],
 * with `transposeB` b as [m, k]. Rows of the result are made 4,096 at a time, so that other work of
 * the thread gets its turns.
 * @throws RangeError when the shapes do not fit
 */
export async function multiply(
  a: Tensor<'f32'>,
  b: Tensor<'f32'>,
  options: KeptOptions & { transposeA?: boolean; transposeB?: boolean } = {}
): Promise<Tensor<'f32'>> {
  const { transposeA = false, transposeB = false } = options
  const [n = -1, k = -1] = transposeA ? [a.shape[1], a.shape[0]] : a.shape
  const [inner, m = -1] = transposeB ? [b.shape[1], b.shape[0]] : b.shape
  if (a.shape.length !== 2 || b.shape.length !== 2 || k !== inner)
    throw new RangeError(
      `multiply: expected two matrices whose inner lengths agree, ` +
        `got [${a.shape.join(',')}] and [${b.shape.join(',')}]`
    )
  const name = `product ${transposeA} ${transposeB}`
  const model = (): Uint8Array => productModel(transposeA, transposeB)
  const data = await withSession(name, model, options, async (session) => {
    const step = transposeA ? n : MULTIPLY_ROWS
    if (n > 0 && n <= step) return floatsIn((await session.run({ a, b })).y, 'product')
    const product = new Float32Array(n * m)
    for (let row = 0; row < n; row += step) {
      const rows = Math.min(step, n - row)
      const block = floats([rows, k], a.data.subarray(row * k, (row + rows) * k))
      const { y } = await session.run({ a: block, b })
      product.set(floatsIn(y, 'product'), row * m)
    }
    return product
  })
  return floats([n, m], data)
}

/**
 * For each query row the `top` gallery rows of largest inner product (the cosine, where rows are
 * L2-normalised), best first; equal ones by index.
 * @param queries [queries, dimensions]
 * @param gallery [gallery, dimensions]
 * @param top at most the rows of the gallery
 * @throws RangeError when a length is no multiple of `dimensions`, or `top` does not fit
 */
export async function nearest(
  queries: Float32Array,
  gallery: Float32Array,
  dimensions: number,
  top: number,
  options: KeptOptions = {}
): Promise<Neighbours> {
  const [n, m] = [queries.length / dimensions, gallery.length / dimensions]
  if (!Number.isInteger(n) || !Number.isInteger(m))
    throw new RangeError(
      `nearest: expected lengths that are multiples of ${dimensions}, ` +
        `got ${queries.length} and ${gallery.length}`
    )
  if (!Number.isInteger(top) || top < 1 || top > m)
    throw new RangeError(`nearest: expected a top of 1 to ${m}, got ${top}`)
  const found: Neighbours = {
    indices: new Uint32Array(n * top),
    similarities: new Float32Array(n * top)
  }
  for (let from = 0; from < m; from += GALLERY_ROWS) {
    const rows = Math.min(GALLERY_ROWS, m - from)
    const b = floats([rows, dimensions], rowsOf(gallery, from, rows, dimensions))
    const width = Math.min(top, rows)
    const name = `nearest ${dimensions} ${width}`
    const model = (): Uint8Array => nearestModel(dimensions, width)
    await withSession(name, model, options, async (session) => {
      for (let query = 0; query < n; query += QUERY_ROWS) {
        const count = Math.min(QUERY_ROWS, n - query)
        const a = floats([count, dimensions], rowsOf(queries, query, count, dimensions))
        const outputs = await session.run({ a, b })
        const similarities = floatsIn(outputs.similarities, 'similarities')
        const indices = integersIn(outputs.indices, 'indices')
        for (let row = 0; row < count; row++) {
          mergeRow(found, (query + row) * top, top, Math.min(top, from), {
            similarities: similarities.subarray(row * width, (row + 1) * width),
            indices: indices.subarray(row * width, (row + 1) * width),
            from
          })
        }
      }
    })
  }
  return found
}

function rowsOf(matrix: Float32Array, row: number, rows: number, columns: number): Float32Array {
  return matrix.subarray(row * columns, (row + rows) * columns)
}

interface BlockRow {
  similarities: Float32Array
  indices: Float64Array
  /** Row of the gallery that index 0 stands for. */
  from: number
}

/**
 * Merges a block's best into one row's best so far, of which `held` are set; earlier rows win ties.
 */
function mergeRow(
  found: Neighbours,
  start: number,
  top: number,
  held: number,
  block: BlockRow
): void {
  const similarities = found.similarities.slice(start, start + held)
  const indices = found.indices.slice(start, start + held)
  let old = 0
  let fresh = 0
  for (let place = 0; place < top && old + fresh < held + block.indices.length; place++) {
    const a = similarities[old]
    const b = block.similarities[fresh]
    if (a !== undefined && (b === undefined || a >= b)) {
      found.similarities[start + place] = a
      found.indices[start + place] = indices[old++] ?? 0
    } else {
      found.similarities[start + place] = b ?? 0
      found.indices[start + place] = block.from + (block.indices[fresh++] ?? 0)
    }
  }
}
