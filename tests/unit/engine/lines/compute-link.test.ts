// The engine's line to compute: what becomes of those who ask after its end.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createComputeLink } from '../../../../main/engine/lines/compute-link.ts'
import type { ComputeLink } from '../../../../main/engine/lines/compute-link.ts'
import { isFault } from '../../../../main/wire/fault.ts'
import { portPair } from '../../../../main/wire/port.ts'

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
