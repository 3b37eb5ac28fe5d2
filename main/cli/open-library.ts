// A library opened for one command, held by this process or only looked at; compute forked when it
// is needed and started again when it dies. Plain Node; the decoder is sharp, inside compute.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as v from 'valibot'
import type { Closed, LibraryAnswers } from '../engine/api.ts'
import { hopeless, Prospects } from '../wire/backoff.ts'
import { Fault, isFault } from '../wire/fault.ts'
import { portOfChild, sendTo } from '../wire/port.ts'
import { type ComputeMessage, ProcessReport } from '../wire/process-messages.ts'
import { POOL } from '../wire/disk/volume-calls.ts'

const IS_SOURCE = import.meta.url.endsWith('.ts')
const COMPUTE = fileURLToPath(
  new URL(IS_SOURCE ? '../compute/compute-process.ts' : 'compute-process.js', import.meta.url)
)
const BY_NODE = 'typescript' in process.features && Boolean(process.features.typescript)
/** From sources: by Node itself, which would tell how it found out each file's kind, or by tsx. */
const LOADER = !IS_SOURCE
  ? []
  : BY_NODE
    ? ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON']
    : [`--import=${pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href}`]
/**
 * An option of V8. Photos leave pixels behind, so that garbage is collected all the time, in a heap
 * of 20 MB. Dividing that among threads takes 2 ms of processor time a photo, which they need.
 */
const ONE_THREAD_OF_GARBAGE = '--single-threaded-gc'
/** The folder of the backbones that come with Kindred. */
export const BACKBONES = fileURLToPath(new URL('../../model/backbones', import.meta.url))

export interface OpenLibrary {
  /**
   * Starts compute for the library and keeps it alive until `close`. Rejects when it cannot start,
   * tried some times.
   */
  startCompute(): Promise<void>
  /** The same for who cannot wait for it: `lost` tells when it cannot start. */
  wantCompute(): void
  /** Rejects with the Fault when compute ends again and again: it is not started any more. */
  lost: Promise<never>
  /** Closes library and compute; safe to call twice. */
  close(): Promise<Closed>
}

/**
 * Cares for the compute of a library that is open, and closes both.
 * @param onRestart told when compute died and is started again
 */
export function openLibraryOf(library: LibraryAnswers, onRestart: () => void): OpenLibrary {
  const prospects = new Prospects()
  let child: ChildProcess | undefined
  let closing: Promise<Closed> | undefined
  let lose: (why: unknown) => void = () => undefined
  const lost = new Promise<never>((_, reject) => (lose = reject))
  lost.catch(() => undefined) // told to whoever waits for it, if anybody does

  async function launch(): Promise<void> {
    const launched = await launchCompute()
    const readyAt = Date.now()
    if (closing) return void launched.kill('SIGKILL')
    child = launched
    launched.once('exit', () => {
      if (closing) return
      const often = prospects.afterDeath(Date.now() - readyAt, true)
      if (often) return lose(hopeless('compute', often))
      onRestart()
      bringUp().catch(lose)
    })
    library.attachCompute(portOfChild(launched))
  }

  /** Tries some times; what says itself why it cannot start is not asked again. */
  async function bringUp(): Promise<void> {
    while (!closing) {
      try {
        return await launch()
      } catch (error) {
        const often = prospects.afterDeath(0, false)
        if (!isFault(error, 'process-lost')) throw error
        if (often) throw hopeless('compute', often)
      }
    }
  }

  async function shutDown(): Promise<Closed> {
    const closed = await library.close()
    if (!child || child.exitCode !== null || child.signalCode !== null) return closed
    const gone = once(child, 'exit')
    // The library may have closed the line already: compute ends by itself then.
    sendTo(child, { type: 'shutdown' } satisfies ComputeMessage)
    const patience = setTimeout(() => child?.kill('SIGKILL'), 5000)
    await gone
    clearTimeout(patience)
    return closed
  }

  return {
    startCompute: bringUp,
    wantCompute: () => void bringUp().catch(lose),
    lost,
    close: () => (closing ??= shutDown())
  }
}

async function launchCompute(): Promise<ChildProcess> {
  const child = fork(COMPUTE, [], {
    serialization: 'advanced',
    env: { ...process.env, ...POOL },
    stdio: ['ignore', 2, 2, 'ipc'],
    execArgv: [...LOADER, ONE_THREAD_OF_GARBAGE]
  })
  const start: ComputeMessage = { type: 'start', backbones: BACKBONES, decoder: 'sharp' }
  sendTo(child, start)
  await new Promise<void>((resolve, reject) => {
    const lose = (received: string): void =>
      reject(
        new Fault({ kind: 'process-lost', subject: 'compute', expected: 'to start', received })
      )
    child.once('exit', (code, signal) => lose(`its end (${signal ?? `exit code ${code}`})`))
    // Heard for good: of a line that was closed before, Node tells an error where its end cuts a
    // message short, and one that nobody hears would end the command.
    child.on('error', (error) => lose(error.message))
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
