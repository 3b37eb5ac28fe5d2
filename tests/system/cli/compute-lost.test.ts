// The command line when its compute process ends again and again, or cannot start: it says so and
// ends in order.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { kindred, startKindred } from '../../support/kindred.ts'
import { temporaryFolder } from '../../support/library.ts'
import { makePhotos } from '../../support/photos.ts'

const LOOK_EVERY = 20 // ms

/** Process ids of the compute processes that a process has started. */
function computesOf(parent: number | undefined): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const isOfIt = Number(/^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1])
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8')
      return isOfIt === parent && line.includes('compute-process') ? [Number(name)] : []
    } catch {
      return [] // it has ended since
    }
  })
}

test('compute that ends each time is told as a fault, and the library is closed', async (t) => {
  if (process.platform !== 'linux') return t.skip('processes are looked for in /proc')
  const home = temporaryFolder(t)
  const [folder, library] = [join(home, 'photos'), join(home, 'library')]
  mkdirSync(folder)
  await makePhotos(folder, 30, { seed: 3, size: 64 })
  const { child, ended } = startKindred('index', folder, '--library', library)
  let isOver = false
  void ended.then(() => (isOver = true))
  const killed = new Set<number>()
  while (!isOver) {
    for (const pid of computesOf(child.pid)) {
      if (killed.has(pid)) continue
      // The first of them is left alone until it has done something.
      while (!isOver && killed.size === 0 && !existsSync(join(library, 'thumbnails')))
        await sleep(LOOK_EVERY)
      killed.add(pid)
      if (!isOver) process.kill(pid, 'SIGKILL')
    }
    await sleep(LOOK_EVERY)
  }
  const { code, stderr } = await ended
  assert.equal(code, 1, stderr)
  assert.match(stderr, /A part of Kindred ended \d+ times/)
  assert.doesNotMatch(stderr, /\n {4}at |Node\.js v/, 'no trace of the stack')
  const status = await kindred('status', '--library', library, '--json')
  assert.equal(status.code, 0, status.stderr)
  const after = await kindred('index', folder, '--library', library)
  assert.equal(after.code, 0, after.stderr)
  assert.match(after.stderr + after.stdout, /30 of 30 photos are indexed/)
})

test('compute that cannot start ends a command that needs one, and no other', async (t) => {
  const home = temporaryFolder(t)
  const library = join(home, 'library')
  const [inside = ''] = await makePhotos(join(home, 'photos'), 9, { seed: 4, size: 64 })
  const [outside = ''] = await makePhotos(join(home, 'outside'), 1, { seed: 5, size: 64 })
  const indexed = await kindred('index', join(home, 'photos'), '--library', library)
  assert.equal(indexed.code, 0, indexed.stderr)

  const { NODE_OPTIONS = '' } = process.env
  t.after(() => (process.env['NODE_OPTIONS'] = NODE_OPTIONS))
  const code = "if (process.argv[1]?.includes('compute-process')) process.exit(3)"
  process.env['NODE_OPTIONS'] = `--import=data:text/javascript,${encodeURIComponent(code)}`
  const stored = await kindred('similar', inside, '--library', library)
  assert.equal(stored.code, 0, stored.stderr)
  const asked = await kindred('similar', outside, '--library', library)
  assert.deepEqual([asked.code, asked.stdout], [1, ''])
  assert.match(asked.stderr, /A part of Kindred ended 5 times while starting/)
  assert.doesNotMatch(asked.stderr, /\n {4}at |Node\.js v/, 'no trace of the stack')
  const again = await kindred('index', join(home, 'photos'), '--library', library)
  assert.equal(again.code, 1)
  assert.match(again.stderr, /A part of Kindred ended 5 times while starting/)
})
