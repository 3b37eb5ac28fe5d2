// A folder of many bad files, read at once: each is listed with a reason of its own, in words for
// people; damaged photos of which enough is there are indexed and marked.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import test from 'node:test'
import { createEngine } from '../../../main/engine/engine.ts'
import { faultSentence } from '../../../main/wire/fault-words.ts'
import { badFiles, LIBRARIES } from '../../support/bad-files.ts'
import { superviseCompute } from '../../support/compute.ts'
import { damagedFiles } from '../../support/damaged-files.ts'
import { temporaryFolder } from '../../support/library.ts'

test('of many bad files at once each has its own reason; damage is marked', async (context) => {
  const folder = join(temporaryFolder(context), 'photos')
  mkdirSync(folder)
  const bad = await badFiles(8)
  for (const { name, file } of bad) writeFileSync(join(folder, name), file)
  const damaged = (await damagedFiles()).filter(({ becomes }) => becomes !== 'refused')
  for (const [i, { file }] of damaged.entries()) writeFileSync(join(folder, `damaged-${i}`), file)
  const engine = await createEngine({ library: temporaryFolder(context), watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  try {
    await engine.addFolder(folder)
    await engine.idle()
    const failed = new Map(
      engine.failed().map(({ path, fault }) => [basename(path), faultSentence(fault)])
    )
    assert.deepEqual([...failed.keys()].sort(), bad.map(({ name }) => name).sort())
    for (const { name, reason } of bad) {
      assert.match(failed.get(name)!, reason, name)
      assert.doesNotMatch(failed.get(name)!, LIBRARIES, name)
    }
    const marked = damaged.filter(({ becomes }) => becomes !== 'whole')
    const { indexed, damaged: count } = engine.status()
    assert.deepEqual([indexed, count], [damaged.length, marked.length])
  } finally {
    await engine.close()
    await compute.stop()
  }
})
