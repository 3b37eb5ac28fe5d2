// A worker thread's line as a Port, from either side. The only file that knows how threads talk.
import type { Port } from '../wire/port.ts'

interface ThreadLike {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'exit' | 'close', listener: () => void): unknown
}

/**
 * Wraps a Worker, or its parentPort on the other side. Messages are copied, shared memory is not.
 */
export function portOfThread(thread: ThreadLike): Port {
  return {
    post: (message) => thread.postMessage(message),
    onMessage: (listener) => void thread.on('message', listener),
    onClose(listener) {
      thread.on('exit', listener) // of a Worker
      thread.on('close', listener) // of a parentPort
    },
    close: () => undefined // threads end with their process, or by Worker.terminate
  }
}
