// A library whose stored quantizer fails its checks: it opens, answers from features, and the model
// is let go, so that one is fitted again; a command that only looks changes nothing.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import type { ModelRow } from '../../../main/catalogue/models.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { addIndexed, modelRecord, temporaryFolder } from '../../support/library.ts'

/** A library of three photos; the weights of its serving model are no real ones. */
function damaged(context: TestContext): string {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  // Folders that are not there: their photos are kept.
  const folder = catalogue.folders.add(join(library, 'unplugged'), 'photos')
  const model = catalogue.models.add('first', modelRecord(), 0)
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
    const library = damaged(context)
    const engine = await createEngine({ library, watch: false, readOnly })
    const { indexed, model } = engine.status()
    assert.deepEqual([indexed, model], [3, null])
    assert.equal((await engine.similar({ id: 1 }, 5)).length, 2, 'by features')
    await engine.close()
    assert.deepEqual(statesOf(library), [readOnly ? 'serving' : 'retired'])
  })
