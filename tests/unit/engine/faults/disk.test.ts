// Touches of a person's folders leave nothing open, whatever the disk says.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { readPieces } from '../../../../main/engine/faults/disk.ts'
import { temporaryFolder } from '../../../support/library.ts'

const OPEN = '/proc/self/fd'

function isOpen(path: string): boolean {
  return readdirSync(OPEN).some((one) => {
    const at = join(OPEN, one)
    return existsSync(at) && readlinkSync(at) === path
  })
}

test('what is read piece by piece is closed: read, left in the middle, or refused', {
  skip: !existsSync(OPEN) && 'the system does not tell what is open'
}, async (context) => {
  const folder = temporaryFolder(context)
  const path = join(folder, 'a.jpg')
  writeFileSync(path, new Uint8Array(3 * 2 ** 20))
  let bytes = 0
  for await (const piece of readPieces(path, true)) bytes += piece.length
  assert.deepEqual([bytes, isOpen(path)], [3 * 2 ** 20, false])
  for await (const _ of readPieces(path, true)) {
    assert.ok(isOpen(path))
    break
  }
  while (isOpen(path)) await sleep(10) // nobody waits for that
  const refused = async (): Promise<void> => {
    for await (const _ of readPieces(folder, true)) assert.fail('a directory has no bytes')
  }
  await assert.rejects(refused)
  assert.equal(isOpen(folder), false)
})
