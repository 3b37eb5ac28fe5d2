// What happens besides when compute is told what serves: photos that only another backbone has
// described are put back, and looked for only after something was written.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Catalogue } from '../../../../main/catalogue/catalogue.ts'
import { tellServing } from '../../../../main/engine/models/tell-serving.ts'
import { BACKBONE, fileFacts, hashOf, temporaryCatalogue } from '../../../support/library.ts'
import { partCompute } from '../../../support/part-compute.ts'
import { contextOf } from '../../../support/writer-context.ts'

/** Adds a photo that a backbone has described; its id. */
function describe(catalogue: Catalogue, folder: number, name: string, backbone: string): number {
  const id = catalogue.files.insert(folder, '', fileFacts(name), 0)
  const size = { width: 4, height: 3, capturedAt: null }
  catalogue.work.describe(catalogue.work.task(id)!, { hash: hashOf(name), ...size })
  catalogue.vectors.putFeature(id, backbone, new Uint16Array(8))
  return id
}

test('photos that only another backbone described are put back when some came', async (t) => {
  const catalogue = temporaryCatalogue(t)
  const folder = catalogue.folders.add('/photos', 'photos')
  describe(catalogue, folder, 'own.jpg', BACKBONE)
  let looks = 0
  const { vectors } = catalogue
  const requeueUndescribed = (backbone: string): number => {
    looks++
    return vectors.requeueUndescribed(backbone)
  }
  let told = 0
  const { link } = partCompute({})
  t.after(() => link.close())
  const counted = { ...catalogue, vectors: { ...vectors, requeueUndescribed } }
  const context = contextOf(counted, link, { onPending: () => told++ })
  const tell = async (): Promise<void> => tellServing(context, await link.session())

  await tell()
  await tell()
  assert.deepEqual([looks, told], [1, 0], 'once, since nothing was written')
  const other = describe(catalogue, folder, 'other.jpg', 'c'.repeat(64))
  await tell()
  assert.deepEqual([looks, told], [2, 1])
  assert.deepEqual(catalogue.work.pending(9).map(({ id }) => id), [other])
  await tell()
  assert.equal(looks, 2)
})
