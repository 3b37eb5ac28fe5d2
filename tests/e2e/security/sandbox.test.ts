// Checklist 4: every window runs in Chromium's sandbox, as the system's kernel tells it. Root
// cannot have that sandbox, so under root the app is started as another user, from a copy that this
// user may read.
import test, { type TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ROOT, electronExecutable, temporaryFolder } from '../../support/electron.ts'
import { makePhotos } from '../../support/photos.ts'

const NOBODY = 65534
/** What engine and compute load, and what this machine has no use for. */
const MODULES = [
  '@photostructure',
  'long',
  'node-gyp-build',
  'onnxruntime-common',
  'onnxruntime-node',
  'protobufjs'
]
const UNUSED = /napi-v6\/(darwin|win32)$|sqlite\/(src|vendor|deps)$/

/** A copy of runtime and app that everyone may read, and a home for whoever runs it. */
function copyForNobody(t: TestContext): string {
  const folder = temporaryFolder(t, 'nobody')
  chmodSync(folder, 0o755)
  execFileSync('cp', ['-rL', dirname(electronExecutable()), join(folder, 'electron')])
  cpSync(join(ROOT, 'out'), join(folder, 'app/out'), { recursive: true })
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'app/package.json'))
  for (const path of ['model/backbones', ...MODULES.map((name) => `node_modules/${name}`)])
    cpSync(join(ROOT, path), join(folder, 'app', path), {
      recursive: true,
      dereference: true,
      filter: (from) => !UNUSED.test(from)
    })
  execFileSync('chmod', ['-R', 'a+rX', folder])
  mkdirSync(join(folder, 'home'))
  // The display is opened with a key file; this user gets one of its own.
  if (process.env.XAUTHORITY) copyFileSync(process.env.XAUTHORITY, join(folder, 'home/.Xauthority'))
  for (const path of ['home', ...readdirSync(join(folder, 'home')).map((name) => `home/${name}`)])
    chownSync(join(folder, path), NOBODY, NOBODY)
  return folder
}

/** What the kernel says of each window's process whose command line begins with `executable`. */
function rendererStates(executable: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        if (!command.startsWith(executable) || !command.includes('--type=renderer')) return []
        const status = readFileSync(`/proc/${pid}/status`, 'utf8')
        return [(status.match(/^(Seccomp|NoNewPrivs):\t\d/gm) ?? []).sort().join(' ')]
      } catch {
        return [] // it ended while we looked
      }
    })
}

test('both windows run in the sandbox', { skip: process.platform !== 'linux' }, async (t) => {
  const isRoot = process.getuid?.() === 0
  let quit: () => Promise<void> = () => Promise.resolve()
  t.after(() => quit()) // before the folder goes
  const folder = copyForNobody(t)
  const executable = join(folder, 'electron/electron')
  const home = join(folder, 'home')
  const photos = join(folder, 'photos')
  await makePhotos(photos, 1) // for there to be a decoder
  execFileSync('chmod', ['-R', 'a+rX', photos])
  const app = spawn(executable, [join(folder, 'app'), photos], {
    cwd: folder,
    stdio: 'ignore',
    env: {
      ...process.env,
      HOME: home,
      XAUTHORITY: join(home, '.Xauthority'),
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_RUNTIME_DIR: home
    },
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {})
  })
  const ended = new Promise<void>((resolve) => app.once('close', () => resolve()))
  quit = async () => {
    app.kill()
    await ended
  }
  const sandboxed = 'NoNewPrivs:\t1 Seccomp:\t2'
  let states: string[] = []
  for (let tries = 0; tries < 300 && app.exitCode === null; tries++) {
    states = rendererStates(executable)
    if (states.length === 2 && states.every((state) => state === sandboxed)) break
    await wait(100)
  }
  assert.deepEqual(states, [sandboxed, sandboxed])
})
