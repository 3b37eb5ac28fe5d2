// What scores say: held against chance, so that the same number says the same whatever spread
// scores have, however many photos have something in common, with shots of one moment or without.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import {
  LEAST_LIKENESS,
  SAME_KIND,
  SAME_THING,
  calibrate,
  likenessOf,
  scoresOf,
  seededRandom
} from '../../../model/retrieval.ts'

const NO_SHOTS = new Float32Array(0)

/** Scores of a normal distribution; a share of them lies higher, as those of kin do. */
function scores(median: number, spread: number, share = 0, higher = 0, n = 8000): Float32Array {
  const random = seededRandom(7)
  return Float32Array.from({ length: n }, (_, i) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return median + spread * normal + (i < share * n ? higher : 0)
  })
}

const close = (a: number, b: number, by: number): void =>
  assert.ok(Math.abs(a - b) <= by, `${a} is not within ${by} of ${b}`)

test('the borders lie at three and six spreads of chance', () => {
  for (const [median, spread] of [
    [0, 0.05],
    [-0.02, 0.08],
    [0.1, 0.03]
  ] as const) {
    const calibration = calibrate(scores(median, spread), NO_SHOTS)
    close(likenessOf(calibration, median), 0, 0.02)
    close(likenessOf(calibration, median + 3 * spread), LEAST_LIKENESS, 0.03)
    close(likenessOf(calibration, median + 6 * spread), SAME_KIND, 0.03)
    assert.equal(likenessOf(calibration, 1), 1)
  }
})

test('photos that have something in common do not move the borders far', () => {
  const chance = calibrate(scores(0, 0.05), NO_SHOTS)
  // One pair in ten is of one kind: ten kinds of equal size.
  const kinds = calibrate(scores(0, 0.05, 0.1, 0.4), NO_SHOTS)
  for (const score of [0.1, 0.2, 0.3, 0.5]) {
    close(likenessOf(kinds, score), likenessOf(chance, score), 0.07)
  }
})

test('nine tenths of the shots of one moment are the same thing', () => {
  const shots = scores(0.7, 0.08, 0, 0, 400)
  const calibration = calibrate(scores(0, 0.05), shots)
  const same = shots.filter((score) => likenessOf(calibration, score) >= SAME_THING)
  close(same.length / shots.length, 0.9, 0.01)
})

test('shots that were of other things leave a border between kind and equal', () => {
  for (const at of [-0.1, 0.05, 0.99]) {
    const calibration = calibrate(scores(0, 0.05), scores(at, 0.001, 0, 0, 100))
    const border = calibration.find(({ likeness }) => likeness === SAME_THING)!.score
    assert.ok(border > 0.45 && border < 0.85, `${border}`)
  }
})

test('too few shots, or photos, say nothing', () => {
  const pairs = scores(0, 0.05)
  assert.deepEqual(calibrate(pairs, scores(0.9, 0.01, 0, 0, 23)), calibrate(pairs, NO_SHOTS))
  const few = calibrate(scores(0.6, 0.2, 0, 0, 499), NO_SHOTS)
  assert.deepEqual(few, calibrate(new Float32Array(0), NO_SHOTS))
  assert.equal(likenessOf(few, 1), 1)
})

test('any scores give likenesses that rise from 0 to 1', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -0.5, max: 0.9, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 40 }),
      (median, spread, shots) => {
        const calibration = calibrate(scores(median, spread, 0, 0, 600), Float32Array.from(shots))
        let before = 0
        for (let score = -1; score <= 1.0001; score += 0.01) {
          const likeness = likenessOf(calibration, score)
          assert.ok(likeness >= before && likeness <= 1, `${score}: ${before}, ${likeness}`)
          before = likeness
        }
        assert.equal(before, 1)
      }
    ),
    { numRuns: 200 }
  )
})

test('scores are the mean of two cosines, weighted by strictness', () => {
  const cosines = { descriptors: Float32Array.of(1, 0.5), frozen: Float32Array.of(0, 1) }
  assert.deepEqual([...scoresOf(cosines, 0)], [1, 0.5])
  assert.deepEqual([...scoresOf(cosines, 1)], [0.5, 0.75])
})
