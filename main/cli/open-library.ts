// A library opened for one command, held by this process or only looked at; compute forked when it
// is needed and started again when it dies. Plain Node; the decoder is sharp, inside compute.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import type { LibraryView } from '../engine/api.ts'
import { computeContract } from '../wire/compute-contract.ts'
import { type Client, connect } from '../wire/channel.ts'
import { Fault } from '../wire/fault.ts'
import { portOfChild, sendTo } from '../wire/port.ts'
import { type ComputeMessage, ProcessReport } from '../wire/process-messages.ts'

const COMPUTE = fileURLToPath(new URL('../compute/compute-process.ts', import.meta.url))
const BACKBONES = fileURLToPath(new URL('../../model/backbones', import.meta.url))
/** Starts in a row that may fail before the command gives up. */
const PATIENCE = 5

export interface Session {
  /**
   * Starts compute for the library and keeps it alive until `close`. Rejects when it cannot start.
   */
  startCompute(): Promise<void>
  /** Closes library and compute; safe to call twice. */
  close(): Promise<void>
}

/**
 * Cares for the compute of a library that is open, and closes both.
 * @param onRestart told when compute died and is started again
 */
export function sessionOf(library: LibraryView, onRestart: () => void): Session {
  let child: ChildProcess | undefined
  let closing: Promise<void> | undefined
  let failures = 0

  async function launch(): Promise<void> {
    const launched = await launchCompute()
    if (closing) return void launched.kill('SIGKILL')
    failures = 0
    child = launched
    launched.once('exit', () => {
      if (closing) return
      onRestart()
      void relaunch()
    })
    library.attachCompute(portOfChild(launched))
  }

  async function relaunch(): Promise<void> {
    try {
      await launch()
    } catch (error) {
      // Nothing more can be done: the command ends with this.
      if (++failures >= PATIENCE) throw error
      await relaunch()
    }
  }

  async function shutDown(): Promise<void> {
    await library.close()
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    // The library may have closed the line already: compute ends by itself then.
    sendTo(child, { type: 'shutdown' } satisfies ComputeMessage)
    const patience = setTimeout(() => child?.kill('SIGKILL'), 5000)
    await gone
    clearTimeout(patience)
  }

  return {
    startCompute: launch,
    close: () => (closing ??= shutDown())
  }
}

/** A compute process of its own, without an engine: for measurements. */
export async function openCompute(): Promise<{
  compute: Client<typeof computeContract>
  close(): void
}> {
  const child = await launchCompute()
  return {
    compute: connect(portOfChild(child), computeContract),
    close: () => void child.kill('SIGKILL')
  }
}

async function launchCompute(): Promise<ChildProcess> {
  // execArgv, and with it the TypeScript loader, is inherited.
  const child = fork(COMPUTE, [], { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] })
  const start: ComputeMessage = { type: 'start', backbones: BACKBONES, decoder: 'sharp' }
  sendTo(child, start)
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      reject(
        new Fault({
          kind: 'process-lost',
          subject: 'compute',
          expected: 'to start',
          received: `its end (${signal ?? `exit code ${code}`})`
        })
      )
    })
    child.on('message', function hear(message: unknown) {
      const report = v.safeParse(ProcessReport, message)
      if (!report.success) return
      child.off('message', hear)
      if (report.output.type === 'ready') resolve()
      else reject(new Fault(report.output.fault))
    })
  })
  return child
}
