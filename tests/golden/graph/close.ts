// How numbers are compared in the tests of the tensor language.
import assert from 'node:assert/strict'

/**
 * Fails where two lists differ by more than `tolerance` of the largest expected value (or of 1),
 * and says where first.
 */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string
): void {
  assert.equal(actual.length, expected.length, `${what}: number of elements`)
  let scale = 1
  for (let at = 0; at < expected.length; at++)
    scale = Math.max(scale, Math.abs(expected[at] ?? NaN))
  for (let at = 0; at < expected.length; at++) {
    const [a = NaN, e = NaN] = [actual[at], expected[at]]
    const near = a === e || Math.abs(a - e) <= tolerance * scale
    assert.ok(near, `${what}: element ${at} is ${a}, expected ${e} within ${tolerance * scale}`)
  }
}
