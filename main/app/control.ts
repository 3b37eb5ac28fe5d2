// App's own line to the engine: holds calls back while the engine is being started (again).
// Runs in app; trusted with paths.
import { connect, type Client } from '../wire/channel.ts'
import { engineControlContract, type EngineControlContract } from '../wire/engine-contract.ts'
import { cancelled, isFault } from '../wire/fault.ts'
import type { Port } from '../wire/port.ts'

type EngineClient = Client<EngineControlContract>

export interface Control {
  /** Takes the port of a new line; the former one is closed or about to be. */
  handOver(port: Port): void
  /**
   * Calls the engine, and again as often as it dies meanwhile; but not what moves files, which it
   * may have done before it died. Waiting for an engine ends with the signal.
   * @throws {Fault} what the engine answers; `process-lost` only for what moves files.
   */
  call: EngineClient['call']
}

/** Done twice these would do harm. */
const ONCE: ReadonlySet<string> = new Set<keyof EngineControlContract['methods']>([
  'transfer',
  'putBack'
])

/** Makes the line, without an engine at first. */
export function createControl(): Control {
  let arrived: (client: EngineClient) => void = () => undefined
  let current = awaitNext()

  function awaitNext(): Promise<EngineClient> {
    return new Promise((resolve) => (arrived = resolve))
  }

  return {
    handOver(port) {
      const client = connect(port, engineControlContract)
      arrived(client)
      const mine = Promise.resolve(client)
      current = mine
      void client.closed.then(() => {
        if (current === mine) current = awaitNext()
      })
    },
    async call(method, argument, signal) {
      for (;;) {
        const client = await unlessStopped(current, method, signal)
        try {
          return await client.call(method, argument, signal)
        } catch (error) {
          if (ONCE.has(method) || !isFault(error, 'process-lost')) throw error
          await client.closed
        }
      }
    }
  }
}

/** What is waited for, unless the signal comes first: then it rejects with `cancelled`. */
async function unlessStopped<T>(
  wanted: Promise<T>,
  method: string,
  signal: AbortSignal | undefined
): Promise<T> {
  if (!signal) return wanted
  const subject = `${engineControlContract.name}.${method}`
  if (signal.aborted) throw cancelled(subject)
  let stop: () => void = () => undefined
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled(subject))
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([wanted, stopped])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
