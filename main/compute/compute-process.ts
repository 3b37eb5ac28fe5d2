// The compute process: the only one where ONNX Runtime runs. Started by app as a utility process
// (ports arrive through parentPort) or forked by plain Node (the channel is the line): see
// wire/process-messages.ts.
import { once } from 'node:events'
import { constants, getPriority, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import type { Decoder } from '../decode/decoder.ts'
import { serve, type Handlers, type Server } from '../wire/channel.ts'
import { computeContract, type ComputeContract } from '../wire/compute-contract.ts'
import { Fault, isFault } from '../wire/fault.ts'
import { portOfChild, portOfMain, sendTo, type Port } from '../wire/port.ts'
import { ComputeMessage, type DecoderReport, type ProcessReport } from '../wire/process-messages.ts'
import { endOnUncaught } from '../wire/uncaught.ts'
import { PortDecoder } from './port-decoder.ts'
import { createComputeService, type ComputeService } from './service.ts'

endOnUncaught(process, 'compute')
// The page and the reader are let in first. On Linux this is the main thread's alone, but all that
// do the work (the photo threads, those of ONNX Runtime) are started by it later and inherit it.
setPriority(0, Math.max(getPriority(0), constants.priority.PRIORITY_BELOW_NORMAL))

type MainPort = Parameters<typeof portOfMain>[0]

interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown; ports: MainPort[] }) => void): unknown
}

function inUtilityProcess(
  self: NodeJS.Process
): self is NodeJS.Process & { parentPort: ParentPort } {
  return 'parentPort' in self && self.parentPort !== undefined && self.parentPort !== null
}

/** How long the last message is given to leave the process: it is sent in the background. */
const FAREWELL_MILLISECONDS = 200

const servers = new Set<Server<ComputeContract>>()
const emit: Server<ComputeContract>['emit'] = (event, value) => {
  for (const server of servers) server.emit(event, value)
}
const decoder = new PortDecoder((state) => emit('decoder', { state }), {
  onWanted: () => reportDecoder('decoder-wanted'),
  onIdle: () => reportDecoder('decoder-idle'),
  onStuck: () => reportDecoder('decoder-stuck')
})

function reportDecoder(type: DecoderReport['type']): void {
  const report: DecoderReport = { type }
  if (inUtilityProcess(process)) process.parentPort.postMessage(report)
}

let startService: (service: Promise<ComputeService>) => void = () => undefined
/** Ports may be handed over before the backbone is open: calls on them wait for it here. */
const service = new Promise<ComputeService>((resolve) => (startService = resolve))
service.catch(() => undefined) // told by `start`, and to whoever calls

/** Every method of the contract, each waiting for the service. */
const handlers: Handlers<ComputeContract> = {
  openBackbones: async (...call) => (await service).handlers.openBackbones(...call),
  setQuantizer: async (...call) => (await service).handlers.setQuantizer(...call),
  process: async (...call) => (await service).handlers.process(...call),
  dates: async (...call) => (await service).handlers.dates(...call),
  judge: async (...call) => (await service).handlers.judge(...call),
  makeThumbnail: async (...call) => (await service).handlers.makeThumbnail(...call),
  large: async (...call) => (await service).handlers.large(...call),
  part: async (...call) => (await service).handlers.part(...call),
  draw: async (...call) => (await service).handlers.draw(...call),
  embed: async (...call) => (await service).handlers.embed(...call),
  fit: async (...call) => (await service).handlers.fit(...call),
  encode: async (...call) => (await service).handlers.encode(...call),
  encodeProjected: async (...call) => (await service).handlers.encodeProjected(...call),
  views: async (...call) => (await service).handlers.views(...call),
  fingerprints: async (...call) => (await service).handlers.fingerprints(...call),
  learnHead: async (...call) => (await service).handlers.learnHead(...call),
  trainBaseline: async (...call) => (await service).handlers.trainBaseline(...call),
  learnDeep: async (...call) => (await service).handlers.learnDeep(...call),
  validateDeep: async (...call) => (await service).handlers.validateDeep(...call),
  renew: async (...call) => (await service).handlers.renew(...call),
  useProvider: async (...call) => (await service).handlers.useProvider(...call),
  measure: async (...call) => (await service).handlers.measure(...call),
  async stepAside(...call) {
    decoder.stepAside()
    return (await service).handlers.stepAside(...call)
  },
  usage: async (...call) => (await service).handlers.usage(...call)
}

function serveEngine(port: Port): void {
  const server = serve(port, computeContract, handlers)
  servers.add(server)
  void server.closed.then(() => servers.delete(server))
}

/**
 * The decoder that `start` asks for. sharp is loaded only where it is asked for: never in Electron.
 */
async function decoderOf(kind: 'port' | 'sharp'): Promise<Decoder> {
  if (kind === 'port') return decoder
  const { loadSharp } = await import('../decode/node.ts')
  const { sharpDecoder } = await import('../decode/node-large.ts')
  await loadSharp() // now, not when the first photo waits for it
  return sharpDecoder
}

async function start(
  message: ComputeMessage & { type: 'start' },
  report: (report: ProcessReport) => void
): Promise<void> {
  const opening = decoderOf(message.decoder).then((chosen) =>
    createComputeService(message.backbones, chosen, emit, undefined, message.patience)
  )
  startService(opening)
  try {
    await opening
    report({ type: 'ready' })
  } catch (error) {
    if (!isFault(error)) throw error
    report({ type: 'refused', fault: error.record })
    setTimeout(() => process.exit(1), FAREWELL_MILLISECONDS)
  }
}

async function shutdown(): Promise<void> {
  for (const server of servers) server.close()
  const made = await service
  await endIfUnanswered(made)
  await made.end()
  process.exit(0)
}

/** Node waits for its threads at the end, and they for their disks: of one that hangs for ever. */
async function endIfUnanswered(made: ComputeService): Promise<void> {
  if ((await made.closeDisks()) > 0) process.kill(process.pid, 'SIGKILL')
}

function obey(
  data: unknown,
  ports: MainPort[],
  report: (report: ProcessReport) => void,
  onStart: () => void
): void {
  const message = v.safeParse(ComputeMessage, data)
  if (!message.success) return // in plain Node the contract's own messages come this way too
  const [port] = ports
  if (message.output.type === 'start') {
    onStart()
    void start(message.output, report)
  } else if (message.output.type === 'shutdown') {
    void shutdown()
  } else if (message.output.type === 'decoder-refused') {
    decoder.refuse(new Fault(message.output.fault))
  } else if (port) {
    if (message.output.peer === 'engine') serveEngine(portOfMain(port))
    else decoder.attach(portOfMain(port))
  }
}

if (inUtilityProcess(process)) {
  const parent = process.parentPort
  const report = (what: ProcessReport): void => parent.postMessage(what)
  parent.on('message', ({ data, ports }) => obey(data, ports, report, () => undefined))
} else {
  const report = (what: ProcessReport): void => sendTo(process, what)
  process.on('message', (data) => obey(data, [], report, () => serveEngine(portOfChild(process))))
  // Whoever forked it is gone.
  void once(process, 'disconnect').then(async () => {
    const made = await Promise.race([service.catch(() => undefined), sleep(0)])
    if (made) await endIfUnanswered(made)
    process.exit(0)
  })
}
