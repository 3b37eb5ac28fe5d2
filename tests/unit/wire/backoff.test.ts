// How long app waits before a new start, and when it gives up.
import assert from 'node:assert/strict'
import test from 'node:test'
import {
  Backoff,
  HEALTHY_MILLISECONDS,
  MOST_FAILED_STARTS,
  MOST_SHORT_LIVES,
  Prospects
} from '../../../main/wire/backoff.ts'

test('waits double up to five seconds, and begin anew after a healthy life', () => {
  const backoff = new Backoff()
  const waits = [0, 0, 0, 0, 0, 0, 0, 0].map((lived) => backoff.afterDeath(lived))
  assert.deepEqual(waits, [100, 200, 400, 800, 1600, 3200, 5000, 5000])
  assert.equal(backoff.afterDeath(HEALTHY_MILLISECONDS), 100)
})

test('starts that fail are given up after five in a row', () => {
  const prospects = new Prospects()
  for (let round = 0; round < 2; round++) {
    for (let start = 1; start < MOST_FAILED_STARTS; start++)
      assert.equal(prospects.afterDeath(10, false), undefined)
    assert.equal(prospects.afterDeath(10, true), undefined, 'that one came to be ready')
  }
  for (let start = 1; start < MOST_FAILED_STARTS; start++) prospects.afterDeath(10, false)
  assert.equal(prospects.afterDeath(10, false), '5 times while starting')
})

test('lives that end soon are given up after thirty in a row', () => {
  const prospects = new Prospects()
  for (let life = 1; life < MOST_SHORT_LIVES; life++)
    assert.equal(prospects.afterDeath(10, true), undefined)
  assert.equal(prospects.afterDeath(HEALTHY_MILLISECONDS, true), undefined)
  for (let life = 1; life < MOST_SHORT_LIVES; life++)
    assert.equal(prospects.afterDeath(10, true), undefined)
  assert.equal(prospects.afterDeath(10, true), '30 times soon after its start')
})
