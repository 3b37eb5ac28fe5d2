// The bench that makes a large library without photos, in a process of its own: what it leaves when
// it is killed, and that the command line can use the library it makes.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { kindred, simulate, startSimulation } from '../../support/kindred.ts'

const home = mkdtempSync(join(tmpdir(), 'kindred-simulate-'))
after(() => rmSync(home, { recursive: true, force: true }))

test('a simulation cut short leaves no library; a whole one has photos and kin', async () => {
  const library = join(home, 'simulated')
  const { child, ended } = startSimulation('--photos', '2000000', '--library', library)
  const unfinished = join(library, 'kindred.sqlite.unfinished')
  while (child.exitCode === null && !existsSync(unfinished)) await sleep(20)
  child.kill('SIGKILL')
  await ended
  assert.ok(existsSync(unfinished))
  assert.equal((await kindred('status', '--library', library)).code, 1, 'it is no library')

  const ran = await simulate('--photos', '700', '--library', library, '--json')
  assert.equal(ran.code, 0, ran.stderr)
  assert.match(ran.stderr, /begun anew/)
  assert.equal(v.parse(v.object({ photos: v.number() }), JSON.parse(ran.stdout)).photos, 700)
  assert.deepEqual(readdirSync(library).sort(), ['kindred.lock', 'kindred.sqlite', 'thumbnails'])
  const names = readdirSync(join(library, 'thumbnails'), { recursive: true, encoding: 'utf8' })
  assert.ok(names.filter((name) => name.endsWith('.jpg')).length >= 700, 'each photo has its own')
  const status = await kindred('status', '--library', library)
  assert.match(status.stdout, /700 photos: 700 indexed, 0 pending/)
  const found = await kindred('similar', '600', '--library', library, '--json')
  const { kin } = v.parse(v.object({ kin: v.array(v.unknown()) }), JSON.parse(found.stdout))
  assert.equal(kin.length, 20)

  const again = await simulate('--photos', '5', '--library', library)
  assert.equal(again.code, 1)
  assert.match(again.stderr, /expected a new library/)
})

test('what is missing is named, and nothing is made', async () => {
  const nameless = await simulate('--photos', '5')
  assert.equal(nameless.code, 1)
  assert.match(nameless.stderr, /--library: expected/)
  const countless = await simulate('--photos', 'many', '--library', join(home, 'none'))
  assert.equal(countless.code, 1)
  assert.match(countless.stderr, /--photos: expected a whole number/)
  assert.equal(existsSync(join(home, 'none')), false)
})
