// When a first quantizer is fitted: as the library grows, and not again and again where it fails.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { FailedFits } from '../../../../main/catalogue/settings-table.ts'
import { FAILED_FITS } from '../../../../main/engine/faults/decision.ts'
import { FitHistory, hasOutgrown } from '../../../../main/engine/models/fit-due.ts'
import { FEWEST_TO_FIT, MOST_TO_FIT } from '../../../../model/retrieval.ts'

test('a fit is due with the first photos that suffice, and as they become many more', () => {
  assert.equal(hasOutgrown(FEWEST_TO_FIT - 1, undefined, true), false)
  assert.equal(hasOutgrown(FEWEST_TO_FIT, undefined, false), true)
  assert.equal(hasOutgrown(1200, 1000, false), false, 'not while photos come')
  assert.equal(hasOutgrown(1200, 1000, true), true)
  assert.equal(hasOutgrown(10 * MOST_TO_FIT, MOST_TO_FIT, true), false, 'more are not taken')
})

test('fits that fail in a row wait for the library to grow, after a restart, too', () => {
  let kept: FailedFits | undefined
  const life = (): FitHistory => new FitHistory(kept, (failed) => (kept = failed))
  for (let fit = 0; fit < FAILED_FITS; fit++) {
    const history = life()
    assert.equal(history.isHopeless(300), false)
    history.begins(300)
    history.ends('badly', 10)
  }
  assert.equal(life().isHopeless(300), true)
  assert.equal(life().isHopeless(450), false, 'there are half as many more')
  const last = life()
  last.begins(450)
  last.ends('stopped', 10)
  assert.equal(kept?.failures, FAILED_FITS, 'whom a person stopped did not fail')
  last.ends('well', 10)
  assert.equal(kept, undefined)
  assert.equal(life().isHopeless(450), false)
})
