// The whole learning of a head on generated photos: it beats the start, drops what is not better,
// goes on from any checkpoint with the very same numbers, and refuses what does not fit.
import assert from 'node:assert/strict'
import test from 'node:test'
import { learnHead } from '../../../../model/learning.ts'
import type {
  HeadProgress,
  LearnHeadOptions,
  LearnHeadResult,
  Setting,
  Trial
} from '../../../../model/learning.ts'
import { multiplyReference } from '../../../../model/retrieval.ts'
import type { Quantizer } from '../../../../model/retrieval.ts'
import { encodeProjected } from '../../../../model/quant/encode.ts'
import { readCheckpoint } from '../../../../model/train/head/checkpoint.ts'
import { KINDS, PHOTOS as N, SETTING, TRAINING, WITNESS, libraryOfKinds } from '../../../support/kinds.ts'

const given = libraryOfKinds()
async function options(own: Partial<LearnHeadOptions> = {}): Promise<LearnHeadOptions> {
  const { data, start } = await given
  return {
    data,
    start,
    serving: start,
    witness: WITNESS,
    ...TRAINING,
    loss: 'spq',
    pairs: 'automatic',
    settings: [SETTING],
    repeats: 1,
    ...own
  }
}

const LONG = { ...SETTING, steps: 24 }
const learnt = options({ settings: [LONG] }).then(learnHead)

/** What must not depend on when a run was cut; times do. */
function numbersOf({ quantizer, trials, ...result }: LearnHeadResult) {
  const { scoreBefore, scoreAfter, steps, kept } = result
  const scores = trials.map(({ seconds: _, ...trial }) => trial)
  return { quantizer, scores, scoreBefore, scoreAfter, steps, kept }
}

/** Share of the 10 nearest by codes that are of the photo's kind, over some photos. */
async function precision(
  quantizer: Quantizer,
  asks: (_: number, photo: number) => boolean = () => true
): Promise<number> {
  const { data } = await given
  const { codes } = await encodeProjected(quantizer, data.projected, multiplyReference)
  const differ = (i: number, j: number): number =>
    Number(codes[2 * i] !== codes[2 * j]) + Number(codes[2 * i + 1] !== codes[2 * j + 1])
  let right = 0
  const queries = Array.from({ length: N }, (_, photo) => photo).filter(asks)
  for (const i of queries) {
    const others = Array.from({ length: N }, (_, j) => j).filter((j) => j !== i)
    const near = others.sort((a, b) => differ(i, a) - differ(i, b)).slice(0, 10)
    right += near.filter((j) => j % KINDS === i % KINDS).length
  }
  return right / (10 * queries.length)
}

test('learning beats the start on kinds it was never told', async () => {
  const { kept, quantizer, blind, scoreBefore, scoreAfter, setting, trials, steps, ...judged } =
    await learnt
  const { opponent, verdict } = judged
  assert.ok(kept && quantizer && blind)
  assert.ok(scoreAfter > scoreBefore, `${scoreBefore} to ${scoreAfter}`)
  assert.deepEqual([opponent, verdict.reason], ['start', 'better'])
  assert.ok(verdict.gain.low > 0 && verdict.gain.queries >= 100, JSON.stringify(verdict))
  assert.deepEqual([setting, trials.length], [LONG, 1])
  assert.equal(steps, 3 * LONG.steps, 'one fold, one without the witnesses, one on all photos')
  const witnesses = WITNESS.filter((one) => one).length
  assert.deepEqual([quantizer.fittedOn, blind.fittedOn], [N, N - witnesses])
  assert.notDeepEqual(quantizer.head, blind.head)
  assert.equal(quantizer.head.kind, 'residual')
  const { start } = await given
  const [before, after] = [await precision(start), await precision(quantizer)]
  assert.ok(after > before + 0.1, `precision of codes ${before} to ${after}`)
})

test('a candidate that is not better than the serving model is dropped', async () => {
  const { blind } = await learnt
  assert.ok(blind)
  // So few steps cannot beat what all of them came to.
  const settings = [{ ...SETTING, steps: 8 }]
  const result = await learnHead(await options({ serving: blind, settings }))
  assert.deepEqual([result.kept, result.quantizer, result.setting], [false, null, null])
  assert.ok(result.scoreAfter <= result.scoreBefore)
  assert.deepEqual([result.opponent, result.verdict.reason], ['serving', 'not-better'])
})

test('the same once more gains nothing, and is dropped', async () => {
  const { blind } = await learnt
  const same = { settings: [LONG], serving: blind! }
  const { kept, scoreBefore, scoreAfter, opponent } = await learnHead(await options(same))
  assert.deepEqual([kept, opponent, scoreAfter], [false, 'serving', scoreBefore])
})

test('a model that has learned from the witnesses has to make way for what is as good', async () => {
  const { quantizer } = await learnt
  const same = { settings: [LONG], serving: quantizer!, isServingTrainedOnAll: true }
  assert.equal((await learnHead(await options(same))).kept, true)
})

test('other bits are compared with the start of these bits, not with what serves', async () => {
  const { quantizer } = await learnt
  const other = { bits: 32, settings: [LONG], serving: quantizer! } as const
  const { kept, quantizer: learned, opponent, ...told } = await learnHead(await options(other))
  assert.deepEqual([kept, learned?.codebooks.M, opponent], [true, 8, 'start'])
  assert.deepEqual(
    told.prices.map(({ bits }) => bits),
    [16, 32]
  )
  assert.equal(told.prices[1]!.score, told.scoreAfter)
})

test('witnesses leave no trace in the blind model, which is all that is compared', async () => {
  const { data } = await given
  const [projected, views] = [data.projected.slice(), data.views.slice().fill(0)]
  WITNESS.forEach((is, photo) => {
    if (!is) views.set(data.views.subarray(photo * 512, (photo + 1) * 512), photo * 512)
  })
  const some = [...WITNESS.keys()].filter((photo) => WITNESS[photo]).slice(0, 4)
  for (const photo of some) projected.copyWithin(photo * 256, 0, 256)
  const changed = { settings: [LONG], data: { ...data, projected, views } }
  const { blind } = await learnHead(await options(changed))
  assert.ok(blind)
  assert.deepEqual(blind, (await learnt).blind)
})

test('a photo is found better once it was learned from, which the blind model must not', async () => {
  const { quantizer, blind } = await learnt
  const ofWitnesses = (_: number, photo: number): boolean => WITNESS[photo] === 1
  const [served, judged] = [
    await precision(quantizer!, ofWitnesses),
    await precision(blind!, ofWitnesses)
  ]
  assert.ok(served > judged, `precision of the witnesses: ${judged}, and ${served} learned from`)
})

test('with too few witnesses nothing is trained, and it says so', async () => {
  const witness = WITNESS.slice().fill(0, 0, N / 2)
  const result = await learnHead(await options({ witness }))
  assert.deepEqual([result.kept, result.steps, result.trials], [false, 0, []])
  assert.equal(result.verdict.reason, 'too-few-queries')
  assert.ok(result.verdict.gain.queries < 100)
  assert.equal(result.scoreAfter, result.scoreBefore)
})

test('a run that was cut goes on from any checkpoint to the very same numbers', async () => {
  const settings = [SETTING, { ...SETTING, neighbourShare: 0 }]
  const all: Uint8Array[] = []
  const expected = await learnHead(
    await options({ settings, repeats: 2, onCheckpoint: (bytes) => all.push(bytes) })
  )
  const whole = betweenTrials(all)
  assert.equal(whole.length, 4 * 2, 'after each trial: 2 of each setting, 2 blind ones, 2 on all')
  for (const resume of [whole[0]!, whole[4]!, whole[6]!]) {
    const steps: HeadProgress[] = []
    const again = await learnHead(
      await options({ settings, repeats: 2, resume, onProgress: (step) => steps.push(step) })
    )
    assert.deepEqual(numbersOf(again), numbersOf(expected))
    const training = steps.filter(({ phase }) => phase === 'training')
    const trained = new Set(training.map(({ trial }) => trial))
    assert.ok(!trained.has(0), 'the first trial is not done again')
  }
})

test('all settings are tried for few steps, the best for more, the winner for all', async () => {
  const settings = [LONG, { ...LONG, neighbourShare: 0 }, { ...LONG, temperature: 2 }]
  const halved = {
    settings,
    rungs: [
      { count: 3, share: 1 / 4 },
      { count: 2, share: 1 / 2 }
    ]
  }
  const all: Uint8Array[] = []
  const told: HeadProgress[] = []
  const result = await learnHead(
    await options({
      ...halved,
      onCheckpoint: (bytes) => all.push(bytes),
      onProgress: (progress) => told.push(progress)
    })
  )
  const { trials, setting, kept } = result
  assert.deepEqual([kept, setting?.steps], [true, LONG.steps])
  assert.deepEqual(
    trials.map((trial) => trial.setting.steps),
    [6, 6, 6, 12, 12]
  )
  const [first, second] = [trials.slice(0, 3), trials.slice(3)]
  const better = ({ score, nearDuplicates }: Trial): number => score + nearDuplicates
  const worst = [...first].sort((a, b) => better(a) - better(b))[0]!
  for (const { setting: further } of second)
    assert.notDeepEqual({ ...further, steps: 6 }, worst.setting, 'the worst goes no further')
  const training = told.filter(({ phase }) => phase === 'training')
  assert.deepEqual(
    training.map(({ done }) => done),
    training.map((_, place) => place + 1)
  )
  assert.equal(training.at(-1)!.total, training.length)
  const fourEnded = betweenTrials(all)[3]!
  const again = await learnHead(await options({ ...halved, resume: fourEnded }))
  assert.deepEqual(numbersOf(again), numbersOf(result))
})

test('in the middle of a trial the state is kept too', async (t) => {
  // A clock that runs fast: a checkpoint is due every few steps.
  let now = 0
  t.mock.method(performance, 'now', () => (now += 400))
  const middle: Uint8Array[] = []
  const expected = await learnHead(await options({ onCheckpoint: (bytes) => middle.push(bytes) }))
  const digest = digestIn(middle[0]!)
  const cut = middle.find((bytes) => readCheckpoint(bytes, digest)?.state)
  assert.ok(cut)
  const { state } = readCheckpoint(cut, digest)!
  assert.ok(state!.step > 0 && state!.step < SETTING.steps, `step ${state!.step}`)
  const again = await learnHead(await options({ resume: cut }))
  assert.deepEqual(numbersOf(again), numbersOf(expected))
})

/** Those of checkpoints that were made after a trial, whatever the clock made in between. */
function betweenTrials(checkpoints: readonly Uint8Array[]): Uint8Array[] {
  return checkpoints.filter((bytes) => !readCheckpoint(bytes, digestIn(bytes))!.state)
}

function digestIn(bytes: Uint8Array): string {
  return /"fingerprint":"([0-9a-f]+)"/.exec(new TextDecoder().decode(bytes.slice(0, 200)))![1]!
}

test('a checkpoint of another run, or bytes that are none, are not used', async () => {
  const kept: Uint8Array[] = []
  await learnHead(await options({ onCheckpoint: (bytes) => kept.push(bytes) }))
  const digest = digestIn(kept[0]!)
  assert.ok(readCheckpoint(kept[0]!, digest))
  assert.equal(readCheckpoint(kept[0]!, 'another'), undefined)
  assert.equal(readCheckpoint(kept[0]!.subarray(0, -4), digest), undefined)
  assert.equal(readCheckpoint(new Uint8Array(3), digest), undefined)
  assert.equal(readCheckpoint(new Uint8Array(64).fill(255), digest), undefined)
  const result = await learnHead(await options({ seed: 2, resume: kept[1]! }))
  const alone = await learnHead(await options({ seed: 2 }))
  assert.deepEqual(numbersOf(result), numbersOf(alone))
})

test('the other loss and local batches learn too', async () => {
  const local = { groups: 16, members: 4, near: 30 }
  const settings: Setting[] = [
    { ...LONG, loss: 'sscq' },
    { ...LONG, local }
  ]
  const { trials, scoreBefore } = await learnHead(await options({ settings }))
  for (const { setting, score } of trials)
    assert.ok(score > scoreBefore, `${setting.loss}: ${scoreBefore} to ${score}`)
})

test('it stops when asked to, and when a turn is refused', async () => {
  const stop = new AbortController()
  let turns = 0
  const giveWay = async (): Promise<void> => {
    if (++turns === 30) stop.abort(new Error('enough'))
  }
  await assert.rejects(async () => learnHead(await options({ giveWay, signal: stop.signal })), {
    message: 'enough'
  })
  const refuse = () => Promise.reject(new Error('closed'))
  await assert.rejects(async () => learnHead(await options({ giveWay: refuse })), {
    message: 'closed'
  })
})

test('where all photos are witnesses there is nothing to learn from', async () => {
  const { kept, steps } = await learnHead(await options({ witness: new Uint8Array(N).fill(1) }))
  assert.deepEqual([kept, steps], [false, 0])
})

test('what does not fit is refused, naming it', async () => {
  const { data, start } = await given
  const refused = async (own: Partial<LearnHeadOptions>, message: RegExp): Promise<void> =>
    assert.rejects(async () => learnHead(await options(own)), { name: 'RangeError', message })
  await refused({ data: { ...data, n: N + 1 } }, /^projected: expected 67840 numbers, got 67584/)
  await refused({ data: { ...data, V: 3 } }, /^views: expected/)
  await refused({ settings: [] }, /^settings: expected one or more/)
  await refused({ witness: new Uint8Array(3) }, /^witness: expected 264/)
  const matrix = start.projection.matrix.map((value) => value * 2)
  const other = { ...start, projection: { ...start.projection, matrix } }
  await refused({ serving: other }, /^serving: expected a quantizer of start's projection/)
})
