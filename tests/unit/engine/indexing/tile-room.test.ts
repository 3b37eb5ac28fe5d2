// The pictures of large tiles never take much more disk than they may.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { createTileRoom } from '../../../../main/engine/indexing/tile-room.ts'
import { thumbnailPath } from '../../../../main/wire/thumbnail.ts'
import { hashOf, temporaryFolder } from '../../../support/library.ts'

const BYTES = 1000

test('the oldest go when there are too many, those made before as well', async (t) => {
  const folder = join(temporaryFolder(t), 'tiles')
  const errors: unknown[] = []
  const make = (name: string, seconds: number): string => {
    const path = thumbnailPath(folder, hashOf(name))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, Buffer.alloc(BYTES))
    utimesSync(path, seconds, seconds)
    return path
  }
  const left = (): number =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.jpg'))
      .length
  const names = Array.from({ length: 12 }, (_, i) => `photo ${i}`)
  for (const [i, name] of names.slice(0, 7).entries()) make(name, 1000 - i)
  const room = createTileRoom(folder, (error) => errors.push(error), 8 * BYTES)
  make('photo 7', 1001)
  await room.grew(hashOf('photo 7'))
  assert.equal(left(), 8, 'as many as may be')
  make('photo 8', 1002)
  await room.grew(hashOf('photo 8'))
  assert.equal(left(), 6, 'three quarters of it')
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const name of ['photo 0', 'photo 7', 'photo 8'])
    assert.ok(all.some((one) => one.endsWith(`${hashOf(name).slice(0, 32)}.jpg`)), name)
  for (const name of names.slice(9)) make(name, 2000)
  await Promise.all(names.slice(9).map((name) => room.grew(hashOf(name))))
  assert.ok(left() >= 6 && left() <= 8, `${left()}`)
  assert.deepEqual(errors, [])
})
