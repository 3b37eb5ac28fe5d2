// What set-up does about a package of Debian that only some tests need and that cannot be had.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'

const hasApt = spawnSync('apt-get', ['--version']).status === 0
const skip = hasApt ? false : 'packages of Debian are installed with apt-get, which is not here'

test('a package that one can do without ends no set-up, and it is told', { skip }, () => {
  const script = `
    import { tryInstall } from './main/setup/debian.mjs'
    console.log(await tryInstall(['kindred-no-such-package'], 'some tests are skipped'))`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { encoding: 'utf8' }
  )
  assert.deepEqual([status, stdout], [0, 'false\n'], stderr)
  const line = 'kindred: kindred-no-such-package could not be installed: some tests are skipped'
  assert.ok(stderr.includes(line), stderr)
})
