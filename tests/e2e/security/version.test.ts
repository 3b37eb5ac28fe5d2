// Checklist 16: the Electron that is shipped is a current one.
import test from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../support/electron.ts'

// Raise it with each security release that is taken; never lower it.
const LEAST_ELECTRON = [45, 4, 1]

test('the locked Electron is not older than the recorded minimum', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; devDependencies?: Record<string, string> }>
  }
  const locked = lock.packages['node_modules/electron']?.version ?? '0.0.0'
  assert.equal(lock.packages['']?.devDependencies?.electron, locked, 'pinned exactly')
  const version = locked.split('.').map(Number)
  const newer = version.findIndex((part, index) => part !== LEAST_ELECTRON[index])
  assert.ok(newer === -1 || (version[newer] ?? 0) > (LEAST_ELECTRON[newer] ?? 0), locked)
})
