// A folder whose disk gives errors for a minute, with attempts spaced as in life (10, 20 and 40 s
// of a folder; faulty-folder.test.ts has them shorter): photos that are new, one that was changed
// and one that is looked at again. None fails, no vector is lost, and all goes on by itself. Two
// minutes, in which little is computed.
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import test, { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectCatalogue } from '../../main/catalogue/catalogue.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { superviseCompute } from '../support/compute.ts'
import { atEnd } from '../support/endings.ts'
import { NO_FAULTY_FOLDER, faultyFolder } from '../support/faulty-folder.ts'
import { kinOf } from '../support/library.ts'
import { makePhotos } from '../support/photos.ts'
import { described, isWell, whenProgress } from '../support/waiting.ts'

const KNOWN = 10
const NEW = 30
const MINUTE = 60_000

const home = mkdtempSync(join(tmpdir(), 'kindred-minute-'))
after(() => rmSync(home, { recursive: true, force: true }))

test('a disk gives errors for a minute', { skip: NO_FAULTY_FOLDER }, async (context) => {
  const [disk, shown, library] = [join(home, 'disk'), join(home, 'shown'), join(home, 'library')]
  const known = await makePhotos(disk, KNOWN, { seed: 6, size: 96 })
  const folder = await faultyFolder(context, disk, shown)
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  atEnd(context, async () => {
    await engine.close()
    await compute.stop()
  })
  await engine.addFolder(shown)
  await engine.idle()
  assert.equal(engine.status().indexed, KNOWN)

  const [changed = '', touched = ''] = known
  /** The content of a photo, as the catalogue has it. */
  function hashOf(path: string): string | undefined {
    const catalogue = connectCatalogue(library, 'read')
    try {
      const photo = catalogue.photos.paths(0, 1000).find(({ name }) => name === basename(path))
      return catalogue.photos.place(photo?.id ?? 0)?.hash ?? undefined
    } finally {
      catalogue.close()
    }
  }
  const before = [hashOf(changed), hashOf(touched)]
  assert.ok(before[0] && before[1])

  folder.refuse('read', 'EIO')
  const over = sleep(MINUTE)
  appendFileSync(changed, new Uint8Array(9)) // as an editor does: other bytes, a photo still
  const later = new Date(Date.now() + 5000)
  utimesSync(touched, later, later) // as a backup does: the same bytes
  await makePhotos(disk, NEW, { seed: 7, size: 96 })
  await engine.rescan()
  const { waits } = await whenProgress(engine, (progress) =>
    progress.waits.some(({ fault }) => fault.about === 'folder')
  )
  assert.deepEqual(
    waits.map(({ fault, folder: name, photos }) => [fault.kind, name, photos]),
    [['disk-error', 'shown', NEW + 2]],
    'it is told once'
  )
  async function isAsItWas(): Promise<void> {
    const { failed, indexed } = engine.status()
    assert.deepEqual([failed, indexed], [0, KNOWN - 2])
    assert.equal(described(library), KNOWN, 'no vector is lost')
    for (const path of [changed, touched]) {
      const id = engine.idOf(join(shown, path.slice(disk.length)))
      assert.ok(id)
      const [kin] = await kinOf(engine, { parts: [{ of: { id }, weight: 1 }], top: 1 })
      assert.ok(kin, 'it is asked with, as it was')
    }
  }
  await isAsItWas()
  await over
  await engine.rescan() // as watched folders are
  await isAsItWas()

  folder.obey()
  await whenProgress(engine, isWell)
  const { photos, indexed, failed } = engine.status()
  assert.deepEqual([photos, indexed, failed], [KNOWN + NEW, KNOWN + NEW, 0])
  assert.equal(described(library), KNOWN + NEW)
  assert.notEqual(hashOf(changed), before[0])
  assert.equal(hashOf(touched), before[1])
})
