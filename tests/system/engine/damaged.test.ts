// A library whose stored quantizer fails its checks: it opens, answers from features, and the model
// is let go, so that one is fitted again; a command that only looks changes nothing, not even when
// the backbone is another than that of the library.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { ModelRow } from '../../../main/catalogue/model-table.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { lookInto } from '../../../main/engine/look-only.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { serialiseQuantizer } from '../../../model/retrieval.ts'
import { superviseCompute } from '../../support/compute.ts'
import { addIndexed, ask, kinOf, modelRecord, temporaryFolder } from '../../support/library.ts'
import { makePhotos } from '../../support/photos.ts'
import { fitted } from '../../support/quantizers.ts'

/** A library of three photos with a serving model; by default its weights are no real ones. */
function libraryOf(context: TestContext, record = modelRecord()): string {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  // Folders that are not there: their photos are kept.
  const folder = catalogue.folders.add(join(library, 'unplugged'), 'photos')
  const model = catalogue.models.add('first', record, 0)
  assert.ok(catalogue.models.swap(model))
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) addIndexed(catalogue, folder, name)
  catalogue.close()
  return library
}

function statesOf(library: string): ModelRow['state'][] {
  const catalogue = openCatalogue(library)
  const states = catalogue.models.list().map(({ state }) => state)
  catalogue.close()
  return states
}

for (const readOnly of [true, false])
  test(`a damaged model does not serve${readOnly ? '; looking keeps it' : ''}`, async (context) => {
    const library = libraryOf(context)
    const engine = await (readOnly ? lookInto(library) : createEngine({ library, watch: false }))
    const { indexed, model } = engine.status()
    assert.deepEqual([indexed, model], [3, null])
    assert.equal((await kinOf(engine, ask({ id: 1 }, 5))).length, 2, 'by features')
    await engine.close()
    assert.deepEqual(statesOf(library), [readOnly ? 'serving' : 'retired'])
  })

test('looking with another backbone retires nothing and queues nothing again', async (context) => {
  const library = libraryOf(context, serialiseQuantizer(await fitted(300, 32)))
  const engine = await lookInto(library)
  assert.ok(engine.status().model)
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  context.after(() => compute.stop())
  const [outside = ''] = await makePhotos(temporaryFolder(context), 1, { size: 80 })
  assert.deepEqual(await kinOf(engine, ask({ path: outside }, 5)), [], 'compute is there')
  assert.equal(engine.status().model, null, 'features of this backbone are not in the library')
  assert.equal(engine.status().pending, 0)
  await engine.close()
  assert.deepEqual(statesOf(library), ['serving'])
})

test('looking at a library that is not there makes none', async (context) => {
  const library = join(temporaryFolder(context), 'typo')
  const opening = lookInto(library)
  await assert.rejects(opening, (error) => isFault(error, 'not-found'))
  assert.equal(existsSync(library), false)
})
