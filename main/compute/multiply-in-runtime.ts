// The matrix product that quantizers are fitted and encoded with: ONNX Runtime's. Compute's main
// thread.
import { floats, multiply } from '../../model/learning.ts'
import type { Multiply } from '../../model/retrieval.ts'

/** See `Multiply`. */
export const multiplyInRuntime: Multiply = async (a, b, shape) => {
  const { rows, inner, columns, transposeA = false, transposeB = false } = shape
  const left = floats(transposeA ? [inner, rows] : [rows, inner], a)
  const right = floats(transposeB ? [columns, inner] : [inner, columns], b)
  return (await multiply(left, right, { transposeA, transposeB })).data
}
