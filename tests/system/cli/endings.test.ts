// How commands end, in processes of their own: where nobody reads what they say, on a full disk, by
// Ctrl-C, and where another has the library. What the system and the runtime do there differs.
import assert from 'node:assert/strict'
import { type StdioOptions, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import * as v from 'valibot'
import { kindred, startKindred } from '../../support/kindred.ts'
import { makePhotos } from '../../support/photos.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Indexed = v.looseObject({ indexed: count })

const home = mkdtempSync(join(tmpdir(), 'kindred-endings-'))
const folder = join(home, 'photos')
const library = join(home, 'library')
const FEW = 12
const MORE = 320 // seconds of work on any machine, so that a command can be caught in the middle

before(async () => {
  mkdirSync(folder)
  await makePhotos(folder, FEW, { seed: 7, size: 96 })
  writeFileSync(join(folder, 'broken.jpg'), 'this is no photo')
  const ran = await kindred('index', folder, '--library', library, '--json')
  assert.equal(ran.code, 0, ran.stderr)
})
after(() => rmSync(home, { recursive: true, force: true }))

test('it ends quietly where nobody reads its answer, and works on where nobody reads progress', async () => {
  const unread = startKindred('failed', '--library', library, '--json')
  unread.child.stdout?.destroy()
  assert.deepEqual(await unread.ended, { code: 141, stdout: '', stderr: '' })
  const working = startKindred('index', folder, '--library', join(home, 'unread'), '--json')
  working.child.stderr?.destroy()
  const { code, stdout } = await working.ended
  assert.deepEqual([code, v.parse(Indexed, JSON.parse(stdout)).indexed], [0, FEW])
})

/** Ends with its code; what is not for the full disk comes back. */
function onFullDisk(full: 'stdout' | 'stderr', ...args: string[]) {
  const disk = openSync('/dev/full', 'w')
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe']
  stdio[full === 'stdout' ? 1 : 2] = disk
  const command = ['main/setup/kindred.mjs', ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    stdio,
    encoding: 'utf8'
  })
  closeSync(disk)
  return { status, text: full === 'stdout' ? stderr : stdout }
}

const noDevice = existsSync('/dev/full') ? false : 'no /dev/full'

test('a disk too full for the answer is a fault, one too full for progress is nothing', {
  skip: noDevice
}, () => {
  const unsaved = onFullDisk('stdout', 'failed', '--library', library, '--json')
  assert.equal(unsaved.status, 1)
  assert.match(unsaved.text, /(^|\n)kindred: standard output: The disk is full\..*\n$/)
  const working = ['index', folder, '--library', join(home, 'full-log'), '--json']
  const { status, text } = onFullDisk('stderr', ...working)
  assert.deepEqual([status, v.parse(Indexed, JSON.parse(text)).indexed], [0, FEW])
})

test('two commands do not write to a library at once; Ctrl-C keeps what was done', async () => {
  const more = join(home, 'more')
  mkdirSync(more)
  await makePhotos(more, MORE, { seed: 8, size: 400 })
  const { child, ended } = startKindred('index', more, '--library', library)
  await new Promise<void>((resolve) => {
    child.stderr?.on('data', (text: string) => /indexing: \d+ of [1-9]/.test(text) && resolve())
    child.once('exit', () => resolve())
  })
  child.kill('SIGSTOP') // however fast this machine is, it holds the library now
  const second = await kindred('index', more, '--library', library)
  assert.equal(second.code, 1)
  assert.match(second.stderr, /library/)
  const looks = await kindred('status', '--library', library, '--json')
  assert.equal(looks.code, 0, 'who only looks may')
  child.kill('SIGINT')
  child.kill('SIGCONT')
  const interrupted = await ended
  assert.deepEqual([interrupted.code, interrupted.stdout], [130, ''])
  assert.doesNotMatch(interrupted.stderr, /error of ours/)
  const told = await kindred('status', '--library', library, '--json')
  assert.equal(told.code, 0, told.stderr)
  const status = v.parse(v.looseObject({ indexed: count, pending: count }), JSON.parse(told.stdout))
  assert.equal(status.indexed + status.pending, FEW + MORE)
  const resumed = await kindred('index', more, '--library', library, '--json')
  assert.equal(resumed.code, 0, resumed.stderr)
  assert.equal(v.parse(Indexed, JSON.parse(resumed.stdout)).indexed, FEW + MORE)
})
