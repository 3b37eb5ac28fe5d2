// Finding again what the trash took. Real folders and files, as the trash specification has them.
import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { findTrashed } from '../../../main/app/files/trashed.ts'
import { temporaryFolder } from '../../support/library.ts'

const skip = process.platform === 'linux' ? false : 'the trash of freedesktop.org is on Linux only'
const NOW = 1.7e12

/** An empty trash of the home folder, until the end of the test. */
function trashOf(context: TestContext): string {
  const data = temporaryFolder(context)
  const before = process.env['XDG_DATA_HOME']
  process.env['XDG_DATA_HOME'] = data
  context.after(() => {
    if (before === undefined) delete process.env['XDG_DATA_HOME']
    else process.env['XDG_DATA_HOME'] = before
  })
  mkdirSync(join(data, 'Trash/info'), { recursive: true })
  return join(data, 'Trash')
}

function put(trash: string, name: string, path: string, at = NOW): void {
  const info = join(trash, 'info', `${name}.trashinfo`)
  writeFileSync(info, `[Trash Info]\nPath=${encodeURI(path)}\nDeletionDate=2023-11-14T22:13:20\n`)
  utimesSync(info, at / 1000, at / 1000)
}

test('the latest of a path is found, whatever its name became', { skip }, async (context) => {
  const trash = trashOf(context)
  const found = async (path: string): Promise<string | undefined> =>
    (await findTrashed(path, NOW))?.path.slice(trash.length)
  put(trash, 'a.b.jpg', '/photos/a.b.jpg', NOW - 10)
  put(trash, 'a.2.b.jpg', '/photos/a.b.jpg') // as GLib counts
  assert.equal(await found('/photos/a.b.jpg'), '/files/a.2.b.jpg')
  put(trash, 'c (1).jpg', '/photos/c (1).jpg', NOW - 10)
  put(trash, 'c (2).jpg', '/photos/c (1).jpg') // as KDE counts
  assert.equal(await found('/photos/c (1).jpg'), '/files/c (2).jpg')
  put(trash, 'd.jpg', '/photos/d.jpg', NOW - 120_000)
  assert.equal(await found('/photos/d.jpg'), undefined)
})

test('only entries that begin as the file are looked at', { skip }, async (context) => {
  const trash = trashOf(context)
  put(trash, 'other.jpg', '/photos/a.jpg')
  assert.equal(await findTrashed('/photos/a.jpg', NOW), undefined)
})

test('entries that went, or cannot be read, are passed over', { skip }, async (context) => {
  const trash = trashOf(context)
  symlinkSync('/nowhere', join(trash, 'info/a.2.jpg.trashinfo'))
  mkdirSync(join(trash, 'info/a.3.jpg.trashinfo'))
  writeFileSync(join(trash, 'info/a.4.jpg.trashinfo'), '[Trash Info]\nPath=%E0%A4%A\n')
  put(trash, 'a.jpg', '/photos/a.jpg')
  assert.equal((await findTrashed('/photos/a.jpg', NOW))?.path, join(trash, 'files/a.jpg'))
})
