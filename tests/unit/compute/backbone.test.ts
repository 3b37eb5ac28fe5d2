// The backbone rests when no photo comes: its memory is freed, and a later run opens it again.
import assert from 'node:assert/strict'
import { copyFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openBackbone } from '../../../main/compute/backbone-folder.ts'
import { temporaryFolder } from '../../support/library.ts'

const SHIPPED = join(import.meta.dirname, '../../../model/backbones')

test('a backbone that rested gives the same features, from its file again', async (t) => {
  const folder = temporaryFolder(t)
  for (const name of readdirSync(SHIPPED)) copyFileSync(join(SHIPPED, name), join(folder, name))
  const backbone = await openBackbone(folder, 20)
  t.after(() => backbone.dispose())
  const values = new Float32Array(3 * backbone.card.input.size ** 2).map((_, i) => (i % 255) / 255)
  const before = await backbone.run(values, 1)
  await setTimeout(500)
  assert.deepEqual(await backbone.run(values, 1), before)

  await setTimeout(500)
  rmSync(join(folder, backbone.card.file))
  await assert.rejects(backbone.run(values, 1), /ENOENT/, 'it had been closed')
})
