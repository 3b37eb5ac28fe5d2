// `kindred learn`, `models`, `rollback` and what of `evaluate` belongs to them, in processes of
// their own, on generated photos.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import * as v from 'valibot'
import { Verdict } from '../../../main/wire/learning-contract.ts'
import { kindred } from '../../support/kindred.ts'
import { SHARED_PHOTOS as PHOTOS, copyViewed, sharedPhotos } from '../../support/shared-library.ts'

const MISSING = 10 // photos whose views are still to be made
const QUICK = ['--pairs', 'neighbours', '--temperature', '0.2', '--steps', '12']

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Learned = v.strictObject({
  kept: v.boolean(),
  steps: count,
  seconds: v.number(),
  stepMilliseconds: v.number(),
  scoreBefore: share,
  scoreAfter: share,
  verdict: v.nullable(Verdict),
  model: count
})
const Models = v.array(v.looseObject({ id: count, kind: v.string(), state: v.string() }))
const Evaluated = v.looseObject({
  photos: count,
  queries: count,
  rows: v.array(v.strictObject({ of: v.string(), mAP: share, bytesPerPhoto: v.number() }))
})

const home = mkdtempSync(join(tmpdir(), 'kindred-cli-learn-'))
const library = join(home, 'library')
let folder: string

before(async () => {
  folder = await sharedPhotos()
  await copyViewed(library, MISSING)
  const ran = await kindred('index', folder, '--library', library, '--json')
  assert.equal(ran.code, 0, ran.stderr)
})
after(() => rmSync(home, { recursive: true, force: true }))

async function answerOf(...args: string[]): Promise<unknown> {
  const ran = await kindred(...args, '--library', library, '--json')
  assert.equal(ran.code, 0, ran.stderr)
  return JSON.parse(ran.stdout)
}

test('index alone learns nothing; learn does, and its answer agrees with the rest', async () => {
  const [first, ...others] = v.parse(Models, await answerOf('models'))
  assert.deepEqual([first?.kind, first?.state, others], ['first', 'serving', []])

  const learned = v.parse(Learned, await answerOf('learn', ...QUICK))
  assert.equal(learned.kept, true)
  assert.ok(learned.scoreAfter > learned.scoreBefore && learned.steps > 0)
  const models = v.parse(Models, await answerOf('models'))
  assert.deepEqual(
    models.map(({ id, kind, state }) => [id, kind, state]),
    [
      [learned.model, 'learned', 'serving'],
      [first?.id, 'first', 'retired']
    ]
  )

  const now = v.parse(Evaluated, await answerOf('evaluate', '--top', '20'))
  const same = await answerOf('evaluate', '--top', '20', '--model', `${learned.model}`)
  assert.deepEqual(same, now)
  const before = v.parse(
    Evaluated,
    await answerOf('evaluate', '--top', '20', '--model', `${first?.id}`)
  )
  assert.notDeepEqual(before.rows.at(-1), now.rows.at(-1))
  assert.deepEqual(before.rows[0], now.rows[0], 'features are of no model')
  const some = v.parse(Evaluated, await answerOf('evaluate', '--queries', join(folder, 'summer')))
  assert.equal(some.photos, PHOTOS)
  assert.ok(some.queries > 0 && some.queries < PHOTOS)

  assert.deepEqual(await answerOf('rollback', `${first?.id}`), { model: first?.id })
  assert.deepEqual(await answerOf('evaluate', '--top', '20'), before)
})

test('deep training answers as head training does', async () => {
  const before = v.parse(Models, await answerOf('models'))
  const learned = v.parse(Learned, await answerOf('learn', '--depth', 'deep', '--steps', '1'))
  assert.deepEqual([learned.steps, learned.stepMilliseconds > 0], [1, true])
  const now = v.parse(Models, await answerOf('models'))
  const serving = now.find(({ state }) => state === 'serving')
  assert.equal(serving?.id, learned.model)
  assert.equal(now.length, before.length + (learned.kept ? 1 : 0))
})

test('in which numbers photos are described is told, and changed', async () => {
  const Answer = v.object({ own: v.string(), others: v.array(v.string()), isChanging: v.boolean() })
  await answerOf('rollback', `${v.parse(Models, await answerOf('models')).at(-1)?.id}`)
  const { own, others } = v.parse(Answer, await answerOf('arithmetic'))
  assert.deepEqual([own, ...others].sort(), ['8-bit', 'float'])
  const changed = await answerOf('arithmetic', others[0]!)
  assert.deepEqual(v.parse(Answer, changed), { own: others[0], others: [own], isChanging: false })
  const models = v.parse(Models, await answerOf('models'))
  assert.equal(models.filter(({ state }) => state === 'serving').length, 1)
})

test('what cannot be is refused with its reason', async () => {
  const cases: [string[], RegExp][] = [
    [['learn', '--temperature', 'warm'], /--temperature/],
    [['learn', '--steps', '0'], /--steps/],
    [['learn', '--depth', 'deep', '--bits', '32'], /bits: expected 64/],
    [['rollback', '99'], /model 99/],
    [['arithmetic', '16-bit'], /expected float or 8-bit/],
    [['evaluate', '--model', '99'], /model 99/],
    [['evaluate', '--queries', library], /expected a folder/]
  ]
  for (const [args, reason] of cases) {
    const ran = await kindred(...args, '--library', library)
    assert.equal(ran.code, 1, args.join(' '))
    assert.match(ran.stderr, reason)
  }
  const nowhere = join(home, 'nowhere')
  for (const args of [['learn', '--steps', '0'], ['rollback', 'x'], ['evaluate', '--top', '0']])
    assert.equal((await kindred(...args, '--library', nowhere)).code, 1, args.join(' '))
  assert.equal(existsSync(nowhere), false, 'it is said before a library is made')
  const ran = await kindred('learn', '--bits', '48', '--library', library)
  assert.equal(ran.code, 2, 'the command line itself was wrong')
})
