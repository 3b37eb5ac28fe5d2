// The command line where only the dependencies are installed (`npm ci --omit=dev`), without tests
// and the page: in a copy of the project in a temporary folder. npm takes the packages from its
// cache, where the set-up has put them.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { makePhotos } from '../../support/photos.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const NEEDED = ['main', 'model', 'package.json', 'package-lock.json', '.npmrc', 'tsconfig.json']
const DEVELOPERS = ['electron', 'electron-builder', 'vite', 'svelte', 'playwright-core']
const PHOTOS = 8

const home = mkdtempSync(join(tmpdir(), 'kindred-omit-dev-'))
const project = join(home, 'project')
const run = promisify(execFile)

before(async () => {
  for (const name of NEEDED) cpSync(join(root, name), join(project, name), { recursive: true })
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', ['ci', '--omit=dev', '--prefer-offline', ...quiet], { cwd: project })
})
after(() => rmSync(home, { recursive: true, force: true }))

/** The stdout of a command; throws, with what it wrote to stderr, when it fails. */
async function kindred(...args: string[]): Promise<string> {
  const { stdout } = await run('npm', ['run', '-s', 'kindred', '--', ...args], { cwd: project })
  return stdout
}

test('the packages of developers are not there', () => {
  for (const name of DEVELOPERS)
    assert.equal(existsSync(join(project, 'node_modules', name)), false, name)
})

test('it explains itself, indexes photos and finds kin', async () => {
  assert.match(await kindred('--help'), /Usage: kindred/)
  const [photo = ''] = await makePhotos(join(home, 'photos'), PHOTOS, { seed: 5, size: 96 })
  const library = ['--library', join(home, 'library'), '--json']
  const indexed = JSON.parse(await kindred('index', join(home, 'photos'), ...library))
  assert.equal(v.parse(v.object({ indexed: v.number() }), indexed).indexed, PHOTOS)
  const similar = JSON.parse(await kindred('similar', photo, ...library))
  assert.equal(v.parse(v.object({ kin: v.array(v.unknown()) }), similar).kin.length, PHOTOS - 1)
})
