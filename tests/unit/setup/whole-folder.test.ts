// Folders of builds: whole or not there, never changed under those who use them, and gone after a
// day without use.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { wholeFolder } from '../../../main/setup/whole-folder.mjs'
import { temporaryFolder } from '../../support/library.ts'

const HOUR = 60 * 60

function age(path: string, hours: number): void {
  const then = Date.now() / 1000 - hours * HOUR
  utimesSync(path, then, then)
}

test('two that build at once get one folder, and the first stays as it is', async (context) => {
  const home = temporaryFolder(context)
  const base = join(home, 'out/build')
  const build = (name: string, ms: number) => async (folder: string) => {
    writeFileSync(join(folder, 'first'), name)
    await wait(ms)
    assert.equal(existsSync(`${base}-key`), name === 'slow', `${name} finds none but a whole one`)
    writeFileSync(join(folder, 'last'), name)
  }
  const found = await Promise.all([
    wholeFolder(base, 'key', build('slow', 100)),
    wholeFolder(base, 'key', build('quick', 10))
  ])
  assert.deepEqual(found, [`${base}-key`, `${base}-key`])
  assert.deepEqual(readdirSync(join(home, 'out')), ['build-key'])
  for (const name of ['first', 'last'])
    assert.equal(readFileSync(join(`${base}-key`, name), 'utf8'), 'quick')
  await wholeFolder(base, 'key', () => assert.fail('it is there'))
})

test('a build that failed leaves nothing, and the next begins anew', async (context) => {
  const home = temporaryFolder(context)
  const base = join(home, 'build')
  const failing = wholeFolder(base, 'key', (folder) => {
    writeFileSync(join(folder, 'half'), '')
    throw new Error('no')
  })
  await assert.rejects(failing, /^Error: no$/)
  assert.deepEqual(readdirSync(home), [])
  await wholeFolder(base, 'key', () => undefined)
  assert.deepEqual(readdirSync(home), ['build-key'])
})

test('folders that nobody asked for within a day go, with what was left half', async (context) => {
  const home = temporaryFolder(context)
  const base = join(home, 'build')
  for (const name of ['build', 'build-old', 'build-used', 'build-half-Xy12', 'build-now', 'builder'])
    mkdirSync(join(home, name))
  writeFileSync(join(home, 'build-old/file'), '')
  for (const name of ['build', 'build-old', 'build-used', 'build-half-Xy12', 'builder'])
    age(join(home, name), 25)
  age(join(home, 'build-now'), 23)
  await wholeFolder(base, 'used', () => assert.fail('it is there'))
  await wholeFolder(base, 'new', () => undefined)
  assert.deepEqual(readdirSync(home).sort(), ['build-new', 'build-now', 'build-used', 'builder'])
})
