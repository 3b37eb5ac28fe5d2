// The end of the engine, and of the wish, in the middle of the way back to a model whose backbone
// has not described the photos: both end soon, and what served goes on.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { Engine } from '../../../main/engine/api.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { isFault } from '../../../main/wire/fault.ts'
import type { Learning } from '../../../main/wire/learning-contract.ts'
import { superviseCompute } from '../../support/compute.ts'
import type { Supervised } from '../../support/compute.ts'
import { DEEP, letBadModelServe } from '../../support/deep.ts'
import { whenLearning } from '../../support/learning.ts'
import { copyIndexed } from '../../support/shared-library.ts'

/** So many photos described show that the way back is under way, and far from its end. */
const UNDER_WAY = 48
const home = mkdtempSync(join(tmpdir(), 'kindred-rollback-'))
const library = join(home, 'library')
let first: number

/** Leaves a library in which a tuned backbone serves, and the shipped one has described nothing. */
before(async () => {
  await copyIndexed(library)
  first = (await letBadModelServe(library)).good
  const { engine, compute } = await opened(library)
  await engine.idle()
  assert.equal((await engine.learner.learn(DEEP)).kept, true)
  await engine.close()
  await compute.stop()
  const catalogue = openCatalogue(library)
  const { backbone } = catalogue.models.get(first)!
  while (catalogue.vectors.dropOfBackbone(backbone, 1000) > 0) continue
  catalogue.close()
})
after(() => rmSync(home, { recursive: true, force: true }))

async function opened(path: string): Promise<{ engine: Engine; compute: Supervised }> {
  const engine = await createEngine({ library: path, watch: false, settle: 0 })
  return { engine, compute: await superviseCompute((port) => engine.attachCompute(port)) }
}

/** It is told, although nothing is learned. */
function isUnderWay({ state, phase, done }: Learning): boolean {
  return state === 'returning' && phase === 'renewal' && done >= UNDER_WAY
}

for (const end of ['close', 'cancel'] as const)
  test(`${end} in the middle of the way back`, async (context) => {
    const path = join(home, end)
    cpSync(library, path, { recursive: true })
    const { engine, compute } = await opened(path)
    context.after(() => compute.stop())
    await engine.idle()
    const serving = engine.status().model!.id
    const back = engine.learner.rollback(first)
    const isOver = assert.rejects(back, (error) => isFault(error, 'cancelled'))
    await whenLearning(engine, isUnderWay)
    if (end === 'cancel') await engine.learner.cancel()
    else await engine.close()
    await isOver
    if (end === 'cancel') {
      assert.equal(engine.status().model?.id, serving)
      assert.equal((await engine.learner.snapshot()).state, 'off')
      await engine.learner.rollback(first)
      assert.equal(engine.status().model?.id, first, 'asked for again it goes on')
      await engine.close()
    }
  })

test('compute dies in the middle of the way back', async (context) => {
  const path = join(home, 'death')
  cpSync(library, path, { recursive: true })
  const { engine, compute } = await opened(path)
  context.after(async () => {
    await engine.close()
    await compute.stop()
  })
  await engine.idle()
  const back = engine.learner.rollback(first)
  await whenLearning(engine, isUnderWay)
  compute.kill()
  // Encoding so few photos is over before listeners would be told of it: it is looked for.
  while ((await engine.learner.snapshot()).phase !== 'encoding') await new Promise(setImmediate)
  compute.kill()
  await back
  assert.equal(compute.starts, 3, 'it died twice on the way')
  assert.equal(engine.status().model?.id, first)
})
