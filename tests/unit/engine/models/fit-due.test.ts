// When a first quantizer is fitted: as the library grows, and not again and again where it fails.
import assert from 'node:assert/strict'
import test from 'node:test'
import { FAILED_FITS, isOfFit } from '../../../../main/engine/faults/decision.ts'
import { FitHistory, hasOutgrown } from '../../../../main/engine/models/fit-due.ts'
import { Fault } from '../../../../main/wire/fault.ts'
import type { FaultKind } from '../../../../main/wire/fault.ts'
import { FEWEST_TO_FIT, MOST_TO_FIT } from '../../../../model/retrieval.ts'

test('a fit is due with the first photos that suffice, and as they become many more', () => {
  assert.equal(hasOutgrown(FEWEST_TO_FIT - 1, undefined, true), false)
  assert.equal(hasOutgrown(FEWEST_TO_FIT, undefined, false), true)
  assert.equal(hasOutgrown(1200, 1000, false), false, 'not while photos come')
  assert.equal(hasOutgrown(1200, 1000, true), true)
  assert.equal(hasOutgrown(10 * MOST_TO_FIT, MOST_TO_FIT, true), false, 'more are not taken')
})

test('fits that fail in a row wait for the library to grow, also a large one', () => {
  const history = new FitHistory()
  const photos = 10 * MOST_TO_FIT
  for (let fit = 0; fit < FAILED_FITS; fit++) {
    assert.equal(history.isHopeless(photos), false)
    history.begins(photos)
    history.ends('badly', 10)
  }
  assert.equal(history.isHopeless(photos), true)
  assert.equal(history.isHopeless(1.5 * photos), false, 'there are half as many more')
  history.ends('stopped', 10)
  assert.equal(history.isHopeless(photos), true, 'whom something stopped has not gone well')
  history.ends('well', 10)
  assert.equal(history.isHopeless(photos), false)
})

test('what a fit has no part in does not count as its failure', () => {
  const fault = (kind: FaultKind): Fault =>
    new Fault({ kind, subject: 'compute', expected: 'a fit', received: 'none' })
  for (const kind of ['disk-full', 'device', 'keeps-ending', 'system-busy', 'bad-model'] as const)
    assert.equal(isOfFit(fault(kind)), false, kind)
  for (const error of [fault('internal'), fault('process-lost'), new Error('ours')])
    assert.equal(isOfFit(error), true, error.message)
})
