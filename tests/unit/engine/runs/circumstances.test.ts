// What photos have in common besides their looks, and who the witnesses are.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { outsideLabels } from '../../../../main/engine/runs/circumstances.ts'
import {
  isTrainedOnAll,
  isWitness,
  largerShare,
  witnessShare
} from '../../../../main/engine/runs/witnesses.ts'
import { modelRecord, temporaryCatalogue } from '../../../support/library.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const SECOND = 1000
const HOUR = 3600 * SECOND

test('a burst: each within half a minute of another; an event: within an hour', () => {
  const at = (capturedAt: number | null, directory = '') => ({ capturedAt, folder: 1, directory })
  const { bursts, events, folders } = outsideLabels([
    at(40 * SECOND),
    at(0),
    at(20 * SECOND, 'trip'),
    at(null),
    at(71 * SECOND, 'trip'),
    at(2 * HOUR),
    undefined
  ])
  assert.deepEqual([...bursts], [0, 0, 0, -1, 1, 2, -1])
  assert.deepEqual([...events], [0, 0, 0, -1, 0, 1, -1])
  assert.deepEqual([...folders], [0, 0, 1, 0, 1, 0, -1])
})

test('witnesses: a twentieth, 130 of few photos, half of them at most', () => {
  assert.equal(witnessShare(100_000, undefined), 0.05)
  assert.equal(witnessShare(650, undefined), 0.2)
  assert.equal(witnessShare(256, undefined), 0.5)
  const hashes = Array.from({ length: 4000 }, (_, i) => sha256(`photo ${i}`))
  const chosen = (share: number) => hashes.filter((hash) => isWitness(hash, share))
  assert.ok(Math.abs(chosen(0.05).length - 200) < 60, `${chosen(0.05).length}`)
  assert.deepEqual([chosen(0).length, chosen(1).length], [0, 4000])
  const more = new Set(chosen(0.2))
  assert.ok(chosen(0.05).every((hash) => more.has(hash)), 'a larger share has the same ones')
})

test('the witnesses of the model that serves stay: none becomes one that it has seen', (context) => {
  const { models } = temporaryCatalogue(context)
  const learned = (share: number | null) => {
    const how = { base: null, depth: 'head', device: 'cpu', seconds: 1, steps: 1 } as const
    const scores = { scoreBefore: 0, scoreAfter: 1 }
    const witnessShare = share
    return models.get(models.addLearned(modelRecord(), 1, { ...how, ...scores, witnessShare }))
  }
  assert.equal(witnessShare(650, learned(0.1)), 0.1, 'the library has shrunk since')
  assert.equal(witnessShare(10_000, learned(0.1)), 0.05, 'those that are none any more may be learned')
  assert.deepEqual(
    [isTrainedOnAll(learned(0.1)), isTrainedOnAll(learned(null)), isTrainedOnAll(undefined)],
    [false, true, false]
  )
  const first = models.get(models.add('first', modelRecord(), 1))
  assert.deepEqual([isTrainedOnAll(first), witnessShare(650, first)], [false, 0.2])
  // Too few could be asked: so many more, unless that model has learned from them.
  assert.equal(largerShare(0.05, 26, first), 0.25)
  assert.deepEqual([largerShare(0.2, 20, undefined), largerShare(0.2, 0, first)], [0.5, 0.5])
  assert.equal(largerShare(0.5, 80, undefined), undefined)
  assert.equal(largerShare(0.05, 26, learned(0.05)), undefined)
  // A library of bursts, whose model was learned with a larger share: that is still fair.
  assert.equal(largerShare(0.05, 26, learned(0.3)), 0.25)
  assert.equal(largerShare(0.05, 26, learned(0.1)), 0.1)
  assert.equal(largerShare(0.05, 26, learned(null)), undefined)
})
