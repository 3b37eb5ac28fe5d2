// The small pure parts of app: waits, paths, command line, window bounds, who may ask.
import test from 'node:test'
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Backoff, HEALTHY_MILLISECONDS } from '../../../main/wire/backoff.ts'
import { foldersOf } from '../../../main/app/command-line.ts'
import { isInside } from '../../../main/app/inside.ts'
import { isPageFrame } from '../../../main/app/sender.ts'
import { onScreen, readBounds, writeBounds } from '../../../main/app/window-bounds.ts'

test('each death in a row doubles the wait, up to five seconds; a healthy life forgets them', () => {
  const backoff = new Backoff()
  const waits = Array.from({ length: 9 }, () => backoff.afterDeath(0))
  assert.deepEqual(waits, [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000])
  assert.equal(backoff.afterDeath(HEALTHY_MILLISECONDS), 100)
})

test('inside means below, not beside and not itself', () => {
  assert.ok(isInside('/photos/a.jpg', '/photos'))
  assert.ok(isInside('/photos/..a/b.jpg', '/photos'))
  for (const path of ['/photos', '/photos-other/a.jpg', '/photos/../a.jpg', '/', '/a'])
    assert.equal(isInside(path, '/photos'), false, path)
})

test('folders of the command line: switches are left out, relative ones are meant from here', () => {
  const argv = ['/electron', '.', '--no-sandbox', 'photos', '/mnt/a', '--inspect=0', '..']
  assert.deepEqual(foldersOf(argv, false, '/home/u'), ['/home/u/photos', '/mnt/a', '/home'])
  assert.deepEqual(foldersOf(['/kindred', 'photos'], true, '/home/u'), ['/home/u/photos'])
  assert.deepEqual(foldersOf(['/kindred'], true, '/'), [])
  assert.deepEqual(foldersOf(['/electron', '--x', '.'], false, '/'), [])
})

test('only the main frame of the page may ask', () => {
  const url = 'app://kindred/renderer/index.html'
  assert.ok(isPageFrame({ url, parent: null }))
  assert.equal(isPageFrame({ url, parent: {} }), false, 'a frame inside the page')
  assert.equal(isPageFrame(null), false, 'a frame that is gone')
  for (const foreign of ['https://example.org/', 'about:blank', 'app://decoder/x', 'file:///x', ''])
    assert.equal(isPageFrame({ url: foreign, parent: null }), false, foreign)
})

test('bounds come back as they were kept; what makes no sense does not', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-bounds-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'window.json')
  const first = readBounds(file)
  const kept = { x: 10, y: 20, width: 700, height: 500 }
  writeBounds(file, kept)
  assert.deepEqual(readBounds(file), kept)
  for (const text of [
    '',
    '{',
    '[]',
    '{"width":1,"height":1}',
    '{"width":1e9.5}',
    '{"width":"900"}'
  ]) {
    writeFileSync(file, text)
    assert.deepEqual(readBounds(file), first, text)
  }
})

test('a window whose screen is gone is placed by the system', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]
  const bounds = { x: 100, y: 100, width: 800, height: 600 }
  assert.deepEqual(onScreen(bounds, screens), bounds)
  assert.deepEqual(onScreen({ ...bounds, x: 3000 }, screens), { width: 800, height: 600 })
  assert.deepEqual(onScreen(bounds, []), { width: 800, height: 600 })
  assert.deepEqual(onScreen({ width: 800, height: 600 }, screens), { width: 800, height: 600 })
})
