// Keeps one utility process alive: starts it, tells it to start, starts it again when it died. Runs
// in app.
import { createInterface } from 'node:readline'
import { utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import * as v from 'valibot'
import { Fault, type FaultRecord } from '../wire/fault.ts'
import {
  ComputeReport,
  DecoderReport,
  ProcessReport,
  type ComputeMessage,
  type EngineMessage,
  type KeptProcess
} from '../wire/process-messages.ts'
import { Backoff, Prospects, hopeless } from '../wire/backoff.ts'
import { POOL } from '../wire/disk/volume-calls.ts'
import { pass } from './logs.ts'

type Message = EngineMessage | ComputeMessage

export interface UtilityOptions {
  name: KeptProcess
  file: string // the built script
  start: Message // its first message
  /** It runs and takes messages. */
  onUp(send: (message: Message, ports: MessagePortMain[]) => void): void
  onDown(): void
  /** It said that it cannot start, or failed too often: it stays down until `startAgain`. */
  onRefused(fault: FaultRecord): void
  /** Compute tells of the decoder window. */
  onDecoder?(report: DecoderReport['type']): void
  /** The engine tells of compute. */
  onCompute?(report: ComputeReport['type']): void
}

export interface Utility {
  /** Tells it something, while it runs. */
  send(message: Message): void
  /** Starts it anew after `onRefused`; does nothing at any other time. */
  startAgain(): void
  /** Asks it to finish while it is kept: nobody needs it. It stays down until `wake`. */
  rest(): void
  /** Starts it anew after `rest`; does nothing at any other time. */
  wake(): void
  /** Asks it to finish, waits, and kills it when its patience is over. Never rejects. */
  close(): Promise<void>
}

const PATIENCE_MILLISECONDS = 5_000
/** So long after its kill it is not waited for any more. */
const FAREWELL_MILLISECONDS = 1_000

/** Starts a process and keeps it alive until `close`, or until it cannot be: see `onRefused`. */
export function keepAlive(options: UtilityOptions): Utility {
  const backoff = new Backoff()
  let prospects = new Prospects()
  let child: UtilityProcess | undefined
  let timer: NodeJS.Timeout | undefined
  let state: 'kept' | 'resting' | 'refused' | 'closed' = 'kept'
  let dismissed: UtilityProcess | undefined // it was asked to finish

  function start(): void {
    const started = Date.now()
    let isReady = false
    let refusal: FaultRecord | undefined
    const self = utilityProcess.fork(options.file, [], {
      serviceName: `kindred ${options.name}`,
      stdio: 'pipe',
      env: { ...process.env, ...POOL }
    })
    child = self
    for (const input of [self.stdout, self.stderr])
      if (input) createInterface({ input }).on('line', (line) => pass(options.name, line))
    self.once('spawn', () => {
      self.postMessage(options.start)
      options.onUp((message, ports) => self.postMessage(message, ports))
    })
    self.on('message', (message: unknown) => {
      if (self === dismissed) return // what it wants, a decoder say, nobody would close again
      if (v.is(DecoderReport, message)) return options.onDecoder?.(message.type)
      if (v.is(ComputeReport, message)) return options.onCompute?.(message.type)
      const report = v.safeParse(ProcessReport, message)
      if (!report.success) return
      if (report.output.type === 'ready') isReady = true
      else refusal = report.output.fault // it ends now
    })
    self.once('exit', (code) => {
      child = undefined
      options.onDown()
      if (state !== 'kept') return
      if (dismissed === self) return start() // needed again before it had ended
      const lived = Date.now() - started
      const often = prospects.afterDeath(lived, isReady)
      const fault = refusal ?? (often ? hopeless(options.name, often).record : undefined)
      if (fault) {
        state = 'refused'
        const { message } = new Fault(fault)
        console.error(`kindred: ${options.name} ended with ${code} and stays down: ${message}`)
        options.onRefused(fault)
        return
      }
      const wait = backoff.afterDeath(lived)
      console.error(`kindred: ${options.name} ended with ${code}; starting it again in ${wait} ms`)
      timer = setTimeout(start, wait)
    })
  }

  function startAgain(): void {
    if (state !== 'refused') return
    state = 'kept'
    prospects = new Prospects()
    start()
  }

  /** Asks it to finish, and kills it when its patience is over. */
  function dismiss(last: UtilityProcess): void {
    dismissed = last
    const kill = setTimeout(() => {
      // Not `last.kill()`: it asks with SIGTERM, which a process that hangs may not obey.
      if (child === last && last.pid !== undefined) process.kill(last.pid, 'SIGKILL')
    }, PATIENCE_MILLISECONDS)
    last.once('exit', () => clearTimeout(kill))
    last.postMessage({ type: 'shutdown' })
  }

  function rest(): void {
    if (state !== 'kept') return
    state = 'resting'
    clearTimeout(timer)
    if (child) dismiss(child)
  }

  function wake(): void {
    if (state !== 'resting') return
    state = 'kept'
    if (!child) start()
  }

  function close(): Promise<void> {
    state = 'closed'
    clearTimeout(timer)
    const last = child
    if (!last) return Promise.resolve()
    return new Promise((resolve) => {
      // Not even a kill ends one at once whose thread waits for a disk that hangs.
      const farewell = setTimeout(resolve, PATIENCE_MILLISECONDS + FAREWELL_MILLISECONDS)
      last.once('exit', () => (clearTimeout(farewell), resolve()))
      if (dismissed !== last) dismiss(last)
    })
  }

  start()
  const send = (message: Message): void => child?.postMessage(message)
  return { send, startAgain, rest, wake, close }
}
