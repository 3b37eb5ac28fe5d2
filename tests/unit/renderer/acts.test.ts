// What counts as somebody acting in the page.
import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { listenToActs } from '../../../renderer/state/acts.ts'

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
