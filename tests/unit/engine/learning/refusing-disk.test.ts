// Learning while the disk refuses to write: nothing that an event or a timer sets off ends the
// engine, the run goes on, and what could not be kept is kept later.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { LearnOptions } from '../../../../main/wire/learning-contract.ts'
import { LearnerLives, turns } from '../../../support/learner-life.ts'
import { refusingDisk } from '../../../support/refusing-disk.ts'

const HEAD: LearnOptions = { depth: 'head' }
const HOUR = 3600_000
const lives = new LearnerLives()
before(() => lives.prepare())
after(() => lives.remove())

function checkpoint(byte: number): Uint8Array {
  return new Uint8Array(200_000).fill(byte) // more than what the disk still takes
}

test('a checkpoint that is not kept is told once, and tried at the next', async (context) => {
  const errors = context.mock.method(console, 'error', () => undefined)
  const life = await lives.begin((call) => (call === 'learnHead' ? 'never' : 'well'), HEAD)
  const { catalogue, calls, learner, far } = life
  const learning = learner.learn(HEAD).catch(() => 'given up')
  while (!calls.includes('learnHead')) await turns(1)
  const run = catalogue.runs.unfinished()!.id
  const disk = refusingDisk(context)
  for (const byte of [1, 2, 3]) {
    far.emit('checkpoint', { run, state: checkpoint(byte) })
    await turns(3)
    const { state, trouble } = learner.snapshot()
    assert.deepEqual([state, trouble?.kind], ['running', 'disk-error'])
  }
  assert.equal(catalogue.runs.checkpoint(run), undefined)
  assert.equal(errors.mock.callCount(), 1, 'the log says so once')
  disk.yields()
  far.emit('checkpoint', { run, state: checkpoint(4) })
  await turns(3)
  assert.equal(learner.snapshot().trouble, null)
  assert.deepEqual(catalogue.runs.checkpoint(run), checkpoint(4))
  await learner.close()
  assert.equal(await learning, 'given up')
  life.end()
})

test('a run whose end is not kept waits, and ends once the disk takes it', async (context) => {
  context.mock.method(console, 'error', () => undefined)
  context.mock.timers.enable({ apis: ['setTimeout'] })
  let disk: ReturnType<typeof refusingDisk> | undefined
  const life = await lives.begin((call) => {
    if (call === 'learnHead') disk ??= refusingDisk(context)
    return 'well'
  }, HEAD)
  const { catalogue, learner } = life
  while (!learner.snapshot().trouble) await turns(1)
  const { state, trouble, waitsFor } = learner.snapshot()
  assert.deepEqual([state, trouble?.kind, waitsFor], ['waiting', 'disk-error', null])
  context.mock.timers.tick(HOUR)
  await turns(3)
  assert.equal(catalogue.runs.lastEnded(), undefined)
  disk?.yields()
  while (!catalogue.runs.lastEnded()) {
    context.mock.timers.tick(HOUR)
    await turns(1)
  }
  assert.equal(catalogue.runs.lastEnded()?.result?.kept, false)
  assert.equal(learner.snapshot().trouble, null)
  await learner.close()
  life.end()
})

test('giving up while the disk refuses is told, and is possible later', async (context) => {
  context.mock.method(console, 'error', () => undefined)
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const life = await lives.begin((call) => (call === 'views' ? 'never' : 'well'), HEAD)
  const { catalogue, calls, learner } = life
  while (!calls.includes('views')) await turns(1)
  const disk = refusingDisk(context)
  learner.cancel()
  while (!learner.snapshot().trouble) await turns(1)
  assert.ok(catalogue.runs.unfinished(), 'it could not be dropped')
  assert.throws(() => learner.pause(), /disk/, 'this, too, is told')
  assert.equal(learner.snapshot().state, 'paused', 'and holds all the same')
  disk.yields()
  learner.cancel()
  while (catalogue.runs.unfinished()) await turns(1)
  await learner.close()
  life.end()
})
