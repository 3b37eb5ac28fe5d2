// Who waits for whom: turns, the budget, and the stopwatch that counts what ran.
import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { Budget } from '../../../main/compute/budget.ts'
import { Stopwatch } from '../../../main/compute/stopwatch.ts'
import { SharedLock } from '../../../main/compute/shared-lock.ts'

test('tasks run together, one alone, and failures do not hold the others up', async () => {
  const turns = new SharedLock()
  const log: string[] = []
  let running = 0
  function task(name: string, alone: boolean, fails = false): () => Promise<string> {
    return async () => {
      running++
      if (alone) assert.equal(running, 1, `${name} is not alone`)
      log.push(name)
      await setTimeout(5)
      if (alone) assert.equal(running, 1, `${name} did not stay alone`)
      running--
      if (fails) throw new Error(name)
      return name
    }
  }
  const results = await Promise.allSettled([
    turns.shared(task('a', false)),
    turns.shared(task('b', false, true)),
    turns.exclusive(task('c', true)),
    turns.exclusive(task('d', true, true)),
    turns.shared(task('e', false)),
    turns.shared(task('f', false))
  ])
  assert.deepEqual(log, ['a', 'b', 'c', 'd', 'e', 'f'])
  const states = results.map(({ status }) => status[0])
  assert.deepEqual(states, ['f', 'r', 'f', 'r', 'f', 'f'])
})

test('a budget lets in what comes while there is room, the rest later', async () => {
  const budget = new Budget(100)
  budget.take(99)
  await budget.untilRoom()
  budget.take(30)
  let entered = 0
  const waiting = Promise.all([1, 2].map(() => budget.untilRoom().then(() => entered++)))
  await setTimeout(5)
  assert.equal(entered, 0)
  budget.give(30)
  await waiting
  assert.equal(entered, 2)
})

test('the stopwatch counts time that overlaps once', async () => {
  const stopwatch = new Stopwatch()
  await Promise.all([1, 2, 3].map(() => stopwatch.time(() => setTimeout(30))))
  await setTimeout(30)
  const { busyMilliseconds, wallMilliseconds } = stopwatch.lap()
  assert.ok(busyMilliseconds > 0 && busyMilliseconds < wallMilliseconds)
  assert.equal(stopwatch.lap().busyMilliseconds, 0)
})
