// The page's line to the engine. Runs in the page. App hands a port over at the start and a new
// one whenever the engine was started again; what was asked meanwhile waits, and what was lost
// with the old engine is asked again. It must not know what is asked.
import * as v from 'valibot'
import { connect } from '../../main/wire/channel.ts'
import type { Client } from '../../main/wire/channel.ts'
import { engineContract } from '../../main/wire/engine-contract.ts'
import type { EngineContract } from '../../main/wire/engine-contract.ts'
import { cancelled, isFault } from '../../main/wire/fault.ts'
import { portOfWeb } from '../../main/wire/port.ts'
import { WindowMessage, type KeptProcess } from '../../main/wire/process-messages.ts'
import { startAgain } from './bridge.ts'

export type EngineClient = Client<EngineContract>
type Methods = EngineContract['methods']
type Method = keyof Methods & string
type Stopped = WindowMessage & { type: 'stopped' }
type Argument<K extends Method> = v.InferOutput<Methods[K]['argument']>
type Result<K extends Method> = v.InferOutput<Methods[K]['result']>

/** A question that kills the engine is not asked for ever. */
const ATTEMPTS = 3
/** Unanswered for so long, a question is shown as waiting: an engine that hangs is not gone. */
const PATIENCE = 1500 // ms
/** These always take longer, and show by themselves that they are at work. */
const SLOW: ReadonlySet<Method> = new Set([
  'look',
  'lookAt',
  'compareModels',
  'findDuplicates',
  'rollback',
  'arithmetic', // waits for compute
  'describeAnew',
  'measureDevices'
])

/** The line to the engine: it stays when the engine is started again. */
export class EngineLink {
  #client = $state.raw<EngineClient | undefined>()
  #engines = $state(0)
  #overdue = $state(0)
  #stopped = $state.raw<Stopped | undefined>()
  #withoutCompute = $state.raw<Stopped | undefined>()
  #arrivals: ((client: EngineClient) => void)[] = []
  #greeters: ((client: EngineClient) => void)[] = []

  constructor(target: Window) {
    target.addEventListener('message', (event) => {
      const [port] = event.ports
      const message = v.safeParse(WindowMessage, event.data)
      if (event.source !== target || !message.success) return
      if (message.output.type === 'stopped') this.#stop(message.output)
      else if (message.output.type === 'port' && message.output.peer === 'engine' && port)
        this.#arrive(port)
    })
  }

  /** `starting`: no engine yet; `waiting`: it was lost or keeps us waiting; `stopped`: see there. */
  get state(): 'starting' | 'ready' | 'waiting' | 'stopped' {
    if (this.#stopped) return 'stopped'
    if (this.#client) return this.#overdue > 0 ? 'waiting' : 'ready'
    return this.#engines > 0 ? 'waiting' : 'starting'
  }

  /** There was an engine and there is none now. */
  get isLost(): boolean {
    return this.#engines > 0 && !this.#client
  }

  /** Why there is no engine and none comes by itself; undefined as long as one is up or coming. */
  get stopped(): Stopped | undefined {
    return this.#stopped
  }

  /** Why there is no compute, and none comes by itself: nothing is indexed or learned. */
  get withoutCompute(): Stopped | undefined {
    return this.#withoutCompute
  }

  /** Asks app to start a process that it gave up. */
  startAgain(process: KeptProcess): void {
    if (process === 'engine') this.#stopped = undefined
    else this.#withoutCompute = undefined
    void startAgain(process)
  }

  #stop(stopped: Stopped): void {
    if (stopped.process === 'engine') this.#stopped = stopped
    else this.#withoutCompute = stopped
  }

  /** How many engines there have been: raised when one was started again. */
  get engines(): number {
    return this.#engines
  }

  /** Called with each new line, to listen to its events and to read everything again. */
  onConnect(greeter: (client: EngineClient) => void): void {
    this.#greeters.push(greeter)
    if (this.#client) greeter(this.#client)
  }

  /** Asks the engine, waiting for it when it is being started again. Rejects with a Fault. */
  async call<K extends Method>(
    method: K,
    argument: Argument<K>,
    signal?: AbortSignal
  ): Promise<Result<K>> {
    let overdue = false
    const grow = (): void => void ((overdue = true), this.#overdue++)
    const timer = SLOW.has(method) ? undefined : setTimeout(grow, PATIENCE)
    try {
      for (let attempt = 1; ; attempt++) {
        const client = this.#client ?? (await this.#arrival(method, signal))
        try {
          return await client.call(method, argument, signal)
        } catch (error) {
          if (!isFault(error, 'process-lost') || attempt === ATTEMPTS) throw error
          if (this.#client === client) this.#client = undefined
        }
      }
    } finally {
      clearTimeout(timer)
      if (overdue) this.#overdue--
    }
  }

  /** Tells the engine that somebody acts; one that is not there does nothing anyway. */
  stepAside(): void {
    this.#client?.call('stepAside', {}).catch(() => undefined)
  }

  #arrive(port: MessagePort): void {
    const old = this.#client
    this.#stopped = undefined
    const client = connect(portOfWeb(port), engineContract)
    this.#client = client
    this.#engines++
    old?.close() // what it has not answered is asked again of the new one
    void client.closed.then(() => {
      if (this.#client === client) this.#client = undefined
    })
    for (const greeter of this.#greeters) greeter(client)
    for (const wake of this.#arrivals.splice(0)) wake(client)
  }

  #arrival(subject: string, signal?: AbortSignal): Promise<EngineClient> {
    return new Promise((resolve, reject) => {
      this.#arrivals.push(resolve)
      signal?.addEventListener('abort', () => reject(cancelled(subject)), { once: true })
    })
  }
}
