// `kindred export` as a user runs it: what it says and leaves when it is done, refused, stopped or
// killed. tests/engines reads what it writes with other programs.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { exportLibrary } from '../../../main/cli/export/export-library.ts'
import type { Format } from '../../../main/cli/export/export-library.ts'
import { lookInto } from '../../../main/engine/look-only.ts'
import { kindred, startKindred } from '../../support/kindred.ts'
import type { Started } from '../../support/kindred.ts'
import { largeLibrary } from '../../support/large-library.ts'
import { addIndexed, temporaryFolder } from '../../support/library.ts'

const PHOTOS = 40_000 // an export to Parquet takes seconds
const home = mkdtempSync(join(tmpdir(), 'kindred-export-'))
const library = join(home, 'library')

before(() => largeLibrary(library, PHOTOS))
after(() => rmSync(home, { recursive: true, force: true }))

const Answer = v.object({
  folder: v.string(),
  photos: v.number(),
  files: v.array(v.string()),
  bytes: v.number()
})

test('arrays: all photos in their order, while the library is open elsewhere', async () => {
  const held = openCatalogue(library)
  const folder = join(home, 'npy')
  const ran = await kindred('export', '--to', 'npy', folder, '--library', library, '--json')
  held.close()
  assert.equal(ran.code, 0, ran.stderr)
  assert.match(ran.stderr, /of 40000 photos written/)
  const answer = v.parse(Answer, JSON.parse(ran.stdout))
  assert.deepEqual([answer.folder, answer.photos], [folder, PHOTOS])
  assert.deepEqual(readdirSync(folder).sort(), [...answer.files].sort())
  const sizes = answer.files.map((name) => statSync(join(folder, name)).size)
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    answer.bytes
  )
  assert.equal(statSync(join(folder, 'descriptors.npy')).size, 128 + PHOTOS * 256)
  const lines = readFileSync(join(folder, 'photos.jsonl'), 'utf8').trimEnd().split('\n')
  assert.equal(lines.length, PHOTOS)
  assert.deepEqual(JSON.parse(lines[PHOTOS - 1]!).path, '/nowhere/Photos/all/39999.jpg')
})

/** Starts an export to Parquet and waits until photos are being written. */
async function begun(folder: string): Promise<Started> {
  const started = startKindred('export', '--to', 'parquet', folder, '--library', library)
  const path = join(folder, 'photos.parquet.kindred-unfinished')
  const size = (): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
  while (started.child.exitCode === null && size() === 0) await sleep(5)
  return started
}

test('stopped by Ctrl-C it leaves nothing; killed, nothing under its own name', async () => {
  const folder = join(home, 'stopped')
  const stopped = await begun(folder)
  stopped.child.kill('SIGINT')
  const ran = await stopped.ended
  assert.equal(ran.code, 130, ran.stderr)
  assert.match(ran.stderr, /stopping; what was written is removed/)
  assert.equal(existsSync(folder), false)

  const killed = await begun(folder)
  killed.child.kill('SIGKILL')
  await killed.ended
  const left = readdirSync(folder)
  assert.ok(left.length > 0)
  assert.ok(left.every((name) => name.endsWith('.kindred-unfinished')))
  const again = await kindred('export', '--to', 'faiss', folder, '--library', library)
  assert.equal(again.code, 0, again.stderr)
  assert.match(again.stdout, /^40000 photos are in .* \(\d+\.\d MB\): index\.faiss, /)
  assert.ok(readdirSync(folder).every((name) => !name.endsWith('.kindred-unfinished')))

  const refused = await kindred('export', '--to', 'npy', folder, '--library', library)
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /expected a folder that is new or empty, got one that holds/)
})

test('a library without a model goes to Parquet and NumPy; an empty one nowhere', async (t) => {
  const small = temporaryFolder(t)
  const catalogue = openCatalogue(small)
  const view = await lookInto(small)
  const to = (format: Format) =>
    exportLibrary(view.snapshot(), format, join(small, format), () => undefined)
  await assert.rejects(to('npy'), /expected a library with indexed photos/)
  addIndexed(catalogue, catalogue.folders.add('/photos', 'photos'), 'a.jpg')
  for (const format of ['parquet', 'npy'] as const) {
    assert.equal((await to(format)).photos, 1)
    const card = readFileSync(join(small, format, 'export.json'), 'utf8')
    assert.match(card, /"photos": 1,\s+"model": null/)
  }
  await assert.rejects(to('faiss'), /expected a library with codes, .* got 1 photos without codes/)
  assert.equal(existsSync(join(small, 'faiss')), false)
  await view.close()
  catalogue.close()
})

test('an unknown format is wrong usage, and names those there are', async () => {
  const wrong = await kindred('export', '--to', 'csv', join(home, 'csv'), '--library', library)
  assert.equal(wrong.code, 2)
  assert.match(wrong.stderr, /parquet, npy, faiss/)
})
