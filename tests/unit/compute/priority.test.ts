// Long work of compute gives way to short work, and to somebody who acts.
import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Priority } from '../../../main/compute/priority.ts'
import { QUIET_AFTER_ACT, StepAside } from '../../../main/wire/step-aside.ts'

/** A while in which a step would begin, if one did, ms. */
const QUIET = 50

function atClock() {
  const clock = { now: 0 }
  const aside = new StepAside(() => clock.now)
  return { clock, aside, priority: new Priority(aside) }
}

test('no step of long work begins while somebody acts or short work waits', async () => {
  const { clock, aside, priority } = atClock()
  const { signal } = new AbortController()
  await priority.giveWay(signal)
  let endWork: () => void = () => undefined
  const work = priority.first(() => new Promise<void>((resolve) => (endWork = resolve)))
  aside.begin()
  let hasBegun = false
  const step = priority.giveWay(signal).then(() => (hasBegun = true))
  clock.now = QUIET_AFTER_ACT
  await sleep(QUIET)
  assert.equal(hasBegun, false, 'short work waits')
  aside.begin()
  endWork()
  await work
  await sleep(QUIET)
  assert.equal(hasBegun, false, 'somebody acts')
  clock.now = 2 * QUIET_AFTER_ACT
  await step
})

test('long work that is stopped meanwhile ends', async () => {
  const { aside, priority } = atClock()
  const stop = new AbortController()
  aside.begin()
  const step = priority.giveWay(stop.signal)
  stop.abort()
  await assert.rejects(step, { name: 'AbortError' })
})
