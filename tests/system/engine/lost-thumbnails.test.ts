// Thumbnails that are lost, in an engine with a real compute process: made again as soon as the
// photo's file is at hand.
import assert from 'node:assert/strict'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { createEngine } from '../../../main/engine/engine.ts'
import { connect } from '../../../main/wire/channel.ts'
import { engineContract, engineControlContract } from '../../../main/wire/engine-contract.ts'
import { portPair } from '../../../main/wire/port.ts'
import { nameAt, thumbnailFile } from '../../../main/wire/thumbnail.ts'
import { superviseCompute } from '../../support/compute.ts'
import { temporaryFolder } from '../../support/library.ts'
import { makePhotos } from '../../support/photos.ts'

test('a folder that was away for less than a scan gives its thumbnails again', async (t) => {
  const [home, library] = [temporaryFolder(t), temporaryFolder(t)]
  const photos = join(home, 'photos')
  await makePhotos(photos, 3, { size: 96 })
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const [pageEnd, enginePage] = portPair()
  const [controlEnd, engineControl] = portPair()
  engine.servePage(enginePage)
  engine.serveControl(engineControl)
  const page = connect(pageEnd, engineContract)
  const control = connect(controlEnd, engineControlContract)
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  t.after(async () => {
    await engine.close()
    await compute.stop()
  })
  await engine.addFolder(photos)
  await engine.idle()
  const { thumbnails } = await page.call('layout', {})
  const name = nameAt(thumbnails, 0)
  assert.ok(name)
  const file = join(library, 'thumbnails', thumbnailFile(name))

  renameSync(photos, join(home, 'elsewhere'))
  rmSync(file)
  assert.deepEqual(await control.call('remakeThumbnail', { name, kind: 'thumb' }), { made: false })
  renameSync(join(home, 'elsewhere'), photos) // no scan saw that it was away
  const hope = new Promise((resolve) => page.on('thumbnails', resolve))
  await engine.rescan()
  assert.deepEqual(await hope, { names: [name] })
  assert.deepEqual(await control.call('remakeThumbnail', { name, kind: 'thumb' }), { made: true })
  assert.ok(existsSync(file))
})
