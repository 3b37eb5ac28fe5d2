// Keeps one utility process alive: starts it, tells it to start, starts it again when it died. Runs
// in app.
import { utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import * as v from 'valibot'
import type { FaultRecord } from '../wire/fault.ts'
import {
  DecoderReport,
  ProcessReport,
  type ComputeMessage,
  type EngineMessage
} from '../wire/process-messages.ts'
import { Backoff } from './backoff.ts'

type Message = EngineMessage | ComputeMessage

export interface UtilityOptions {
  name: 'engine' | 'compute'
  file: string // the built script
  start: Message // its first message
  /** It runs and takes messages. */
  onUp(send: (message: Message, ports: MessagePortMain[]) => void): void
  onDown(): void
  /** It said that it cannot start. It is not started again. */
  onRefused(fault: FaultRecord): void
  /** Compute tells of the decoder window. */
  onDecoder?(report: DecoderReport['type']): void
}

export interface Utility {
  /** The process id while it runs. */
  pid(): number | undefined
  /** Asks it to finish, waits, and kills it when its patience is over. Never rejects. */
  close(): Promise<void>
}

const PATIENCE_MILLISECONDS = 5_000

/** Starts a process and keeps it alive until `close` or until it refuses to start. */
export function keepAlive(options: UtilityOptions): Utility {
  const backoff = new Backoff()
  let child: UtilityProcess | undefined
  let timer: NodeJS.Timeout | undefined
  let wanted = true

  function start(): void {
    const started = Date.now()
    const self = utilityProcess.fork(options.file, [], { serviceName: `kindred ${options.name}` })
    child = self
    self.once('spawn', () => {
      self.postMessage(options.start)
      options.onUp((message, ports) => self.postMessage(message, ports))
    })
    self.on('message', (message: unknown) => {
      if (v.is(DecoderReport, message)) return options.onDecoder?.(message.type)
      const report = v.safeParse(ProcessReport, message)
      if (!report.success || report.output.type !== 'refused') return
      wanted = false
      options.onRefused(report.output.fault)
    })
    self.once('exit', (code) => {
      child = undefined
      options.onDown()
      if (!wanted) return
      const wait = backoff.afterDeath(Date.now() - started)
      console.error(`kindred: ${options.name} ended with ${code}; starting it again in ${wait} ms`)
      timer = setTimeout(start, wait)
    })
  }

  function close(): Promise<void> {
    wanted = false
    clearTimeout(timer)
    const last = child
    if (!last) return Promise.resolve()
    return new Promise((resolve) => {
      const kill = setTimeout(() => last.kill(), PATIENCE_MILLISECONDS)
      last.once('exit', () => {
        clearTimeout(kill)
        resolve()
      })
      last.postMessage({ type: 'shutdown' })
    })
  }

  start()
  return { pid: () => child?.pid, close }
}
