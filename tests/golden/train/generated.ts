// What the golden tests of whole networks share: reading a golden file, and numbers that are
// generated (mulberry32) here as they were when it was made.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { seededRandom } from '../../../model/quant/random.ts'
import { floats, sizeOf } from '../../../model/tensor/tensor.ts'
import type { Tensor } from '../../../model/tensor/tensor.ts'

/** A golden file of this folder. */
export function read<T>(name: string, schema: v.GenericSchema<unknown, T>): T {
  return v.parse(schema, JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')))
}

/** Uniform in [low, high) by a seed, as float32. */
export function generated(seed: number, size: number, low: number, high: number): Float32Array {
  const random = seededRandom(seed)
  return new Float32Array(size).map(() => low + (high - low) * random())
}

/** A weight of a shape by a seed: uniform in +-sqrt(3 / fan in). */
export function generatedWeight(seed: number, shape: readonly number[]): Tensor<'f32'> {
  const bound = Math.sqrt(3 / sizeOf(shape.slice(1)))
  return floats(shape, generated(seed, sizeOf(shape), -bound, bound))
}

/** Fails where a number is off by more than `tolerance` of what is expected. */
export function near(actual: number, expected: number, tolerance: number, what: string): void {
  const difference = Math.abs(actual - expected) / Math.abs(expected)
  assert.ok(difference <= tolerance, `${what}: expected ${expected}, got ${actual} (${difference})`)
}

/** Fails where a list is off by more than `tolerance` of its largest number. */
export function allNear(
  actual: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
  what: string
): void {
  assert.equal(actual.length, expected.length, `${what}: how many numbers`)
  const largest = Math.max(...expected.map(Math.abs))
  expected.forEach((number, at) => {
    const share = Math.abs(actual[at]! - number) / largest
    assert.ok(
      share <= tolerance,
      `${what}[${at}]: expected ${number}, got ${actual[at]} (${share})`
    )
  })
}
