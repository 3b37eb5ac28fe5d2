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

test('a budget lets in what there is room for, in turn, and the urgent first', async () => {
  const budget = new Budget(100)
  const log: string[] = []
  const take = (name: string, amount: number, isUrgent = false): Promise<void> =>
    budget.take(amount, isUrgent).then(() => void log.push(name))
  await take('a', 60)
  const rest = [take('b', 50), take('c', 10), take('d', 30, true), take('more than all', 200)]
  await setTimeout(5)
  assert.deepEqual(log, ['a', 'd'], 'c does not overtake b')
  budget.give(60)
  await setTimeout(5)
  assert.deepEqual(log, ['a', 'd', 'b', 'c'])
  for (const amount of [30, 50]) budget.give(amount)
  await setTimeout(5)
  assert.equal(log.length, 4, 'more than all waits until nothing is held')
  budget.give(10)
  await Promise.all(rest)
  assert.equal(log.at(-1), 'more than all')
})

test('the stopwatch counts time that overlaps once', async () => {
  const stopwatch = new Stopwatch()
  await Promise.all([1, 2, 3].map(() => stopwatch.time(() => setTimeout(30))))
  await setTimeout(30)
  const { busyMilliseconds, wallMilliseconds } = stopwatch.lap()
  assert.ok(busyMilliseconds > 0 && busyMilliseconds < wallMilliseconds)
  assert.equal(stopwatch.lap().busyMilliseconds, 0)
})
