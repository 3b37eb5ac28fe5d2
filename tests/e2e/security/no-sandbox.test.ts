// Where Chromium cannot have its sandbox it stops, and `npm start` says which command mends that.
import test from 'node:test'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ROOT, temporaryFolder } from '../../support/electron.ts'
import { NOBODY, environmentOfNobody, runtimeForNobody } from '../../support/nobody.ts'

const SETUP = join(ROOT, 'main/setup')
/** Runs an executable as `npm start` does: `node -e STARTER <sandbox.mjs> <executable> <args>`. */
const STARTER = `
  const [module, executable, ...args] = process.argv.slice(1)
  import(module).then(async ({ runElectron }) => {
    process.exitCode = await runElectron(executable, args)
  })`

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

test('what Chromium prints when it aborts is recognised, other ends are not', (t) => {
  const folder = temporaryFolder(t, 'abort')
  writeFileSync(join(folder, 'chrome-sandbox'), '')
  const fatal = '[1129/0101.1:FATAL:zygote_host_impl_linux.cc(128)]'
  const noHelper =
    `${fatal} No usable sandbox! If you are running on Ubuntu 23.10+ or another Linux distro that ` +
    'has disabled unprivileged user namespaces with AppArmor, see https://chromium.example.'
  const badHelper =
    `${fatal} The SUID sandbox helper binary was found, but is not configured correctly. Rather ` +
    'than run without sandboxing I\'m aborting now.'
  for (const [text, isRecognised] of [
    [noHelper, true],
    [badHelper, true],
    [`${fatal} Check failed: something else.`, false]
  ] as const) {
    const executable = join(folder, 'electron')
    writeFileSync(executable, `#!/bin/sh\nprintf '%s' "${text}" >&2\nkill -TRAP $$\n`)
    chmodSync(executable, 0o755)
    const { status, stderr } = spawnSync(
      process.execPath,
      ['-e', STARTER, join(SETUP, 'sandbox.mjs'), executable],
      { encoding: 'utf8' }
    )
    assert.equal(status, 1)
    assert.ok(stderr.startsWith(text), 'what it printed is shown')
    assert.equal(/sudo chown root:root '.*chrome-sandbox' && sudo chmod 4755/.test(stderr), isRecognised)
  }
})

/** Resolves when the process is in a user namespace of its own. */
async function untilUnshared(pid: number | undefined): Promise<void> {
  const ours = readlinkSync('/proc/self/ns/user')
  while (readlinkSync(`/proc/${pid}/ns/user`) === ours) await wait(10)
}

/**
 * Starts the runtime as a user who may make no user namespaces: in a user namespace of this test,
 * whose own limit is 0. The machine's limit stays as it is.
 */
async function startWithoutNamespaces(folder: string): Promise<Ended> {
  // The second shell is root there: it is started when root has been mapped.
  const waiting = 'read -r mapped; exec sh -c "$@"'
  const limited = `
    echo 0 > /proc/sys/user/max_user_namespaces || exit 99
    exec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups "$@"`
  const starter = [process.execPath, '-e', STARTER, join(folder, 'setup/sandbox.mjs')]
  const executable = join(folder, 'electron/electron')
  const child = spawn(
    'unshare',
    ['--user', 'sh', '-c', waiting, 'sh', limited, 'sh', ...starter, executable, '--version'],
    { cwd: folder, env: environmentOfNobody(folder) }
  )
  const ended: Ended = { code: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.stderr += text))
  await untilUnshared(child.pid)
  for (const map of ['uid_map', 'gid_map'])
    writeFileSync(`/proc/${child.pid}/${map}`, '0 0 65536') // all ids, as outside
  child.stdin.end('mapped\n')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...ended, code }))
  })
}

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
const skip = isRoot ? false : 'only root on Linux can make these surroundings'
test('in real: without user namespaces it stops, and the line that is printed mends it', { skip }, async (t) => {
  const folder = runtimeForNobody(t)
  cpSync(SETUP, join(folder, 'setup'), { recursive: true })
  const stopped = await startWithoutNamespaces(folder)
  assert.equal(stopped.code, 1, stopped.stderr)
  const helper = join(folder, 'electron/chrome-sandbox')
  const line = `sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`
  assert.ok(stopped.stderr.includes(line), stopped.stderr)
  assert.match(stopped.stderr, /user\.max_user_namespaces is 0/)
  chownSync(helper, 0, 0)
  chmodSync(helper, 0o4755)
  const mended = await startWithoutNamespaces(folder)
  assert.equal(mended.code, 0, mended.stderr)
  assert.match(mended.stdout, /^v\d+\./)
})
