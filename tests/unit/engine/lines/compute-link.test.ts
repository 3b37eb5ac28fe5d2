// The engine's line to compute: its rest, and what becomes of those who ask after its end.
import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createComputeLink } from '../../../../main/engine/lines/compute-link.ts'
import type { ComputeLink } from '../../../../main/engine/lines/compute-link.ts'
import { Fault, isFault } from '../../../../main/wire/fault.ts'
import { portPair } from '../../../../main/wire/port.ts'
import { partCompute } from '../../../support/part-compute.ts'
import { until } from '../../../support/until.ts'

function link(): ComputeLink {
  return createComputeLink({
    tuned: '/nowhere',
    prepare: () => Promise.resolve(),
    onBegan: () => undefined,
    onState: () => undefined
  })
}

test('after its end whoever asks is told at once, also who waited', async () => {
  const line = link()
  const waiting = line.session()
  line.close()
  await assert.rejects(waiting, (error) => isFault(error, 'cancelled'))
  const late = Promise.race([line.session(), new Promise(setImmediate)])
  await assert.rejects(late, (error) => isFault(error, 'cancelled'))
})

test('a compute that is started after the end is let go', async () => {
  const line = link()
  line.close()
  const [near, far] = portPair()
  let isOpen = true
  far.onClose(() => (isOpen = false))
  line.attach(near)
  assert.equal(isOpen, false)
  assert.equal(line.current(), undefined)
})

test('a compute of which nothing is asked rests, and whoever asks waits for another', async () => {
  const states: string[] = []
  const needs: boolean[] = []
  const { link, far, attachAnother } = partCompute({}, undefined, {
    restsAfter: 20,
    onState: (state) => states.push(state),
    onNeed: (isNeeded) => needs.push(isNeeded)
  })
  const { sha256 } = (await link.session()).backbone
  await until('it rests', () => needs.length > 0)
  await far.closed
  assert.equal(link.current(), undefined)
  assert.ok(link.isAtHand())
  const waiting = [link.session(), link.session()]
  assert.deepEqual(needs, [false, true])
  attachAnother()
  for (const session of await Promise.all(waiting)) assert.equal(session.backbone.sha256, sha256)
  assert.deepEqual(states, ['starting', 'ready', 'resting', 'ready'])
  link.close()
})

test('it is there while somebody acts', async () => {
  const needs: boolean[] = []
  const { link, attachAnother } = partCompute({}, undefined, {
    restsAfter: 300,
    onNeed: (isNeeded) => needs.push(isNeeded)
  })
  await link.session()
  const began = Date.now()
  const acting = setInterval(() => link.stepAside(), 5)
  while (Date.now() - began < 900) await sleep(5)
  clearInterval(acting)
  assert.deepEqual(needs, [])
  await until('it rests', () => needs.length > 0)
  link.stepAside()
  assert.deepEqual(needs, [false, true])
  attachAnother()
  await link.session()
  link.close()
})

test('one that is started in case it is needed rests soon, unless somebody acts', async () => {
  const soon = { restsAfter: 2 ** 31 - 1, unaskedRestsAfter: 10 }
  const needs: boolean[] = []
  const onNeed = (isNeeded: boolean): void => void needs.push(isNeeded)
  const { link, attachAnother } = partCompute({}, undefined, { ...soon, onNeed })
  await until('it rests', () => needs.length > 0)
  link.stepAside()
  attachAnother()
  await link.session()
  await sleep(60)
  assert.deepEqual(needs, [false, true], 'somebody acted before it started')
  link.close()

  let starts = (): void => undefined
  const started = new Promise<void>((resolve) => (starts = resolve))
  const acted = partCompute({}, () => started, { ...soon, onNeed })
  acted.link.stepAside()
  starts()
  await acted.link.session()
  await sleep(60)
  assert.deepEqual(needs, [false, true], 'somebody acted while it started')
  acted.link.close()
})

test('it does not rest while a call is under way, but after it', async () => {
  const needs: boolean[] = []
  const renew = async (): Promise<never> => {
    await sleep(60)
    throw new Fault({ kind: 'device', subject: 'gpu 0', expected: 'an answer', received: 'none' })
  }
  const { link } = partCompute({ renew }, undefined, {
    restsAfter: 10,
    onNeed: (isNeeded) => needs.push(isNeeded)
  })
  const asked = (await link.session()).call('renew', { photos: [], backbone: 'a' })
  await assert.rejects(asked, (error) => isFault(error, 'device')) // and not process-lost
  assert.deepEqual(needs, [])
  await until('it rests', () => needs.length > 0)
  link.close()
})

test('one that ends while it starts after a rest is absent, and waited for on', async () => {
  const states: string[] = []
  let isFirst = true
  const { link, attachAnother } = partCompute(
    {},
    () => (isFirst ? Promise.resolve() : new Promise(() => undefined)),
    { restsAfter: 10, onState: (state) => states.push(state) }
  )
  await until('it rests', () => states.includes('resting'))
  isFirst = false
  const waiting = link.session()
  attachAnother().close()
  await until('it is missed', () => states.includes('absent'))
  assert.ok(!link.isAtHand())
  isFirst = true
  attachAnother()
  await waiting
  assert.deepEqual(states.slice(2), ['resting', 'absent', 'starting', 'ready'])
  link.close()
})

test('one that comes while it rests may be ended, so another is asked for', async () => {
  const needs: boolean[] = []
  const { link, attachAnother } = partCompute({}, undefined, {
    restsAfter: 10,
    onNeed: (isNeeded) => needs.push(isNeeded)
  })
  await until('it rests', () => needs.length > 0)
  attachAnother().close()
  assert.deepEqual(needs, [false, true])
  const waiting = link.session()
  attachAnother()
  await waiting
  link.close()
})

test('nothing is asked for after the end', async () => {
  const needs: boolean[] = []
  const { link } = partCompute({}, undefined, {
    restsAfter: 10,
    onNeed: (isNeeded) => needs.push(isNeeded)
  })
  await until('it rests', () => needs.length > 0)
  link.close()
  link.stepAside()
  assert.deepEqual(needs, [false])
})
