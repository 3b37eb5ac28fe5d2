// Views for learning: of a photo that cannot be read there are none; a device that fails is no
// reason to learn from fewer photos.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { createLearningMeter } from '../../../../main/engine/runs/learning-meter.ts'
import { makeSampleViews } from '../../../../main/engine/runs/photo-views.ts'
import type { Refused } from '../../../../main/wire/compute-contract.ts'
import { isFault } from '../../../../main/wire/fault.ts'
import type { FaultKind } from '../../../../main/wire/fault.ts'
import {
  addIndexed,
  faultRecord,
  modelRecord,
  temporaryCatalogue
} from '../../../support/library.ts'
import { partCompute } from '../../../support/part-compute.ts'
import { contextOf } from '../../../support/writer-context.ts'

/** Asks for views of three photos, of which one meets a fault; those that have views then. */
async function viewed(t: TestContext, kind: FaultKind): Promise<number[]> {
  const catalogue = temporaryCatalogue(t)
  const folder = catalogue.folders.add('/photos', 'photos')
  const ids = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => addIndexed(catalogue, folder, name))
  const { link, far } = partCompute({
    views: ({ photos }) => ({
      outcomes: photos.map(({ id }) =>
        id === ids[1]
          ? ({ outcome: 'refused', id, fault: faultRecord(kind) } satisfies Refused)
          : { outcome: 'viewed' as const, id, views: new Uint16Array(4 * 256) }
      )
    })
  })
  t.after(() => {
    link.close()
    far.close()
  })
  const context = contextOf(catalogue, link)
  const meter = createLearningMeter({
    surroundings: assert.fail,
    secondsAfter: () => 0,
    onFault: assert.ifError
  })
  t.after(() => meter.close())
  const base = { id: catalogue.models.add('first', modelRecord(), 0), record: modelRecord() }
  const { signal } = new AbortController()
  await makeSampleViews({ context, meter }, base, Uint32Array.from(ids), signal)
  const have = catalogue.views.photos(base.id)
  return ids.filter((id) => have.has(id)).map((id) => ids.indexOf(id))
}

test('a photo that cannot be read has no views, the others have', async (t) => {
  assert.deepEqual(await viewed(t, 'corrupt-photo'), [0, 2])
})

for (const kind of ['device', 'system-busy'] as const)
  test(`${kind}: the views are made later`, async (t) => {
    await assert.rejects(viewed(t, kind), (error) => isFault(error, kind))
  })
