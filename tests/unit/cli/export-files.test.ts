// What exports are written with: files that have their names only when all are whole, and the
// header of an array as NumPy's format describes it.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { UNFINISHED, openExportFolder } from '../../../main/cli/export/export-folder.ts'
import { npyHeader } from '../../../main/cli/export/npy-file.ts'
import { Fault } from '../../../main/wire/fault.ts'
import { temporaryFolder } from '../../support/library.ts'

test('files get their names together, and no earlier', (context) => {
  const path = join(temporaryFolder(context), 'new/deep')
  const folder = openExportFolder(path)
  const file = folder.create('a.npy')
  file.write(Uint8Array.of(1, 2))
  folder.put('b.json', '{}')
  file.write(Uint8Array.of(3))
  assert.deepEqual(readdirSync(path).sort(), [`a.npy${UNFINISHED}`, `b.json${UNFINISHED}`])
  assert.deepEqual(folder.finish(), { files: ['a.npy', 'b.json'], bytes: 5 })
  folder.discard()
  assert.deepEqual(readdirSync(path).sort(), ['a.npy', 'b.json'])
  assert.deepEqual([...readFileSync(join(path, 'a.npy'))], [1, 2, 3])
})

test('what is given up leaves nothing, and the folder if that was there', (context) => {
  const home = temporaryFolder(context)
  const made = openExportFolder(join(home, 'made'))
  made.put('a', 'x')
  made.discard()
  made.discard()
  assert.equal(existsSync(join(home, 'made')), false)
  mkdirSync(join(home, 'there'))
  const there = openExportFolder(join(home, 'there'))
  there.put('a', 'x')
  there.discard()
  assert.deepEqual(readdirSync(join(home, 'there')), [])
})

test('what somebody else puts there stays, and nothing of an export that failed', (context) => {
  const path = join(temporaryFolder(context), 'made')
  const folder = openExportFolder(path)
  for (const name of ['a', 'b', 'c']) folder.put(name, 'x')
  mkdirSync(join(path, 'b')) // so that the second gets no name
  assert.throws(() => folder.finish(), Fault)
  folder.discard()
  folder.discard()
  assert.deepEqual(readdirSync(path), ['b'])
})

test('a folder that is gone hides no fault', (context) => {
  const path = join(temporaryFolder(context), 'made')
  const folder = openExportFolder(path)
  folder.put('a', 'x')
  rmSync(path, { recursive: true })
  assert.doesNotThrow(() => folder.discard())
})

test('a folder that holds something else is refused; what was cut short goes', (context) => {
  const path = temporaryFolder(context)
  writeFileSync(join(path, `photos.parquet${UNFINISHED}`), 'half')
  openExportFolder(path).discard()
  assert.deepEqual(readdirSync(path), [])
  for (const name of ['b', 'a', 'c']) writeFileSync(join(path, name), 'mine')
  const refused = (where: string): Fault => {
    try {
      openExportFolder(where)
    } catch (error) {
      return error instanceof Fault ? error : assert.fail(String(error))
    }
    return assert.fail('it was taken')
  }
  assert.match(refused(path).message, /a folder that is new or empty, got one that holds “a” and 2/)
  assert.match(refused(join(path, 'a')).message, /got a file of that name/)
  assert.equal(refused(join(path, 'a/b')).kind, 'not-found')
  assert.deepEqual(readdirSync(path).sort(), ['a', 'b', 'c'])
})

test('the header of an array fills whole lines and says type and shape', () => {
  const header = Buffer.from(npyHeader('<f2', [3, 128]))
  assert.equal(header.length % 64, 0)
  assert.equal(header.toString('latin1', 0, 8), '\x93NUMPY\x01\x00')
  assert.equal(header.readUInt16LE(8), header.length - 10)
  const text = "{'descr': '<f2', 'fortran_order': False, 'shape': (3, 128, ), }"
  assert.equal(header.toString('latin1', 10).trimEnd(), text)
  assert.equal(header.at(-1), 0x0a)
})
