// What tells that a driver has changed: the files of a folder, whatever is wrong with them.
import assert from 'node:assert/strict'
import { symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { contentsOf, identityOfMachine } from '../../../main/compute/machine-identity.ts'
import { temporaryFolder } from '../../support/library.ts'

test('a folder of drivers is told by names and times; a loose link is no error', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'b.json'), '')
  symlinkSync(join(folder, 'gone'), join(folder, 'a.json'))
  utimesSync(join(folder, 'b.json'), 5, 5)
  assert.deepEqual(await contentsOf(folder), ['a.json ', 'b.json 5000'])
  utimesSync(join(folder, 'b.json'), 6, 6)
  assert.deepEqual(await contentsOf(folder), ['a.json ', 'b.json 6000'])
  assert.deepEqual(await contentsOf(join(folder, 'none')), [])
})

test('the same machine has the same identity', async () => {
  assert.equal(await identityOfMachine(), await identityOfMachine())
})
