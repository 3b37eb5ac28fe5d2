// The numbers of a random input: away from where an op has a kink, or two numbers tie.
import { sizeOf } from '../../../model/tensor/tensor.ts'
import type { Numbers } from '../../../model/tensor/tensor.ts'

/**
 * How the numbers of an input are drawn; all but integers and flags keep away from kinks and ties.
 */
export type Kind = 'number' | 'positive' | 'integer' | 'flag'

export interface SampleInput {
  readonly shape: readonly number[]
  readonly kind: Kind
  /** Integers are from `from` (0) to before `below` (3). */
  readonly from?: number
  readonly below?: number
}

/**
 * Numbers for an input: a shuffled grid, so that no two of one sample are equal and none is at 0 or
 * at a whole number, where an op may have a kink. `place` keeps inputs of one sample apart.
 */
export function numbersFor(
  { shape: dims, kind, from = 0, below = 3 }: SampleInput,
  seed: number,
  place: number
): Numbers {
  const n = sizeOf(dims)
  let state = (seed * 2654435761 + place * 40503 + 1) >>> 0
  const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const order = Array.from({ length: n }, (_, at) => ({ at, key: random() })).sort(
    (a, b) => a.key - b.key
  )
  const spacing = Math.max(0.0437, Math.min(0.9137, 3.137 / n))
  const data = Float64Array.from(order, ({ at }) => {
    if (kind === 'flag') return at % 2
    if (kind === 'integer') return from + ((at + seed) % (below - from))
    const value = (at - n / 2 + 0.3171) * spacing + place * 0.00713
    return kind === 'positive' ? 0.3 + Math.abs(value) : value
  })
  return { shape: dims, data }
}
