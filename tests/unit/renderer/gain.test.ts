// Where a gain and its bounds stand on their scale.
import assert from 'node:assert/strict'
import test from 'node:test'
import { gainSpan } from '../../../renderer/state/gain.ts'
import { points } from '../../../renderer/state/learning-words.ts'

test('no gain is always on the scale, and all stands in its order', () => {
  const certain = gainSpan({ mean: 0.06, low: 0.04, high: 0.08 })
  assert.deepEqual([certain.zero, certain.low, certain.mean, certain.high], [16, 50, 67, 84])
  const lost = gainSpan({ mean: -0.06, low: -0.08, high: -0.04 })
  assert.ok(lost.low < lost.mean && lost.mean < lost.high && lost.high < lost.zero)
  const none = gainSpan({ mean: 0, low: 0, high: 0 })
  assert.ok(Object.values(none).every(Number.isFinite))
})

test('points have a sign, but for none', () => {
  assert.deepEqual([0.0624, -0.004, 0, -0.0001].map(points), ['+6.2', '-0.4', '0.0', '0.0'])
})
