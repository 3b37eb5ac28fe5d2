// How a run ended, in words: each verdict has its own, and the interval is told.
import assert from 'node:assert/strict'
import test from 'node:test'
import { droppedReason, keptReason } from '../../../../main/engine/runs/outcome-words.ts'
import type { Ended } from '../../../../main/engine/runs/outcome-words.ts'
import type { Verdict } from '../../../../main/wire/learning-contract.ts'

const gain = { mean: 0.062, low: 0.041, high: 0.083, queries: 188, groups: 60 }

function ended(reason: Verdict['reason'], own: Partial<Ended> = {}): Ended {
  const things = { ...gain, mean: -0.03 }
  const verdict = { passes: reason === 'better', reason, gain, things }
  const scores = { scoreBefore: 0.55, scoreAfter: 0.612 }
  return { ...scores, depth: 'head', verdict, opponent: 'serving', prices: [], ...own }
}

/** With plain spaces. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

test('kept: by how much, and how certain that is', () => {
  assert.equal(
    plain(keptReason(ended('better'))),
    'Kept: on 188 photos it had not learned from yet, it groups what belongs together better than ' +
      'what you had (61.2 % instead of 55.0 %). The difference is +6.2 points; with 98 % certainty ' +
      'it lies between +4.1 and +8.3.'
  )
  assert.match(keptReason(ended('better', { depth: 'deep' })), /than the model it began with/)
  const moments = { mean: 0.05, low: 0.026, high: 0.08, queries: 597, groups: 82 }
  const { verdict, ...rest } = ended('better-moments')
  assert.match(
    plain(keptReason({ ...rest, verdict: { ...verdict!, moments } })),
    /of 597 photos that were taken within seconds of others.*\+5.0 points.*\+2.6 and \+8.0/
  )
})

test('each reason to drop it has its own words', () => {
  const reasons = [
    'not-better',
    'too-small',
    'loses-things',
    'loses-events',
    'loses-folders',
    'too-few-queries'
  ] as const
  const all = reasons.map((reason) => plain(droppedReason(ended(reason))))
  assert.equal(new Set(all).size, reasons.length)
  assert.match(all[0]!, /not certain to be better than what you have .*between \+4.1 and \+8.3/)
  assert.match(all[1]!, /describe all photos anew/)
  assert.match(all[2]!, /very same thing less well \(-3.0 points\)/)
  const { verdict, ...rest } = ended('loses-things')
  const moments = { ...verdict!.things, mean: -0.05 }
  const [gain, things] = [{ ...verdict!.gain, low: -0.01 }, { ...verdict!.things, mean: 0.004 }]
  assert.match(
    plain(droppedReason({ ...rest, verdict: { ...verdict!, gain, things, moments } })),
    /^Not kept: it finds photos of the very same thing less well \(-5.0 points\)\.$/,
    'bursts are lost, and nothing is gained'
  )
  assert.match(all[5]!, /^Not decided: of 188 photos .* What you have stays\. .*tries again/)
})

test('other bits: compared with their own start, and both prices are told', () => {
  const prices = [
    { bits: 64, score: 0.7 },
    { bits: 32, score: 0.612 }
  ]
  const words = plain(keptReason(ended('better', { opponent: 'start', prices })))
  assert.match(words, /better than codes of this size without learning/)
  assert.match(words, /8 bytes a photo score 70.0 %, 4 bytes a photo score 61.2 %\.$/)
})

test('a run of an older Kindred is told without an interval', () => {
  const words = plain(keptReason(ended('better', { verdict: null })))
  assert.match(words, /^Kept: on photos kept aside, .* \(61.2 % instead of 55.0 %\)\.$/)
})
