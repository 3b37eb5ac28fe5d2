// What deep training begins with where a head serves that an older Kindred learned from all photos:
// one that has not seen the witnesses. It is there for the run alone, and outlives a death of
// compute.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import type { TestContext } from 'node:test'
import { CATALOGUE_FILE, openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Catalogue } from '../../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import { multiplyInRuntime } from '../../../main/compute/multiply-in-runtime.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { joinedHalves } from '../../../main/engine/joined.ts'
import { isWitness } from '../../../main/engine/runs/witnesses.ts'
import { isFault } from '../../../main/wire/fault.ts'
import type { LearnResult } from '../../../main/wire/learning-contract.ts'
import { validateDeep } from '../../../model/learning.ts'
import { parseQuantizer, project } from '../../../model/retrieval.ts'
import { superviseCompute } from '../../support/compute.ts'
import { DEEP, serveSpoiled, spoiled } from '../../support/deep.ts'
import { whenLearning } from '../../support/learning.ts'
import { SHARED_PHOTOS as PHOTOS, copyLearned } from '../../support/shared-library.ts'

const home = mkdtempSync(join(tmpdir(), 'kindred-deep-start-'))
const indexed = join(home, 'library')
const results: LearnResult[] = []

before(async () => {
  await copyLearned(indexed)
  const database = openDatabase(join(indexed, CATALOGUE_FILE))
  database.script('UPDATE models SET witness_share = NULL')
  database.close()
})
after(() => rmSync(home, { recursive: true, force: true }))

async function opened(library: string) {
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  const stop = async (): Promise<void> => {
    await engine.close()
    await compute.stop()
  }
  return { engine, compute, stop }
}

function look<T>(library: string, at: (catalogue: Catalogue) => T): T {
  const catalogue = openCatalogue(library)
  try {
    return at(catalogue)
  } finally {
    catalogue.close()
  }
}

/** Goes on with the run of a library, to its end. */
async function goOn(t: TestContext, library: string): Promise<LearnResult> {
  const { engine, stop } = await opened(library)
  t.after(stop)
  await engine.idle()
  const result = await engine.learner.learn(DEEP)
  await stop()
  return result
}

/** Whether the unfinished run does not train on a photo. */
function isHeldOut({ photos, runs }: Catalogue, photo: number): boolean {
  return isWitness(photos.place(photo)!.hash!, runs.unfinished()!.witnessShare!)
}

/** The score of what the unfinished run began with, on the photos that it has not seen. */
async function scoreOfStart(library: string): Promise<number> {
  const { record, features, heldOut } = look(library, (catalogue) => {
    const { models, runs, vectors } = catalogue
    const { id, base } = runs.unfinished()!
    const record = models.record(base!)
    const sample = [...runs.sample(id)!]
    const rows = sample.map((photo) => vectors.feature(photo, record.backbone)!)
    const heldOut = sample.flatMap((photo, row) => (isHeldOut(catalogue, photo) ? [row] : []))
    return { record, features: joinedHalves(rows), heldOut: Uint32Array.from(heldOut) }
  })
  const quantizer = parseQuantizer(record)
  const projected = await project(quantizer.projection, features, multiplyInRuntime)
  const before = { quantizer, projected }
  const validation = await validateDeep({
    before,
    after: before,
    heldOut,
    seed: 1,
    multiply: multiplyInRuntime,
    giveWay: async () => {}
  })
  return validation.scoreBefore
}

for (const dies of [false, true])
  test(`it has not seen what the validation asks${dies ? '; compute dies in it' : ''}`, async (t) => {
    const library = join(home, String(dies))
    cpSync(indexed, library, { recursive: true })
    const { engine, compute, stop } = await opened(library)
    t.after(stop)
    await engine.idle()
    const serving = engine.status().model!.id
    const models = (await engine.models()).length
    const cut = assert.rejects(engine.learner.learn(DEEP), (error) => isFault(error, 'cancelled'))
    if (dies) {
      // So few steps are over before listeners would be told of them: they are looked for.
      while ((await engine.learner.snapshot()).phase !== 'start') await new Promise(setImmediate)
      compute.kill()
    }
    await whenLearning(engine, ({ phase }) => phase === 'features')
    await stop()
    await cut
    assert.equal(compute.starts, dies ? 2 : 1)
    const start = look(library, ({ models, runs }) => models.get(runs.unfinished()!.base!))
    const held = look(library, (catalogue) => {
      const sample = catalogue.runs.sample(catalogue.runs.unfinished()!.id)!
      return [...sample].filter((photo) => isHeldOut(catalogue, photo)).length
    })
    assert.ok(held >= 100 && held <= PHOTOS / 2 + 30, `${held} witnesses`)
    assert.deepEqual([start?.state, start?.fittedOn], ['retired', PHOTOS - held])
    assert.notEqual(start?.id, serving)
    const expected = await scoreOfStart(library)

    if (!dies) cpSync(library, join(home, 'cut'), { recursive: true })

    const again = await opened(library)
    t.after(again.stop)
    await again.engine.idle()
    const result = await again.engine.learner.learn(DEEP)
    results.push(result)
    assert.equal(result.scoreBefore, expected, 'it is what had to be beaten')
    assert.equal((await again.engine.models()).length, models + (result.kept ? 1 : 0))
    await again.stop()
    assert.equal(look(library, ({ models }) => models.get(start!.id)), undefined, 'gone with the run')
  })

test('a death changes nothing', () => {
  const [undisturbed, disturbed] = results.map(({ seconds, stepMilliseconds, ...rest }) => rest)
  assert.ok(undisturbed)
  assert.deepEqual(disturbed, undisturbed)
})

test('what is better than its start, and no worse than what serves, serves', async (t) => {
  const library = join(home, 'cut')
  const catalogue = openCatalogue(library)
  const { id, base } = catalogue.runs.unfinished()!
  const worse = spoiled(catalogue.models.record(base!))
  catalogue.models.erase(base!)
  catalogue.runs.setBase(id, catalogue.models.add('first', worse, Date.now(), 'retired'))
  const bad = await serveSpoiled(catalogue)
  catalogue.close()
  const result = await goOn(t, library)
  assert.equal(result.kept, true, result.reason)
  assert.match(result.reason, /better than the model it began with/)
  const served = look(library, ({ models }) => models.serving()!)
  assert.deepEqual([served.id, served.depth], [result.model, 'deep'])
  assert.notEqual(served.id, bad)
})
