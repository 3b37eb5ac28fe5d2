// What counts as somebody acting in the page, and when it is at rest.
import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { listenToActs, listenToRest } from '../../../renderer/state/acts.ts'
import { until } from '../../support/until.ts'

/** Acts that come closer together are told as one, ms. */
const APART = 60

function heard(): { target: EventTarget; told: () => number } {
  const target = new EventTarget()
  let told = 0
  listenToActs(target, () => told++)
  return { target, told: () => told }
}

test('a press, a drag, a click, a key and the wheel are told', () => {
  for (const act of ['pointerdown', 'click', 'keydown', 'wheel']) {
    const { target, told } = heard()
    target.dispatchEvent(new Event(act))
    assert.equal(told(), 1, act)
  }
})

test('so is what is dragged, a scroll bar for one, until the button comes up', async () => {
  for (const drag of ['pointermove', 'scroll']) {
    const { target, told } = heard()
    target.dispatchEvent(new Event('pointerdown'))
    assert.equal(told(), 1)
    await sleep(APART)
    target.dispatchEvent(new Event(drag))
    assert.equal(told(), 2, drag)
    target.dispatchEvent(new Event('pointerup'))
    await sleep(APART)
    target.dispatchEvent(new Event(drag))
    assert.equal(told(), 2, drag)
  }
})

test('a pointer that only passes and a page that scrolls by itself are not', () => {
  const { target, told } = heard()
  target.dispatchEvent(new Event('pointermove'))
  target.dispatchEvent(new Event('scroll'))
  target.dispatchEvent(new Event('focus'))
  assert.equal(told(), 0)
})

test('what comes in a burst is told once, and what comes later again', async () => {
  const { target, told } = heard()
  for (let turn = 0; turn < 5; turn++) target.dispatchEvent(new Event('wheel'))
  assert.equal(told(), 1)
  await sleep(APART)
  target.dispatchEvent(new Event('wheel'))
  assert.equal(told(), 2)
})

/** How long a page is still before it is at rest, ms. */
const REST = 50

test('a page comes to rest after it was opened, and once after each act and each scroll', async () => {
  for (const stir of ['pointerdown', 'click', 'keydown', 'wheel', 'scroll']) {
    const target = new EventTarget()
    let rests = 0
    listenToRest(target, () => rests++, REST)
    assert.equal(rests, 0)
    await until('it rests', () => rests === 1)
    for (let turn = 0; turn < 3; turn++) target.dispatchEvent(new Event(stir))
    await until('it rests again', () => rests === 2)
    await sleep(2 * REST)
    assert.equal(rests, 2, stir)
  }
})

test('it is not at rest while something is done, and a pointer that passes does nothing', async () => {
  const target = new EventTarget()
  const rests: number[] = []
  listenToRest(target, () => rests.push(performance.now()), REST)
  let stirredAt = 0
  for (let turn = 0; turn < 20; turn++) {
    stirredAt = performance.now()
    target.dispatchEvent(new Event('scroll'))
    await sleep(REST / 10)
  }
  target.dispatchEvent(new Event('pointermove'))
  await until('it rests', () => rests.some((at) => at > stirredAt))
  assert.ok(rests.at(-1)! - stirredAt >= REST)
})
