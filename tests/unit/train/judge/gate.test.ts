// The gate: what a candidate must gain and may not lose, and how often worthless ones pass it.
import assert from 'node:assert/strict'
import test from 'node:test'
import { normal, seededRandom } from '../../../../model/quant/random.ts'
import type { Random } from '../../../../model/quant/random.ts'
import { joinedEvidence, scoreOfEvidence } from '../../../../model/train/judge/evidence.ts'
import type { Evidence } from '../../../../model/train/judge/evidence.ts'
import type { Moments } from '../../../../model/train/judge/gate.ts'
import { judge, losesThings, pairedInterval } from '../../../../model/train/judge/gate.ts'

const QUERIES = 130
const GROUPS = 30

const numbers = (of: (query: number) => number): Float32Array =>
  Float32Array.from({ length: QUERIES }, (_, query) => of(query))

/** Queries that all find kinds and things so well, give or take. */
function evidence(kinds: number, things: number, random?: Random, spread = 0): Evidence {
  const around = (value: number) =>
    numbers(() => value + (random ? spread * normal(random) : 0))
  return { coarse: around(kinds), fine: around(kinds), nearDuplicates: around(things) }
}

const options = { groups: numbers((query) => query % GROUPS), seed: 1 }

test('what finds kinds better and loses near duplicates does not pass', () => {
  const random = seededRandom(1)
  const [before, after] = [evidence(0.8, 0.9), evidence(0.9, 0.2, random, 0.05)]
  const verdict = judge(before, after, options)
  assert.deepEqual([verdict.passes, verdict.reason], [false, 'loses-things'])
  assert.ok(verdict.gain.low > 0 && verdict.things.high < 0)
  assert.equal(losesThings(before, after, options), true)
})

test('what finds kinds better, and things as well but for chance, passes', () => {
  const random = seededRandom(2)
  const verdict = judge(evidence(0.8, 0.9), evidence(0.85, 0.9, random, 0.05), options)
  assert.deepEqual([verdict.passes, verdict.reason], [true, 'better'])
  const { mean, low, high, queries, groups } = verdict.gain
  assert.ok(low < mean && mean < high && low > 0.02 && high < 0.08, `${low} to ${high}`)
  assert.deepEqual([queries, groups], [QUERIES, GROUPS])
})

test('bursts count as near duplicates; events and folders may not be lost either', () => {
  const random = seededRandom(3)
  const [before, after] = [evidence(0.8, 0.9), evidence(0.9, 0.9, random, 0.02)]
  for (const [name, reason] of [
    ['bursts', 'loses-things'],
    ['events', 'loses-events'],
    ['folders', 'loses-folders']
  ] as const) {
    const known = { ...before, [name]: numbers(() => 0.9) }
    const lost = { ...after, [name]: numbers(() => 0.5) }
    assert.equal(judge(known, lost, options).reason, reason)
    const few = { ...lost, [name]: numbers((query) => (query < 60 ? 0.5 : NaN)) }
    assert.equal(judge(known, few, options).reason, name === 'bursts' ? reason : 'better', name)
  }
})

test('fewer than 100 queries that something is known of, or few groups, decide nothing', () => {
  const [before, after] = [evidence(0.5, 0.5), evidence(0.9, 0.9)]
  const known = (count: number) => ({
    ...after,
    coarse: numbers((query) => (query < count ? 0.9 : NaN)),
    fine: numbers(() => NaN)
  })
  assert.equal(judge(before, known(99), { seed: 1 }).reason, 'too-few-queries')
  assert.equal(judge(before, known(100), { seed: 1 }).reason, 'better')
  const groups = numbers((query) => query % 9)
  assert.equal(judge(before, after, { seed: 1, groups }).reason, 'too-few-queries')
})

test('bursts that are found better for sure are enough, if nothing else is lost', () => {
  const random = seededRandom(8)
  const before = evidence(0.8, 0.9)
  const moments = (gain: number, count = QUERIES) => ({
    before: numbers((query) => (query < count ? 0.7 : NaN)),
    after: numbers(() => 0.7 + gain + 0.05 * normal(random)),
    groups: options.groups
  })
  const equal = evidence(0.8, 0.9, random, 0.05)
  const reasonOf = (after: Evidence, own: ReturnType<typeof moments>): string =>
    judge(before, after, { ...options, moments: own }).reason
  assert.equal(reasonOf(equal, moments(0.05)), 'better-moments')
  assert.equal(reasonOf(equal, moments(0.002)), 'not-better')
  assert.equal(reasonOf(equal, moments(0.05, 99)), 'not-better', 'too few')
  assert.equal(reasonOf(evidence(0.7, 0.9), moments(0.05)), 'not-better', 'kinds are lost')
  assert.equal(reasonOf(evidence(0.8, 0.8), moments(0.05)), 'loses-things')
  assert.equal(reasonOf(evidence(0.9, 0.9), moments(-0.05)), 'loses-things', 'bursts of all photos')
  // An hour is scattered where each of its things is gathered; a folder must not be.
  const known = { ...before, events: numbers(() => 0.9), folders: numbers(() => 0.9) }
  const withBursts = { ...options, moments: moments(0.05) }
  const after = { ...evidence(0.9, 0.9), events: numbers(() => 0.5), folders: known.folders }
  assert.equal(judge(known, after, withBursts).reason, 'better')
  assert.equal(judge(known, after, options).reason, 'loses-events')
  const scattered = { ...after, folders: numbers(() => 0.5) }
  assert.equal(judge(known, scattered, withBursts).reason, 'loses-folders')
})

test('what is asked for above 0 must be gained for sure', () => {
  const random = seededRandom(4)
  const [before, after] = [evidence(0.8, 0.9), evidence(0.808, 0.9, random, 0.02)]
  assert.equal(judge(before, after, options).reason, 'better')
  assert.equal(judge(before, after, { ...options, leastGain: 0.01 }).reason, 'too-small')
  assert.equal(judge(before, before, { ...options, leastGain: 0.01 }).reason, 'not-better')
})

test('of an opponent that knows these queries it is enough that no loss is shown', () => {
  const random = seededRandom(5)
  const [before, equal] = [evidence(0.8, 0.9), evidence(0.8, 0.9, random, 0.05)]
  const fair = { ...options, isOpponentTrained: true }
  assert.equal(judge(before, equal, fair).passes, true)
  assert.equal(judge(before, evidence(0.7, 0.9), fair).reason, 'not-better')
})

test('the interval: of paired differences, wider for few groups, the same for a seed', () => {
  const random = seededRandom(6)
  const before = numbers(() => random())
  const after = before.map((value) => value + 0.1)
  const certain = pairedInterval(before, after, { seed: 1 })
  for (const value of [certain.mean, certain.low, certain.high])
    assert.ok(Math.abs(value - 0.1) < 1e-6, 'what all queries gain is no chance')
  const other = numbers((query) => before[query]! + 0.2 * normal(random))
  const width = (groups?: number): number => {
    const of = groups ? { groups: numbers((query) => query % groups) } : {}
    const { low, high } = pairedInterval(before, other, { seed: 1, ...of })
    return high - low
  }
  // Of 130 independent differences: 2 * 2.33 * .2 / sqrt(130).
  assert.ok(Math.abs(width() - 0.082) < 0.015, `${width()}`)
  assert.ok(width(11) > 0.05)
  assert.equal(width(), width())
  assert.equal(pairedInterval(before, before.fill(NaN), { seed: 1 }).queries, 0)
  assert.throws(() => pairedInterval(before, before.subarray(1), { seed: 1 }), /after: expected/)
})

/**
 * A candidate whose queries differ from what serves by chance: each by its own, all of a community
 * alike, as they share what stands around them in the codes.
 */
function candidate(random: Random, before: Evidence, gain: number): Evidence {
  const shared = Array.from({ length: GROUPS }, () => 0.1 * normal(random))
  const changed = (values: Float32Array) =>
    values.map((value, query) => value + gain + shared[query % GROUPS]! + 0.15 * normal(random))
  return { ...before, coarse: changed(before.coarse), fine: changed(before.fine) }
}

/** What it finds of bursts: by chance, too, all of a burst alike. */
function burstsOf(random: Random, before: Evidence): Moments {
  const shared = Array.from({ length: GROUPS }, () => 0.1 * normal(random))
  const after = numbers((query) => 0.7 + shared[query % GROUPS]! + 0.15 * normal(random))
  return { before: before.nearDuplicates.map(() => 0.7), after, groups: options.groups }
}

test('of 1,000 worthless candidates at most 5 % are kept; of those worth it nearly all', (t) => {
  const random = seededRandom(7)
  const before = evidence(0.7, 0.9)
  const keptOf = (
    count: number,
    gain: number,
    groups?: ArrayLike<number>,
    hasBursts = false
  ): number => {
    let kept = 0
    for (let i = 0; i < count; i++) {
      const moments = hasBursts ? burstsOf(random, before) : undefined
      const after = candidate(random, before, gain)
      kept += Number(judge(before, after, { groups, seed: i, moments }).passes)
    }
    return kept
  }
  const worthless = keptOf(1000, 0, options.groups)
  const alone = keptOf(300, 0)
  const worthy = keptOf(100, 0.12, options.groups)
  const twoWays = keptOf(1000, 0, options.groups, true)
  t.diagnostic(
    `kept: ${worthless} of 1000 worthless, ${twoWays} where bursts are known, too ` +
      `(${alone} of 300 if queries stood alone), ` +
      `${worthy} of 100 that gain .12`
  )
  assert.ok(worthless <= 50, `${worthless} of 1000 worthless candidates were kept`)
  assert.ok(twoWays <= 50, `${twoWays} of 1000 were kept by kinds or bursts`)
  assert.ok(alone > 300 * 0.05, 'the groups are what keeps them out')
  assert.ok(worthy >= 95, `${worthy} of 100 worthy candidates were kept`)
})

test('scores are means over the queries that are known; rounds are joined in order', () => {
  const some = { coarse: Float32Array.of(1, NaN), fine: Float32Array.of(0, 0.5) }
  const one = { ...some, nearDuplicates: Float32Array.of(NaN, NaN) }
  assert.deepEqual(scoreOfEvidence(one), { score: 0.5, coarse: 1, fine: 0.25, nearDuplicates: 0 })
  const joined = joinedEvidence([one, { ...one, events: Float32Array.of(1, 1) }])
  assert.deepEqual(joined.fine, Float32Array.of(0, 0.5, 0, 0.5))
  assert.equal(joined.events, undefined, 'not of all rounds')
})
