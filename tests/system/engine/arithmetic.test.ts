// A library keeps the arithmetic in which its photos are described, whatever Kindred and whatever
// processor opens it: features of two are never compared.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import type { TestContext } from 'node:test'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { lookInto } from '../../../main/engine/look-only.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { isFault } from '../../../main/wire/fault.ts'
import {
  EIGHT_BIT,
  FLOAT,
  SHIPPED,
  withWrongAnswer,
  withoutEightBit
} from '../../support/backbone-folders.ts'
import { superviseCompute } from '../../support/compute.ts'
import { atEnd } from '../../support/endings.ts'
import { whenLearning } from '../../support/learning.ts'
import { makePhotos } from '../../support/photos.ts'
import { isWell, whenProgress } from '../../support/waiting.ts'
import { kinOf } from '../../support/library.ts'

const PHOTOS = 8
const MANY = 260 // enough for a model
const home = mkdtempSync(join(tmpdir(), 'kindred-arithmetic-'))
const former = withoutEightBit(join(home, 'former'))
const unfit = withWrongAnswer(join(home, 'unfit'))
const [photos, more] = [join(home, 'photos'), join(home, 'more')]
const outside = join(home, 'outside.jpg')
before(async () => {
  await makePhotos(photos, PHOTOS, { seed: 41, size: 300 })
  await makePhotos(more, PHOTOS, { seed: 42, size: 300 })
})
after(() => rmSync(home, { recursive: true, force: true }))

/** Nothing is tried again by itself. */
const each = { first: 3600_000, most: 3600_000 }
const LATER = { photo: each, folder: each, library: each, program: each }

async function opened(t: TestContext, library: string, backbones: string) {
  const engine = await createEngine({ library, watch: false, settle: 0, spacing: LATER })
  const compute = await superviseCompute((port) => engine.attachCompute(port), backbones)
  let isOpen = true
  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await engine.close()
    await compute.stop()
  }
  atEnd(t, close)
  return { engine, close }
}

/** Indexes a folder of photos, and says what has described all photos since. */
async function indexed(t: TestContext, library: string, backbones: string, folder: string) {
  const { engine, close } = await opened(t, library, backbones)
  await engine.addFolder(folder)
  await engine.idle()
  await whenProgress(engine, isWell)
  await close()
  return described(library)
}

function described(library: string): { backbones: string[]; own: string } {
  const catalogue = openCatalogue(library)
  const said = { backbones: catalogue.vectors.backbones(), own: catalogue.settings.backbone() }
  catalogue.close()
  return said
}

/** A new library whose owner has chosen 8 bits, on whatever processor. */
function inEightBits(library: string): void {
  const catalogue = openCatalogue(library)
  catalogue.settings.setBackbone(EIGHT_BIT.sha256)
  catalogue.close()
}

/** How near the same picture from outside is to its photo. */
async function nearness(
  t: TestContext,
  library: string,
  backbones: string,
  folder = photos
): Promise<number> {
  const { engine, close } = await opened(t, library, backbones)
  const [name] = readdirSync(folder).filter((one) => one.endsWith('.jpg'))
  cpSync(join(folder, name!), outside)
  const question = { parts: [{ of: { path: outside }, weight: 1 }], top: 3 }
  const [best] = await kinOf(engine, question)
  await close()
  assert.equal(best?.path, join(realpathSync(folder), name!))
  return best.score
}

test('a library from before stays in float, whatever comes to it', async (t) => {
  const library = join(home, 'old')
  const float = { backbones: [FLOAT.sha256], own: FLOAT.sha256 }
  assert.deepEqual(await indexed(t, library, former, photos), float)
  const catalogue = openCatalogue(library)
  catalogue.settings.setBackbone('') // as it was before this was remembered
  catalogue.close()
  assert.deepEqual(await indexed(t, library, SHIPPED, more), float)
  assert.ok((await nearness(t, library, SHIPPED)) > 0.9999)
  const rest = await indexed(t, library, unfit, photos)
  assert.deepEqual(rest, float)
})

test('a new library has what is best here, and remembers it', async (t) => {
  const library = join(home, 'new')
  const { backbones, own } = await indexed(t, library, SHIPPED, photos)
  assert.deepEqual(backbones, [own])
  assert.ok([FLOAT.sha256, EIGHT_BIT.sha256].includes(own))
  assert.deepEqual(await indexed(t, join(home, 'new, unfit'), unfit, photos), {
    backbones: [FLOAT.sha256],
    own: FLOAT.sha256
  })
})

test('pictures from outside are described as the library is', async (t) => {
  const library = join(home, 'eight')
  inEightBits(library)
  assert.deepEqual((await indexed(t, library, SHIPPED, photos)).backbones, [EIGHT_BIT.sha256])
  assert.ok((await nearness(t, library, SHIPPED)) > 0.9999)

  const view = await lookInto(library)
  const compute = await superviseCompute((port) => view.attachCompute(port), SHIPPED)
  t.after(async () => {
    await view.close()
    await compute.stop()
  })
  const question = { parts: [{ of: { path: outside }, weight: 1 }], top: 1 }
  assert.ok((await kinOf(view, question))[0]!.score > 0.9999, 'by command line, too')
})

/** Photos, the model that serves with its backbone, and the codes it has. */
function modelOf(library: string) {
  const catalogue = openCatalogue(library)
  const { indexed } = catalogue.work.counts()
  const serving = catalogue.models.serving()
  const codes = serving ? catalogue.vectors.codes(serving.id, 0, 10_000).ids.length : 0
  const kept = catalogue.settings.describesAnew()
  catalogue.close()
  return { indexed, backbone: serving?.backbone, kind: serving?.kind, codes, kept }
}

test('its owner may have a library described anew, and stop that', async (t) => {
  const library = join(home, 'anew')
  await makePhotos(join(home, 'many'), MANY, { seed: 43, size: 60 })
  assert.equal((await indexed(t, library, former, join(home, 'many'))).own, FLOAT.sha256)
  const { engine, close } = await opened(t, library, SHIPPED)
  await engine.idle()
  const before = await engine.learner.arithmetic()
  assert.equal(before.own, 'float')
  assert.deepEqual(before.others, ['8-bit'])

  const stopped = assert.rejects(engine.learner.describeAnew('8-bit'), (error) =>
    isFault(error, 'cancelled')
  )
  await whenLearning(engine, ({ state, done }) => state === 'returning' && done > 0)
  assert.equal((await engine.learner.snapshot()).anew, true)
  await engine.learner.cancel()
  await stopped
  assert.equal((await engine.learner.arithmetic()).isChanging, false)
  assert.equal((await engine.models()).length, 1, 'nothing is left of it')

  const cut = assert.rejects(engine.learner.describeAnew('8-bit'))
  await whenLearning(engine, ({ state, done }) => state === 'returning' && done > 0)
  const kin = await kinOf(engine, { parts: [{ of: { id: 1 }, weight: 1 }], top: 3 })
  assert.equal(kin.length, 3, 'what is there serves meanwhile')
  await close() // in the middle
  await cut
  const half = modelOf(library)
  assert.equal(half.backbone, FLOAT.sha256)
  assert.equal(half.kept?.backbone, EIGHT_BIT.sha256)

  const again = await opened(t, library, SHIPPED)
  await again.engine.learner.describeAnew('8-bit')
  assert.equal((await again.engine.learner.arithmetic()).own, '8-bit')
  await again.close()
  const { indexed: all, ...model } = modelOf(library)
  assert.deepEqual(model, {
    backbone: EIGHT_BIT.sha256,
    kind: 'first',
    codes: all,
    kept: undefined
  })
  assert.equal((await indexed(t, library, SHIPPED, more)).own, EIGHT_BIT.sha256)
  assert.ok((await nearness(t, library, SHIPPED, join(home, 'many'))) > 0.9999)
})

test('a library without a model is described anew, too, but not where that is wrong', async (t) => {
  const library = join(home, 'few')
  await indexed(t, library, former, photos)
  const here = await opened(t, library, unfit)
  await assert.rejects(here.engine.learner.describeAnew('8-bit'), (error) =>
    isFault(error, 'device')
  )
  await here.close()
  assert.deepEqual(described(library).backbones, [FLOAT.sha256])
  const { engine, close } = await opened(t, library, SHIPPED)
  await engine.learner.describeAnew('8-bit')
  await engine.idle()
  assert.ok((await kinOf(engine, { parts: [{ of: { id: 1 }, weight: 1 }], top: 3 })).length === 3)
  await close()
  assert.equal(described(library).own, EIGHT_BIT.sha256)
})

test('where no way is right, photos wait and nothing is described otherwise', async (t) => {
  const library = join(home, 'moved')
  inEightBits(library)
  await indexed(t, library, SHIPPED, photos)
  const { engine, close } = await opened(t, library, unfit)
  await engine.addFolder(more)
  const { waits } = await whenProgress(engine, (progress) => progress.waits.length > 0)
  assert.deepEqual(
    waits.map(({ fault }) => [fault.kind, fault.about]),
    [['device', 'program']]
  )
  const kin = await kinOf(engine, { parts: [{ of: { id: 1 }, weight: 1 }], top: 3 })
  assert.equal(kin.length, 3, 'photos that are known are found')
  await close()
  assert.deepEqual(described(library).backbones, [EIGHT_BIT.sha256])

  const back = await opened(t, library, SHIPPED)
  await back.engine.tryNow()
  await back.engine.idle()
  await whenProgress(back.engine, isWell)
  assert.equal(back.engine.status().indexed, 2 * PHOTOS)
  await back.close()
  assert.deepEqual(described(library).backbones, [EIGHT_BIT.sha256])
})
