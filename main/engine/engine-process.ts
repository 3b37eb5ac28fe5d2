// The engine's utility process: gets the library and its ports from app and holds the engine.
// Electron starts it; in plain Node the engine is made directly (see
// main/wire/process-messages.ts).
import * as v from 'valibot'
import { Fault } from '../wire/fault.ts'
import { portOfMain } from '../wire/port.ts'
import type { Port } from '../wire/port.ts'
import { EngineMessage } from '../wire/process-messages.ts'
import type { ComputeReport, ProcessReport } from '../wire/process-messages.ts'
import { endOnUncaught } from '../wire/uncaught.ts'
import type { Engine } from './api.ts'
import { createEngine } from './engine.ts'

endOnUncaught(process, 'the engine')

/** Compute is ended when nothing was asked of it for so long, ms. */
const COMPUTE_RESTS_AFTER = 60_000

const parent = process.parentPort
let engine: Promise<Engine> | undefined

function report(message: ProcessReport | ComputeReport): void {
  parent.postMessage(message)
}

function start(library: string): Promise<Engine> {
  const onNeed = (isNeeded: boolean): void =>
    report({ type: isNeeded ? 'compute-wanted' : 'compute-idle' })
  return createEngine({
    library,
    learns: { depth: 'head' },
    computeRest: { after: COMPUTE_RESTS_AFTER, onNeed }
  }).then(
    (made) => {
      report({ type: 'ready' })
      return made
    },
    (error: unknown) => {
      if (!(error instanceof Fault)) throw error // ours: it ends the process with its stack
      report({ type: 'refused', fault: error.record })
      // The report is on its way; the exit code says the same.
      setTimeout(() => process.exit(1), 100)
      return new Promise<never>(() => undefined)
    }
  )
}

async function handOver(peer: 'page' | 'compute' | 'control', port: Port): Promise<void> {
  const made = await engine
  if (peer === 'compute') made?.attachCompute(port)
  else if (peer === 'page') made?.servePage(port)
  else made?.serveControl(port)
}

async function shutDown(): Promise<void> {
  const made = await engine
  const closed = await made?.close()
  // Node joins the threads of its pool at the end (Node 20 and 24, process.exit as well), and they
  // wait for their disks: only a signal ends it then.
  if (closed && closed.unanswered > 0) process.kill(process.pid, 'SIGKILL')
  process.exit(0)
}

parent.on('message', (event) => {
  const message = v.parse(EngineMessage, event.data)
  if (message.type === 'start') engine ??= start(message.library)
  else if (message.type === 'shutdown') void shutDown()
  else if (event.ports[0]) void handOver(message.peer, portOfMain(event.ports[0]))
})
