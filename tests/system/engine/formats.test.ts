// Files of all formats, good and bad, from a folder shared outside the project: each bad one ends
// as failed with its reason, and the run with them ends well.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import test from 'node:test'
import { createEngine } from '../../../main/engine/engine.ts'
import { superviseCompute } from '../../support/compute.ts'
import { temporaryFolder } from '../../support/library.ts'
import { SHOWN_THOUGH_BAD, sharedFormats } from '../../support/pictures.ts'

test('good files are indexed; bad ones are named', async (context) => {
  if (!sharedFormats) return context.skip('needs ../shared/formats')
  const engine = await createEngine({ library: temporaryFolder(context), watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  try {
    await engine.addFolder(sharedFormats)
    await engine.idle()
    const failed = engine.failed()
    assert.deepEqual(
      failed.map((one) => basename(one.path)).sort(),
      readdirSync(join(sharedFormats, 'bad'))
        .filter((name) => name !== SHOWN_THOUGH_BAD)
        .sort()
    )
    for (const { path, fault } of failed)
      assert.deepEqual([fault.about, fault.passes, fault.subject], ['photo', false, basename(path)])
    const good = readdirSync(join(sharedFormats, 'good')).length
    const { indexed, damaged } = engine.status()
    assert.deepEqual([indexed, damaged], [good + 1, 1], 'one of the bad is shown, and marked')
    assert.equal(compute.starts, 1, 'none of them ends compute')
  } finally {
    await engine.close()
    await compute.stop()
  }
})
