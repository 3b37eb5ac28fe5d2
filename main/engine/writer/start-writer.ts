// Starts the writer's thread, as the reader's thread sees it. A writer that dies is an error of
// ours: it ends the process, which app starts anew.
import { once } from 'node:events'
import { MessageChannel, Worker } from 'node:worker_threads'
import { Bug } from '../../wire/fault.ts'
import { portOfThread, relay } from '../../wire/port.ts'
import type { Port } from '../../wire/port.ts'
import type { WriterOptions } from './writer.ts'

export interface WriterThread {
  /** Has the lanes of main/wire/writer-contract.ts. What comes early waits for a listener. */
  line: Port
  /** Hands the writer the line to a compute; see Engine.attachCompute. */
  attachCompute(port: Port): void
  /**
   * Ends the thread: what it commits is kept, what it has open is lost. Between two of its jobs;
   * only one that lasts too long is cut off. Safe to call again.
   */
  end(): Promise<void>
  /** Does not wait for a thread that cannot end; neither can the process, but by a signal. */
  leave(): void
}

/** ms that a job of the thread may take at its end. */
const PATIENCE = 2000

/** Starts the thread. */
export function startWriter(options: WriterOptions): WriterThread {
  const { port1: near, port2: far } = new MessageChannel()
  const worker = new Worker(threadFile(), {
    workerData: { options, line: far },
    transferList: [far]
  })
  let isEnding = false
  worker.on('error', (error) => {
    throw error
  })
  worker.on('exit', (code) => {
    if (!isEnding) throw new Bug(`the writer ended by itself, with ${code}`)
  })

  /**
   * A thread that is cut off within SQLite aborts the whole process, since the library cannot throw
   * there any more. So the thread is asked first.
   */
  async function end(): Promise<void> {
    isEnding = true
    const gone = once(worker, 'exit')
    worker.postMessage('end')
    const cut = setTimeout(() => void worker.terminate(), PATIENCE)
    await gone
    clearTimeout(cut)
    near.close()
  }

  let ended: Promise<void> | undefined
  return {
    line: portOfThread(near, () => near.close()),
    attachCompute(port) {
      // A port of Electron stays in the thread that it came to: what comes on it is passed on.
      const { port1, port2 } = new MessageChannel()
      relay(port, portOfThread(port1, () => port1.close()))
      worker.postMessage(port2, [port2])
    },
    end: () => (ended ??= end()),
    leave() {
      isEnding = true
      worker.unref()
      near.close()
    }
  }
}

/**
 * Beside this file: TypeScript when run from source, JavaScript in the bundle (electron.config.ts).
 */
function threadFile(): URL {
  const here = import.meta.url
  return new URL(here.endsWith('.ts') ? 'writer-thread-from-source.mjs' : 'writer-thread.js', here)
}
