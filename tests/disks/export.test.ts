// An export to a disk that is full, or that cannot be written: it says so and leaves nothing.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { Format, exportLibrary } from '../../main/cli/export/export-library.ts'
import { lookInto } from '../../main/engine/look-only.ts'
import { Fault, isFault } from '../../main/wire/fault.ts'
import { endingSentence } from '../../main/wire/fault-words.ts'
import { kindred } from '../support/kindred.ts'
import { largeLibrary } from '../support/large-library.ts'
import { NO_SMALL_DISK, smallDisk } from '../support/small-disk.ts'

const skip = NO_SMALL_DISK
const PHOTOS = 6000 // some 5 MB of arrays

const home = mkdtempSync(join(tmpdir(), 'kindred-export-disk-'))
after(() => rmSync(home, { recursive: true, force: true })) // when the disk is gone

test('a disk that fills up, and one that is read-only', { skip }, async (context) => {
  const library = join(home, 'library')
  await largeLibrary(library, PHOTOS)
  const disk = smallDisk(context, join(home, 'disk'), 2 ** 20)
  const folder = join(home, 'disk/export')
  const full = await kindred('export', '--to', 'npy', folder, '--library', library)
  assert.equal(full.code, 1, full.stderr)
  assert.match(full.stderr, /disk\/export: The disk is full\. Make room, and try again\./)
  assert.deepEqual(readdirSync(join(home, 'disk')), [])

  const answers = await lookInto(library)
  context.after(() => answers.close())
  const write = (format: Format) =>
    exportLibrary(answers.snapshot(), format, folder, () => undefined)
  for (const format of Format.options) {
    await assert.rejects(write(format), (error) => isFault(error, 'disk-full'))
    assert.deepEqual(readdirSync(join(home, 'disk')), [])
  }
  disk.close(true)
  const words = (error: unknown): string =>
    error instanceof Fault ? endingSentence(error.record) : String(error)
  await assert.rejects(write('npy'), (error) => /^The disk of the folder is/.test(words(error)))
  disk.close(false)
  disk.leave(16 * 2 ** 20)
  assert.equal((await write('npy')).photos, PHOTOS)
  assert.ok(existsSync(join(folder, 'codes.npy')))
})
