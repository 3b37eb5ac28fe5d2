// The photo threads as the main thread of compute sees them: started once, given work in turns,
// ended with the process. A thread that dies is an error of ours and ends the process, which app
// restarts.
import { availableParallelism, cpus } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Card } from '../../model/retrieval.ts'
import { connect, type Client } from '../wire/channel.ts'
import { Bug } from '../wire/fault.ts'
import { portOfThread } from '../wire/port.ts'
import { threadContract, type ThreadContract } from './thread-contract.ts'

/** One thread prepares about 200 photos a second, more than two cores of backbone take. */
const CORES_A_THREAD = 4

export interface PhotoThreads {
  all(): Client<ThreadContract>[]
  /** The line to the thread whose turn it is. */
  next(): Client<ThreadContract>
  end(): Promise<void>
}

/** Starts the threads. `slots`: shared memory [slots, 3, size, size] floats that they write to. */
export function startPhotoThreads(card: Card, slots: SharedArrayBuffer): PhotoThreads {
  const cores = typeof availableParallelism === 'function' ? availableParallelism() : cpus().length
  const workers = Array.from({ length: Math.max(1, Math.round(cores / CORES_A_THREAD)) }, () => {
    const worker = new Worker(threadFile(), { workerData: { card, slots } })
    worker.on('error', (error) => {
      throw error
    })
    return { worker, client: connect(portOfThread(worker), threadContract) }
  })
  let turn = 0
  return {
    all: () => workers.map(({ client }) => client),
    next() {
      const one = workers[turn++ % workers.length]
      if (!one) throw new Bug('no photo thread')
      return one.client
    },
    async end() {
      await Promise.all(workers.map(({ worker }) => worker.terminate()))
    }
  }
}

/**
 * Beside this file: TypeScript when run from source, JavaScript in the bundle (electron.config.ts).
 */
function threadFile(): URL {
  const here = import.meta.url
  return new URL(here.endsWith('.ts') ? 'photo-thread-from-source.mjs' : 'photo-thread.js', here)
}
