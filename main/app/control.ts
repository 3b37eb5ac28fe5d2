// App's own line to the engine: holds calls back while the engine is being started (again).
// Runs in app; trusted with paths.
import { connect, type Client } from '../wire/channel.ts'
import { engineControlContract, type EngineControlContract } from '../wire/engine-contract.ts'
import { isFault } from '../wire/fault.ts'
import type { Port } from '../wire/port.ts'

type EngineClient = Client<EngineControlContract>

export interface Control {
  /** Takes the port of a new line; the former one is closed or about to be. */
  handOver(port: Port): void
  /**
   * Calls the engine, as often as it dies meanwhile: every method of this line may be repeated.
   * @throws {Fault} what the engine answers, never `process-lost`.
   */
  call: EngineClient['call']
}

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
        const client = await current
        try {
          return await client.call(method, argument, signal)
        } catch (error) {
          if (!isFault(error, 'process-lost')) throw error
          await client.closed
        }
      }
    }
  }
}
