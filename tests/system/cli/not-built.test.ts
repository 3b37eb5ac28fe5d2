// The command line where it cannot be built, in a copy of the project: it says so in a line, and
// runs from its sources.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../../support/library.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const NEEDED = ['main', 'model', 'renderer', 'package.json', 'package-lock.json', 'tsconfig.json']

function copyOfProject(context: TestContext): string {
  const copy = temporaryFolder(context)
  for (const name of [...NEEDED, 'electron.config.ts'])
    cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
  return copy
}

function help(copy: string) {
  const script = join(copy, 'main/setup/kindred.mjs')
  const args = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', script, '--help']
  return spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' })
}

test('where there is no writing into out/, it says so and runs', (context) => {
  const copy = copyOfProject(context)
  writeFileSync(join(copy, 'out'), 'a file where the folder should be')
  const ran = help(copy)
  assert.match(ran.stderr, /^kindred: the command line was not built, .*out.*\n$/)
  assert.match(ran.stdout, /^Usage: kindred/)
  assert.equal(ran.status, 0)
})

test('where the build fails, it says so, runs, and leaves nothing half', (context) => {
  const copy = copyOfProject(context)
  mkdirSync(join(copy, 'out'))
  rmSync(join(copy, 'main/engine/mapping/map-thread.ts'))
  const ran = help(copy)
  assert.match(ran.stderr, /map-thread/)
  assert.match(ran.stderr, /\nkindred: the command line was not built, .* ended with 1\n$/)
  assert.match(ran.stdout, /^Usage: kindred/)
  assert.equal(ran.status, 0)
  assert.deepEqual(readdirSync(join(copy, 'out')), [])
})
