// Which Electron is taken, and what it counts as. A folder that somebody names is looked into: the
// runtime for tests says that it is one, by whatever way it was chosen.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../support/library.ts'

function runtimeOf(folder: string): string {
  const script = `
    import { ensureRuntime } from './main/setup/runtime.mjs'
    console.log((await ensureRuntime()).origin)`
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { encoding: 'utf8', env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: folder } }
  )
  return stdout.trim() || stderr
}

test('an Electron that was named is taken; the runtime for tests counts as such', (context) => {
  const folder = join(temporaryFolder(context), 'dist')
  mkdirSync(folder)
  assert.match(runtimeOf(folder), /ELECTRON_OVERRIDE_DIST_PATH: there is no/)
  writeFileSync(join(folder, 'electron'), '')
  assert.equal(runtimeOf(folder), 'override')
  writeFileSync(join(folder, 'version'), '45.0.0')
  assert.equal(runtimeOf(folder), 'override')
  writeFileSync(join(folder, 'version'), '33.4.11\n')
  assert.equal(runtimeOf(folder), 'test')
})
