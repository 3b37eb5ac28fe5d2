// Waiting for the disk: Windows syncs only what is open for writing, and no directory. On Linux a
// directory cannot be opened for writing either, which tells how it was opened.
import assert from 'node:assert/strict'
import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { syncDirectory, synced } from '../../../../main/engine/moving/synced.ts'
import { temporaryFolder } from '../../../support/library.ts'

test('on Windows files are opened for writing, and directories are left out', async (context) => {
  const folder = temporaryFolder(context)
  await synced(folder, 'linux')
  await assert.rejects(synced(folder, 'win32'), { code: 'EISDIR' })
  await syncDirectory(folder, 'win32')
  await syncDirectory(folder, 'linux')
})

test('a file that may not be written is synced, and may not be written after', async (context) => {
  const path = join(temporaryFolder(context), 'a.jpg')
  writeFileSync(path, 'photo')
  chmodSync(path, 0o444)
  for (const platform of ['linux', 'win32'] as const) {
    await synced(path, platform)
    assert.equal(statSync(path).mode & 0o777, 0o444)
  }
})
