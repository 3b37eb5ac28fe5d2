// Random commands to a real learner over a real catalogue, with a compute that answers well, with a
// fault or not at all: whoever asked is told, closing ends, and what serves is whole.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../../main/wire/fault.ts'
import type { LearnOptions } from '../../../main/wire/learning-contract.ts'
import { ANSWERS, FORMER, LearnerLives, SERVING, turns } from '../../support/learner-life.ts'
import type { Answer, Life } from '../../support/learner-life.ts'

const HOUR = 3600_000
const lives = new LearnerLives()
before(() => lives.prepare())
after(() => lives.remove())

/** Of all that was asked for: what came of it; undefined until something did. */
type Outcomes = (string | undefined)[]

/** A promise whose end is kept. */
function keep(outcomes: Outcomes, promise: Promise<unknown>): void {
  const place = outcomes.push(undefined) - 1
  promise.then(
    () => (outcomes[place] = 'done'),
    (error: unknown) => (outcomes[place] = isFault(error) ? error.kind : String(error))
  )
}

const HEAD: LearnOptions = { depth: 'head' }
const OTHER: LearnOptions = { depth: 'head', seed: 7 }

interface World {
  learner: Life['learner']
  outcomes: Outcomes
  tick(milliseconds: number): void
}
type Act = readonly [name: string, (world: World) => unknown]
const ACTS: readonly Act[] = [
  ['learn', ({ learner, outcomes }) => keep(outcomes, learner.learn(HEAD))],
  ['learn another', ({ learner, outcomes }) => keep(outcomes, learner.learn(OTHER))],
  ['cancel', ({ learner }) => learner.cancel()],
  ['pause', ({ learner }) => learner.pause()],
  ['resume', ({ learner }) => learner.resume()],
  ['battery', ({ learner }) => learner.power(true)],
  ['mains', ({ learner }) => learner.power(false)],
  ['go back', ({ learner, outcomes }) => keep(outcomes, learner.rollback(FORMER))],
  ['go forth', ({ learner, outcomes }) => keep(outcomes, learner.rollback(SERVING))],
  ['measure', ({ learner, outcomes }) => keep(outcomes, learner.measureDevices())],
  ['an hour', ({ tick }) => tick(HOUR)],
  ['a while', () => turns(3)],
  ['long', () => turns(40)]
]
const acts = fc.array(fc.constantFrom(...ACTS), { maxLength: 25 })
const answers = fc.array(fc.constantFrom(...ANSWERS), { maxLength: 12 })
/** A few: each opens a library of its own. */
const RUNS = { numRuns: 20 }

/** Calls are answered in this order, then all well. */
function inOrder(given: readonly Answer[]): () => Answer {
  const left = [...given]
  return () => left.shift() ?? 'well'
}

test('whatever is asked, everyone is told, and closing ends', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const tick = (milliseconds: number): void => context.mock.timers.tick(milliseconds)
  await fc.assert(
    fc.asyncProperty(acts, answers, fc.boolean(), async (sequence, given, byItself) => {
      const life = await lives.begin(inOrder(given), byItself ? HEAD : undefined)
      const { catalogue, learner } = life
      const outcomes: Outcomes = []
      for (const [, act] of sequence) {
        await act({ learner, outcomes, tick })
        learner.snapshot()
      }
      await learner.close() // where this hung, nothing would be left to do, and the test fails
      await turns(1)
      assert.ok(outcomes.every(Boolean), `told: ${outcomes.join(', ')}`)
      await assert.rejects(learner.learn(HEAD), (error) => isFault(error, 'cancelled'))
      assert.ok(catalogue.models.serving(), 'a model serves')
      assert.equal(catalogue.models.lacking(catalogue.models.serving()!.id), undefined)
      life.end()
    }),
    RUNS
  )
})

test('a run that is wanted is carried out at last, whatever failed before', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const tick = (milliseconds: number): void => context.mock.timers.tick(milliseconds)
  await fc.assert(
    fc.asyncProperty(acts, answers, async (sequence, given) => {
      const life = await lives.begin(inOrder(given.filter((answer) => answer !== 'never')))
      const { learner } = life
      for (const [, act] of sequence) await act({ learner, outcomes: [], tick })
      // Each failure takes one of the answers: so many attempts, and one more.
      const learn = (): Promise<unknown> =>
        learner.learn(HEAD).catch((error: unknown) => error)
      let last = await learn()
      for (const _ of given) if (last instanceof Error) last = await learn()
      assert.ok(!(last instanceof Error), String(last))
      await learner.close()
      life.end()
    }),
    RUNS
  )
})
