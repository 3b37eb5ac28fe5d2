// An error that nobody caught ends compute, wherever in it, even where the runtime only warns of it
// (as Electron does since version 37).
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import test from 'node:test'
import { sendTo } from '../../../main/wire/port.ts'
import type { ComputeMessage } from '../../../main/wire/process-messages.ts'
import { ROOT } from '../../support/electron.ts'
import { TYPESCRIPT } from '../../support/typescript.ts'

/**
 * Code that every thread of the process begins with; a rejection in one of them, again and again:
 * the first may come before the thread listens.
 */
function rejection(inMainThread: boolean): string {
  const code = `
    import { isMainThread } from 'node:worker_threads'
    if (isMainThread === ${inMainThread})
      setInterval(() => Promise.reject(new Error('made by a test')), 1000)`
  return `data:text/javascript,${encodeURIComponent(code)}`
}

for (const inMainThread of [true, false])
  test(`a rejection in ${inMainThread ? 'the main' : 'a photo'} thread ends compute`, async () => {
    const child = fork(join(ROOT, 'main/compute/compute-process.ts'), [], {
      cwd: ROOT,
      execArgv: ['--unhandled-rejections=warn', ...TYPESCRIPT, `--import=${rejection(inMainThread)}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc']
    })
    let told = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (told += text))
    const start: ComputeMessage = {
      type: 'start',
      backbones: join(ROOT, 'model/backbones'),
      decoder: 'sharp'
    }
    sendTo(child, start)
    await once(child, 'close')
    assert.equal(child.signalCode, 'SIGKILL')
    assert.match(told, /kindred: compute ends.*made by a test/s)
  })
