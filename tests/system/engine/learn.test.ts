// Learning through real processes on generated photos: what comes of a run, what starts one by
// itself, what it waits for, and that no answer mixes two models.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CATALOGUE_FILE, openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import type { Engine } from '../../../main/engine/api.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { connect } from '../../../main/wire/channel.ts'
import { engineContract } from '../../../main/wire/engine-contract.ts'
import { isFault } from '../../../main/wire/fault.ts'
import type { Learning } from '../../../main/wire/learning-contract.ts'
import { portPair } from '../../../main/wire/port.ts'
import { superviseCompute } from '../../support/compute.ts'
import { QUICK, indexInto, whenLearning } from '../../support/learning.ts'
import { makePhotos } from '../../support/photos.ts'
import { kinOf } from '../../support/library.ts'
import {
  SHARED_PHOTOS as FIRST,
  copyIndexed,
  copyViewed,
  sharedPhotos
} from '../../support/shared-library.ts'

/** Photos without views, where a run is to make some: that takes long enough to be told. */
const MISSING = 120
const MORE = 30 // more than a tenth
/** Of the first quantizer: it is outgrown, as more than half as many have come since. */
const FITTED_ON = 190

const home = mkdtempSync(join(tmpdir(), 'kindred-learn-'))
const indexed = join(home, 'library')
const learned = join(home, 'learned')
const viewed = join(home, 'viewed')

before(async () => {
  await copyIndexed(indexed)
  await copyViewed(viewed, MISSING)
})
after(() => rmSync(home, { recursive: true, force: true }))

let copies = 0

/** An engine, with compute, on a copy of a library. */
async function opened(
  context: TestContext,
  from: string,
  options: { learns?: typeof QUICK; library?: string } = {}
): Promise<{ engine: Engine; library: string; close(): Promise<void> }> {
  const { library = join(home, `copy-${copies++}`), ...learns } = options
  if (from !== library) cpSync(from, library, { recursive: true })
  const engine = await createEngine({ library, watch: false, settle: 0, ...learns })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  const close = async (): Promise<void> => {
    await engine.close()
    await compute.stop()
  }
  context.after(close)
  return { engine, library, close }
}

test('a run that is asked for: its phases, its model, the way back and forth', async (context) => {
  const { engine, close } = await opened(context, viewed, { library: learned })
  await engine.idle()
  assert.equal((await engine.learner.snapshot()).state, 'off', 'not by itself')
  const [first] = await engine.models()
  const phases = new Set<string | null>()
  const losses: number[] = []
  engine.learner.on(({ phase, curve }) => {
    phases.add(phase)
    losses.splice(0, losses.length, ...curve.map(({ loss }) => loss))
  })
  let learning = true
  const outside = join(home, 'elsewhere.jpg')
  cpSync(join(await sharedPhotos(), 'photo-5-00000.jpg'), outside)
  const queried = whenLearning(engine, ({ phase }) => phase === 'training').then(async () => {
    const parts = [{ of: { path: outside }, weight: 1 }]
    const [nearest] = await kinOf(engine, { parts, top: 3 })
    assert.ok(learning, 'a query that needs compute is answered in the middle of training')
    return nearest
  })
  const result = await engine.learner.learn(QUICK)
  learning = false
  assert.match((await queried)?.path ?? '', /photo-5-00000/)
  assert.equal(result.kept, true, result.reason)
  assert.ok(result.scoreAfter > result.scoreBefore)
  assert.match(result.reason, /^Kept: /)
  assert.ok(result.steps > 0 && result.steps % QUICK.steps! === 0)
  assert.ok(result.stepMilliseconds > 0 && result.seconds > 0)
  for (const phase of ['views', 'training'] as const) assert.ok(phases.has(phase), phase)
  assert.ok(losses.length > 3 && losses.every(Number.isFinite))

  const [model, former] = await engine.models()
  assert.equal(model?.id, result.model)
  assert.deepEqual([model?.kind, model?.state, model?.bits], ['learned', 'serving', 64])
  assert.deepEqual([former?.id, former?.state], [first?.id, 'retired'])
  assert.equal(engine.status().model?.id, result.model)
  assert.deepEqual((await engine.learner.snapshot()).last, result)

  const compared = await engine.learner.compare(5, 6)
  assert.deepEqual([compared.before, compared.after], [first?.id, result.model])
  assert.equal(compared.comparisons.length, 5)
  for (const { query, before, after } of compared.comparisons) {
    assert.deepEqual([before.length, after.length], [6, 6])
    assert.ok([...before, ...after].every(({ id }) => id !== query))
  }
  assert.deepEqual(await engine.learner.compare(5, 6), compared, 'the same each time')

  const byLearned = await answers(engine)
  await engine.learner.rollback(first!.id)
  assert.equal(engine.status().model?.id, first!.id)
  const byFirst = await answers(engine)
  assert.notDeepEqual(byFirst, byLearned)
  await engine.learner.rollback(result.model!)
  assert.deepEqual(await answers(engine), byLearned)
  await assert.rejects(engine.learner.rollback(77), (error) => isFault(error, 'not-found'))
  await close()
})

/** Kin of some photos, as text. */
async function answers(engine: Engine): Promise<string[]> {
  const all: string[] = []
  for (const id of [1, 50, 120, 200]) all.push(await answer(engine, id))
  return all
}

async function answer(engine: Engine, id: number): Promise<string> {
  return JSON.stringify(await kinOf(engine, { parts: [{ of: { id }, weight: 1 }], top: 12 }))
}

test('a tenth more photos: it learns by itself, no answer mixes two models', async (context) => {
  const { engine } = await opened(context, learned, { learns: QUICK })
  await engine.idle()
  const { state, newPhotos, newPhotosNeeded } = await engine.learner.snapshot()
  assert.deepEqual([state, newPhotos, newPhotosNeeded], ['off', 0, 28], 'nothing new to learn')
  const before = engine.status().model!.id
  const first = (await engine.learner.snapshot()).last

  const more = join(home, 'more')
  await makePhotos(more, MORE, { seed: 6, size: 80 })
  await engine.addFolder(more)
  await engine.rescan()
  await engine.idle()
  assert.equal(engine.status().model!.id, before)
  let ended = false
  const isOver = ({ state, last }: Learning): boolean =>
    state === 'off' && last !== null && last.seconds !== first?.seconds
  const done = whenLearning(engine, isOver).then((learning) => ((ended = true), learning))
  const told: string[] = [await answer(engine, 50)]
  while (!ended) {
    told.push(await answer(engine, 50))
    await sleep(5)
  }
  const { last } = await done
  told.push(await answer(engine, 50))
  const distinct = told.filter((one, place) => one !== told[place - 1])
  assert.ok(distinct.length <= 2, 'one answer, and from one moment on another')
  assert.equal(last!.model, engine.status().model!.id)
  assert.equal(distinct.length === 2, last!.kept)
  assert.ok(told.length > 20, `${told.length} queries were answered all through it`)
  assert.equal((await engine.learner.snapshot()).newPhotos, 0)
})

test('a library that has outgrown its first quantizer gets another one', async (context) => {
  const library = join(home, 'outgrown')
  cpSync(learned, library, { recursive: true })
  const database = openDatabase(join(library, CATALOGUE_FILE))
  database.script(`UPDATE models SET fitted_on = ${FITTED_ON} WHERE kind = 'first'`)
  database.close()
  const { engine, close } = await opened(context, library, { learns: QUICK, library })
  await engine.idle()
  const before = (await engine.models())[0]!
  const runs = (await engine.learner.snapshot()).last
  await makePhotos(join(home, 'still more'), MORE, { seed: 7, size: 80 })
  await engine.addFolder(join(home, 'still more'))
  await engine.rescan()
  await engine.idle()
  const isNew = ({ last }: Learning): boolean => last !== null && last.seconds !== runs?.seconds
  const { last } = await whenLearning(engine, isNew)
  await whenLearning(engine, ({ state }) => state === 'off')
  const photos = FIRST + MORE
  assert.equal(engine.status().indexed, photos)
  await close()
  const catalogue = openCatalogue(library)
  const serving = catalogue.models.serving()!
  assert.equal(serving.id, last!.model)
  if (last!.kept) {
    assert.equal(catalogue.models.get(serving.base!)?.fittedOn, photos)
    assert.equal(catalogue.views.photos(serving.base!).size, photos)
  } else assert.equal(serving.id, before.id)
  catalogue.close()
})

test('what a run waits for: mains power, the user; and giving it up', async (context) => {
  const { engine, library, close } = await opened(context, indexed, { learns: QUICK })
  await engine.learner.power(true)
  await whenLearning(engine, ({ waitsFor }) => waitsFor === 'mains-power')
  assert.equal((await engine.learner.snapshot()).state, 'waiting')
  await engine.idle()
  assert.equal((await engine.learner.snapshot()).phase, null)
  await engine.learner.power(false)
  await whenLearning(engine, ({ phase, done }) => phase === 'views' && done > 0)
  await engine.learner.pause()
  assert.equal((await engine.learner.snapshot()).state, 'paused')
  await whenLearning(engine, ({ phase }) => phase === null)
  await close()

  const again = await opened(context, library, { learns: QUICK, library })
  const { learner } = again.engine
  await again.engine.idle()
  assert.equal((await learner.snapshot()).state, 'paused', 'it is remembered')
  await learner.resume()
  const { done } = await whenLearning(again.engine, ({ phase }) => phase === 'views')
  assert.ok(done > 0, 'views that were made are not made again')
  const before = again.engine.status().model?.id
  await learner.cancel()
  await whenLearning(again.engine, ({ state }) => state === 'off')
  assert.equal(again.engine.status().model?.id, before)
  assert.equal((await learner.snapshot()).last, null)
})

test('on battery only what is asked for there is learned, until the next time', async (context) => {
  const { engine } = await opened(context, viewed)
  await engine.idle()
  const learning = engine.learner.learn(QUICK) // on mains power
  await whenLearning(engine, ({ phase }) => phase === 'views')
  await engine.learner.power(true)
  await whenLearning(engine, ({ waitsFor }) => waitsFor === 'mains-power')
  const again = engine.learner.learn(QUICK) // in spite of it
  await whenLearning(engine, ({ state, done }) => state === 'running' && done > 0)
  await engine.learner.power(false)
  await engine.learner.power(true)
  await whenLearning(engine, ({ waitsFor }) => waitsFor === 'mains-power')
  await engine.learner.power(false)
  assert.deepEqual(await learning, await again)
})

test('a device that is not there is told, and the processor learns', async (context) => {
  const { engine } = await opened(context, learned)
  const result = await engine.learner.learn({ ...QUICK, provider: 'coreml', pairs: 'views' })
  assert.ok(result.steps > 0)
  const [{ note }, last] = [await engine.learner.devices(), (await engine.learner.snapshot()).last]
  if (process.platform !== 'darwin') assert.match(note ?? '', /^coreml could not go on/)
  assert.deepEqual(last, result)
  const measured = await engine.learner.measureDevices()
  const cpu = measured.devices.find(({ provider }) => provider === 'cpu')
  assert.ok((cpu?.photosPerSecond ?? 0) > 0 && (cpu?.stepMilliseconds ?? 0) > 0)
  assert.equal(measured.devices.filter(({ chosen }) => chosen).length, 1)
  assert.equal(measured.note, null)
})

test('too few photos are told', async (context) => {
  const library = join(home, 'few')
  const folder = join(home, 'few photos')
  await makePhotos(folder, 5, { seed: 9, size: 80 })
  await indexInto(library, folder)
  const { engine } = await opened(context, library, { learns: QUICK, library })
  await engine.idle()
  assert.equal((await engine.learner.snapshot()).state, 'off')
  const isTold = (error: unknown): boolean => isFault(error, 'too-few-photos')
  await assert.rejects(engine.learner.learn(QUICK), isTold)
  const [far, near] = portPair()
  engine.servePage(near)
  await assert.rejects(connect(far, engineContract).call('learn', QUICK), isTold)
})
