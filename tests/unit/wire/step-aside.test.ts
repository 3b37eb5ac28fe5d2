// When background work may begin while somebody acts, by a clock that the test sets.
import assert from 'node:assert/strict'
import test from 'node:test'
import { QUIET_AFTER_ACT, MOST_SAVED, StepAside } from '../../../main/wire/step-aside.ts'

function atClock() {
  const clock = { now: 0 }
  return { clock, aside: new StepAside(() => clock.now) }
}

/** Somebody acts every `every` ms for so long; the share of the time in which work has to wait. */
function heldShare(every: number, seconds: number, from = 0): number {
  const { clock, aside } = atClock()
  let held = 0
  for (; clock.now < (from + seconds) * 1000; clock.now++) {
    if (clock.now % every === 0) aside.begin()
    if (clock.now >= from * 1000 && aside.isOn) held++
  }
  return held / (seconds * 1000)
}

test('an act gives a moment, the next one gives it anew', () => {
  const { clock, aside } = atClock()
  assert.equal(aside.isOn, false)
  aside.begin()
  clock.now = QUIET_AFTER_ACT - 1
  assert.equal(aside.isOn, true)
  aside.begin()
  clock.now = 2 * QUIET_AFTER_ACT - 2
  assert.equal(aside.isOn, true)
  clock.now = 2 * QUIET_AFTER_ACT - 1
  assert.equal(aside.isOn, false)
})

test('work waits for all of somebody who clicks now and then, and half of the time at most', () => {
  assert.equal(heldShare(1000, 60), QUIET_AFTER_ACT / 1000)
  assert.ok(heldShare(50, MOST_SAVED / 1000) > 0.99, 'a few seconds without a stop')
  for (const every of [50, 100, 250, 350]) {
    const share = heldShare(every, 60, 60)
    assert.ok(share <= 0.5 + 1e-3, `an act every ${every} ms: ${share}`)
    assert.ok(share > 0.45, `an act every ${every} ms: ${share}`)
  }
})

test('what was held is saved up again, but no more than once', () => {
  const { clock, aside } = atClock()
  const actFor = (milliseconds: number): number => {
    let held = 0
    for (const end = clock.now + milliseconds; clock.now < end; clock.now++) {
      if (clock.now % 50 === 0) aside.begin()
      if (aside.isOn) held++
    }
    return held
  }
  assert.equal(actFor(MOST_SAVED), MOST_SAVED)
  clock.now += 100 * MOST_SAVED
  assert.equal(actFor(MOST_SAVED), MOST_SAVED)
  assert.ok(actFor(MOST_SAVED) < 0.6 * MOST_SAVED)
})

test('whoever waits goes on when the moment is over, or when it is stopped', async () => {
  const { clock, aside } = atClock()
  aside.begin()
  const stop = new AbortController()
  const ended: string[] = []
  const waiting = [
    aside.over().then(() => ended.push('over')),
    aside.over(stop.signal).then(() => ended.push('stopped'))
  ]
  stop.abort()
  await waiting[1]
  assert.deepEqual(ended, ['stopped'])
  clock.now = QUIET_AFTER_ACT
  await waiting[0]
  assert.deepEqual(ended, ['stopped', 'over'])
  await aside.over() // at once
})

test('by the real clock a moment is as long as it is said to be', async () => {
  const aside = new StepAside()
  aside.begin()
  const began = performance.now()
  await aside.over()
  assert.ok(performance.now() - began >= QUIET_AFTER_ACT - 1)
})
