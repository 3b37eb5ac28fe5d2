// What a run of the benchmark is told as: the best epochs, the log, the picture, the time left.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createForecast } from '../../../main/cli/reproduce/forecast.ts'
import {
  bestOf,
  logOf,
  lossesOf,
  valuesOf,
  withEpoch,
  type Epoch
} from '../../../main/cli/reproduce/loss-history.ts'
import { plot } from '../../../main/cli/reproduce/plot.ts'

const history: Epoch[] = [
  { epoch: 0, evaluation: { all: 0.1, heldOut: 0.2, others: 0.09 } },
  { epoch: 1, loss: 9, seconds: 1 },
  { epoch: 2, loss: 8, seconds: 1, evaluation: { all: 0.5, heldOut: 0.6, others: 0.49 } },
  { epoch: 3, loss: 7, seconds: 1, evaluation: { all: 0.4, heldOut: 0.7, others: 0.37 } }
]

test('the best epoch of all queries, and the one that a held-out tenth chooses', () => {
  assert.deepEqual(bestOf(history), {
    epoch: 2,
    value: 0.5,
    heldOut: { epoch: 3, value: 0.7, others: 0.37 }
  })
  assert.throws(() => bestOf([{ epoch: 1, loss: 1 }]), RangeError)
})

test('losses by epoch, and mAP where it was measured', () => {
  assert.deepEqual(lossesOf(history), [9, 8, 7])
  assert.deepEqual(
    valuesOf(history).map(({ epoch }) => epoch),
    [0, 2, 3]
  )
})

test('what becomes known of an epoch is added to it', () => {
  const evaluation = { all: 1, heldOut: 1, others: 1 }
  const grown = withEpoch(history, { epoch: 1, evaluation })
  assert.deepEqual(grown[1], { epoch: 1, loss: 9, seconds: 1, evaluation })
  assert.deepEqual(
    withEpoch(grown, { epoch: 4, loss: 6 }).map(({ epoch }) => epoch),
    [0, 1, 2, 3, 4]
  )
})

test('the log is a line of JSON an epoch', () => {
  const lines = logOf(history).trimEnd().split('\n')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [
      { epoch: 0, mAP: 0.1, heldOut: 0.2, others: 0.09 },
      { epoch: 1, loss: 9, seconds: 1 },
      { epoch: 2, loss: 8, mAP: 0.5, heldOut: 0.6, others: 0.49, seconds: 1 },
      { epoch: 3, loss: 7, mAP: 0.4, heldOut: 0.7, others: 0.37, seconds: 1 }
    ]
  )
})

test('the picture has every point within its frame', () => {
  const losses = [9, 8, 7].map((value, i) => ({ epoch: i + 1, value }))
  const svg = plot('SPQ < 32 & more', 3, [
    { name: 'loss', colour: '#b5541c', points: losses, side: 'left' },
    { name: 'mAP', colour: '#1c5fb5', points: valuesOf(history), side: 'right' }
  ])
  assert.match(svg, /SPQ &lt; 32 &amp; more/)
  const circles = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)]
  assert.equal(circles.length, 6)
  for (const [, x, y] of circles) assert.ok(Number(x) >= 64 && Number(x) <= 696 && Number(y) <= 372)
  const [first, , last] = circles.map(([, , y]) => Number(y))
  assert.ok(first! < last!, 'a higher loss is drawn higher')
  const none = { name: 'loss', colour: '#000', points: [], side: 'left' } as const
  assert.doesNotMatch(plot('nothing yet', 3, [none]), /NaN/)
})

test('time left is known once a step was timed', async () => {
  const forecast = createForecast()
  assert.equal(forecast.secondsLeft({ step: 5, evaluation: 1 }), undefined)
  assert.equal(await forecast.timed('step', () => Promise.resolve('done')), 'done')
  const left = forecast.secondsLeft({ step: 5, evaluation: 0 })
  assert.ok(left !== undefined && left >= 0)
  assert.ok((forecast.secondsLeft({ step: 10, evaluation: 0 }) ?? 0) >= left)
})
