// Deep training through real processes on generated photos: dropped and kept, the way back and
// forth between backbones, photos that come after it, a tuned backbone that is gone.
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import type { TestContext } from 'node:test'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Engine } from '../../../main/engine/api.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { superviseCompute } from '../../support/compute.ts'
import { DEEP, letBadModelServe } from '../../support/deep.ts'
import { QUICK, whenLearning } from '../../support/learning.ts'
import { makePhotos } from '../../support/photos.ts'
import { kinOf } from '../../support/library.ts'
import { SHARED_PHOTOS, copyIndexed, sharedPhotos } from '../../support/shared-library.ts'

const PHOTOS = SHARED_PHOTOS
const MEANWHILE = 3
const MORE = 8
const ALL = PHOTOS + MEANWHILE + MORE

const home = mkdtempSync(join(tmpdir(), 'kindred-deep-'))
const more = join(home, 'more photos')
const outside = join(home, 'elsewhere.jpg')
const indexed = join(home, 'library')
const tuned = join(home, 'tuned')

before(async () => {
  cpSync(join(await sharedPhotos(), 'photo-5-00000.jpg'), outside)
  await copyIndexed(indexed)
})
after(() => rmSync(home, { recursive: true, force: true }))

async function opened(context: TestContext, library: string): Promise<Opened> {
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  const close = async (): Promise<void> => {
    await engine.close()
    await compute.stop()
  }
  context.after(close)
  return { engine, close }
}

interface Opened {
  engine: Engine
  close(): Promise<void>
}

/** Kin of some photos and of a picture that is no photo of the library, as text. */
async function answers(engine: Engine): Promise<string> {
  const all: unknown[] = []
  for (const subject of [{ id: 1 }, { id: 50 }, { id: 200 }, { path: outside }])
    all.push(await kinOf(engine, { parts: [{ of: subject, weight: 1 }], top: 9 }))
  return JSON.stringify(all)
}

/** How many photos can be found at all. */
async function countOfKin(engine: Engine, id: number): Promise<number> {
  return (await kinOf(engine, { parts: [{ of: { id }, weight: 1 }], top: 400 })).length
}

function tunedFiles(library: string): string[] {
  const folder = join(library, 'backbones')
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

/** Photos that each backbone has described. */
function described(library: string): number[] {
  const catalogue = openCatalogue(library)
  const { vectors } = catalogue
  const counts = vectors.backbones().map((backbone) => vectors.featureIds(backbone).length)
  catalogue.close()
  return counts.sort((a, b) => a - b)
}

test('what proves no better is dropped, and nothing is left of it', async (context) => {
  const library = join(home, 'dropped')
  cpSync(indexed, library, { recursive: true })
  const { engine, close } = await opened(context, library)
  await engine.idle()
  const before = await answers(engine)
  const [first] = await engine.models()
  await assert.rejects(engine.learner.learn({ ...DEEP, bits: 32 }), (error) =>
    isFault(error, 'bad-argument')
  )
  const phases = new Set<string | null>()
  engine.learner.on(({ phase, depth }) => depth === 'deep' && phases.add(phase))
  const result = await engine.learner.learn(DEEP)
  assert.equal(result.kept, false)
  assert.match(result.reason, /^Not kept: /)
  assert.equal(result.steps, 2)
  assert.ok(result.scoreAfter <= result.scoreBefore && result.scoreAfter > 0.3)
  for (const phase of ['training', 'features'] as const) assert.ok(phases.has(phase), phase)
  assert.deepEqual(await engine.models(), [first])
  assert.equal(await answers(engine), before)
  await close()
  assert.deepEqual(tunedFiles(library), [])
  assert.deepEqual(described(library), [PHOTOS])
})

test('what proves better serves; photos after it, the way back and forth', async (context) => {
  cpSync(indexed, tuned, { recursive: true })
  const { good } = await letBadModelServe(tuned)
  const { engine, close } = await opened(context, tuned)
  await engine.idle()
  const adding = whenLearning(engine, ({ phase }) => phase === 'features').then(async () => {
    await makePhotos(more, MEANWHILE, { seed: 7, size: 80 })
    await engine.addFolder(more)
  })
  const result = await engine.learner.learn(DEEP)
  await adding
  await engine.idle()
  assert.equal(result.kept, true, result.reason)
  assert.equal(await countOfKin(engine, PHOTOS + 1), PHOTOS + MEANWHILE - 1, 'new ones, too')
  assert.ok(result.scoreAfter > result.scoreBefore)
  const [model] = await engine.models()
  assert.deepEqual(
    [model?.id, model?.kind, model?.depth, model?.state, model?.bits],
    [result.model, 'learned', 'deep', 'serving', 64]
  )
  assert.deepEqual([model?.scoreBefore, model?.scoreAfter], [result.scoreBefore, result.scoreAfter])
  const byDeep = await answers(engine)
  assert.match(byDeep, /photo-5-00000/)

  await engine.learner.rollback(good)
  const byGood = await answers(engine)
  assert.notEqual(byGood, byDeep)
  await engine.learner.rollback(result.model!)
  assert.equal(await answers(engine), byDeep)

  await makePhotos(more, MORE, { seed: 6, size: 80 })
  await engine.rescan()
  const { indexed: added } = await engine.idle()
  assert.equal(added, MORE)
  assert.equal(await countOfKin(engine, ALL), ALL - 1, 'each has its code of the tuned backbone')
  const former = await engine.vectors(good)
  assert.equal(former.ids.length, ALL, 'described for it, and not kept')
  await engine.learner.rollback(good)
  assert.equal(await countOfKin(engine, ALL), ALL - 1, 'described by the former one, too')
  await engine.learner.rollback(result.model!)
  await close()
  assert.equal(tunedFiles(tuned).length, 2, 'the file and its card')
  assert.deepEqual(described(tuned), [ALL, ALL])
})

test('after a restart the tuned backbone serves; a head is learned on it', async (context) => {
  const { engine, close } = await opened(context, tuned)
  await engine.rescan()
  const { indexed: again } = await engine.idle()
  assert.equal(again, 0, 'nothing is described anew')
  const [model] = await engine.models()
  assert.deepEqual([model?.depth, model?.state], ['deep', 'serving'])
  await answers(engine)
  const result = await engine.learner.learn(QUICK)
  assert.ok(result.steps > 0)
  const status = engine.status()
  await close()
  const catalogue = openCatalogue(tuned)
  const { backbone } = catalogue.models.get(status.model!.id)!
  assert.equal(backbone, catalogue.models.get(model!.id)?.backbone)
  catalogue.close()
})

test('a run whose tuned backbone is gone begins anew with what serves now', async (context) => {
  const library = join(home, 'lost')
  cpSync(tuned, library, { recursive: true })
  rmSync(join(library, 'backbones'), { recursive: true })
  const catalogue = openCatalogue(library)
  const deep = catalogue.models.list().find(({ depth }) => depth === 'deep')!
  const run = catalogue.runs.start(DEEP, Date.now())
  catalogue.runs.setBase(run.id, deep.id)
  catalogue.runs.setSample(run.id, Uint32Array.of(1, 2, 3), 0.48)
  catalogue.close()
  const { engine, close } = await opened(context, library)
  await answers(engine) // compute has come by then
  await engine.idle()
  const { model } = engine.status()
  assert.ok(model && model.id !== deep.id, 'another model serves, though the run stood on that one')
  const result = await engine.learner.learn(DEEP)
  assert.equal(result.steps, 2)
  await close()
})

test('a tuned backbone that was changed or is gone: the shipped one takes over', async (context) => {
  const catalogue = openCatalogue(tuned)
  const deep = catalogue.models.list().find(({ depth }) => depth === 'deep')!
  catalogue.close()
  const harms = [(path: string) => appendFileSync(path, 'more'), (path: string) => rmSync(path)]
  for (const harm of harms) {
    const begun = openCatalogue(tuned)
    const { id: run } = begun.runs.start(QUICK, Date.now())
    begun.close()
    const [onnx] = tunedFiles(tuned).filter((name) => name.endsWith('.onnx'))
    harm(join(tuned, 'backbones', onnx!))
    const { engine, close } = await opened(context, tuned)
    await engine.rescan()
    await answers(engine) // compute has come by then
    await engine.idle()
    const { model, indexed: all } = engine.status()
    assert.ok(model && model.id !== deep.id, 'another model serves')
    assert.equal(all, ALL)
    assert.equal(await countOfKin(engine, 3), ALL - 1)
    const isBad = (error: unknown): boolean => isFault(error, 'bad-model')
    await assert.rejects(engine.learner.rollback(deep.id), isBad)
    assert.equal(engine.status().model?.id, model.id)
    await close()
    const kept = openCatalogue(tuned)
    assert.equal(kept.runs.unfinished()?.id, run, 'what was being learned goes on')
    kept.runs.end(run, null, Date.now())
    kept.close()
  }
})
