// A real compute process for tests of the engine: forked as the command line does, started again
// when it dies, as app does. Test code only.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { ensureCommandLine } from '../../main/setup/build.mjs'
import { connect, type Client } from '../../main/wire/channel.ts'
import { computeContract } from '../../main/wire/compute-contract.ts'
import { portOfChild, sendTo } from '../../main/wire/port.ts'
import type { Port } from '../../main/wire/port.ts'
import { POOL } from '../../main/wire/disk/volume-calls.ts'
import type { Patience } from '../../main/wire/disk/volume-calls.ts'
import { ProcessReport } from '../../main/wire/process-messages.ts'
import type { ComputeMessage } from '../../main/wire/process-messages.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Supervised {
  /** Kills the present process as an accident would; it is started again. */
  kill(): void
  /** Of the present process. */
  readonly pid: number
  /** How often it was started. */
  readonly starts: number
  /** Ends it for good. */
  stop(): Promise<void>
}

/**
 * Starts compute and hands its line to `attach`, again after each death.
 * @param backbones folder of the backbone; the project's own when left out
 * @param patience how long it waits for volumes that do not answer
 */
export async function superviseCompute(
  attach: (port: Port) => void,
  backbones = join(ROOT, 'model/backbones'),
  patience?: Patience
): Promise<Supervised> {
  let child: ChildProcess | undefined
  let stopped = false
  let starts = 0
  const compute = join(dirname(await ensureCommandLine()), 'compute-process.js')

  async function launch(): Promise<void> {
    const launched = fork(compute, [], {
      cwd: ROOT,
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...POOL }
    })
    child = launched
    starts++
    launched.once('exit', () => {
      if (!stopped) void launch()
    })
    // Of a line that was closed Node says so where a kill cuts a message short.
    launched.on('error', (error) => {
      if (!('code' in error && error.code === 'ERR_IPC_DISCONNECTED')) throw error
    })
    const start: ComputeMessage = {
      type: 'start',
      backbones,
      decoder: 'sharp',
      ...(patience && { patience })
    }
    sendTo(launched, start)
    const isReady = await new Promise<boolean>((resolve, reject) => {
      launched.once('exit', () => resolve(false))
      launched.on('message', function hear(message) {
        const report = v.safeParse(ProcessReport, message)
        if (!report.success) return
        launched.off('message', hear)
        if (report.output.type === 'ready') resolve(true)
        else reject(new Error(`compute refused: ${report.output.fault.received}`))
      })
    })
    if (isReady && !stopped) attach(portOfChild(launched))
  }

  await launch()
  return {
    kill: () => void child?.kill('SIGKILL'),
    get pid() {
      return child?.pid ?? 0
    },
    get starts() {
      return starts
    },
    async stop() {
      stopped = true
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    }
  }
}

/** A compute process of its own, without an engine. */
export async function openCompute(): Promise<{
  compute: Client<typeof computeContract>
  close(): Promise<void>
}> {
  const clients: Client<typeof computeContract>[] = []
  const { stop } = await superviseCompute((port) => clients.push(connect(port, computeContract)))
  const [compute] = clients
  assert.ok(compute)
  return { compute, close: stop }
}
