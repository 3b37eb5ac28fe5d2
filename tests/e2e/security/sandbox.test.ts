// Checklist 4: every window runs in Chromium's sandbox, as the system's kernel tells it. Root
// cannot have that sandbox, so under root the app is started as another user, from a copy that this
// user may read.
import test from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { NOBODY, appForNobody, environmentOfNobody } from '../../support/nobody.ts'
import { makePhotos } from '../../support/photos.ts'

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
  const folder = appForNobody(t)
  const executable = join(folder, 'electron/electron')
  const photos = join(folder, 'photos')
  await makePhotos(photos, 1) // for there to be a decoder
  execFileSync('chmod', ['-R', 'a+rX', photos])
  const app = spawn(executable, [join(folder, 'app'), photos], {
    cwd: folder,
    stdio: 'ignore',
    env: environmentOfNobody(folder),
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {})
  })
  const ended = new Promise<void>((resolve) => app.once('close', () => resolve()))
  quit = async () => {
    app.kill()
    await ended
  }
  const sandboxed = 'NoNewPrivs:\t1 Seccomp:\t2'
  let states: string[] = []
  // However long they take to start; each has its sandbox soon after its process began.
  for (let seen = 0; seen < 300 && app.exitCode === null && app.signalCode === null; ) {
    states = rendererStates(executable)
    if (states.length === 2 && states.every((state) => state === sandboxed)) break
    if (states.length === 2) seen++
    await wait(100)
  }
  assert.deepEqual(states, [sandboxed, sandboxed])
})
