// What is kept of failures of a run, read again after a restart.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { openCatalogue } from '../../../../main/catalogue/catalogue.ts'
import { Retries } from '../../../../main/engine/learning/retries.ts'
import { Fault } from '../../../../main/wire/fault.ts'
import { faultRecord } from '../../../support/library.ts'

const SECOND = 1000
const HOUR = 3600 * SECOND

/** Lives of a learner's retries, one after the other, over the same catalogue. */
function lives(context: TestContext) {
  const home = mkdtempSync(join(tmpdir(), 'kindred-retries-'))
  const { settings, close } = openCatalogue(home)
  context.after(() => {
    close()
    rmSync(home, { recursive: true, force: true })
  })
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 10 * HOUR })
  let times = 0
  const next = (): Retries => new Retries({ settings, onTime: () => times++ })
  return { settings, times: () => times, next }
}

const fails = (retries: Retries): void => {
  const fault = new Fault(faultRecord('disk-error'))
  retries.count(fault, () => false)
  retries.wait(fault)
}

test('a restart goes on waiting, and counts on', (context) => {
  const { next, times, settings } = lives(context)
  const first = next()
  fails(first)
  first.close()
  context.mock.timers.tick(20 * SECOND)
  const second = next()
  assert.equal(second.trouble?.record.kind, 'disk-error')
  context.mock.timers.tick(10 * SECOND - 1)
  assert.equal(times(), 0)
  context.mock.timers.tick(1)
  assert.deepEqual([times(), second.trouble], [1, undefined])
  fails(second)
  assert.deepEqual(settings.learningStop()?.retryAt, Date.now() + 60 * SECOND)
  second.reset()
  assert.equal(settings.learningStop(), undefined)
})

test('who says that it may be tried now is believed after a restart, too', (context) => {
  const { next, settings } = lives(context)
  const first = next()
  fails(first)
  first.clear()
  assert.equal(next().trouble, undefined)
  assert.equal(settings.learningStop()?.attempts, 1)
})

test('a clock that was put back holds no run for longer than an hour', (context) => {
  const { next, times, settings } = lives(context)
  settings.setLearningStop({
    fault: faultRecord('disk-error'),
    attempts: 3,
    retryAt: Date.now() + 1000 * HOUR
  })
  assert.ok(next().trouble)
  context.mock.timers.tick(HOUR)
  assert.equal(times(), 1)
})

test('that there was no compute is forgotten: another one starts', (context) => {
  const { next, settings } = lives(context)
  for (const kind of ['keeps-ending', 'bad-model'] as const) {
    settings.setLearningStop({ fault: faultRecord(kind), attempts: 3, retryAt: Date.now() + HOUR })
    assert.equal(next().trouble, undefined)
  }
})
