// What app says to the processes and windows it starts, before their ports speak the contracts.
// Pure. In a utility process these come through `process.parentPort` as `event.data`, the port (if
// any) as `event.ports[0]`; in a window through its webContents, the port as `event.ports[0]`.
//
// [Note: plain Node] Without Electron there are no ports to hand over. The engine is then built
// inside the caller's process, and compute is forked (`serialization: 'advanced'`): its first
// message is ComputeMessage 'start' with decoder 'sharp', and the same channel is its line to the
// engine (`portOfChild`, computeContract) from then on. 'shutdown' may come at any time on it.
import * as v from 'valibot'
import { FaultRecord } from './fault.ts'
import { FileProgress } from './file-commands.ts'
import { Patience } from './disk/volume-calls.ts'

/**
 * Finish what is being written, close, exit with 0. Sent once; the sender kills after its patience.
 */
const shutdown = v.object({ type: v.literal('shutdown') })

/** App to engine. `start` comes first and once; a new port of a peer replaces its old one. */
export const EngineMessage = v.variant('type', [
  v.object({
    type: v.literal('start'),
    library: v.string() // folder of the catalogue and the thumbnails, made when missing
  }),
  v.object({
    type: v.literal('port'),
    // page: engine serves engineContract; control: engine serves engineControlContract;
    // compute: engine calls computeContract.
    peer: v.picklist(['page', 'compute', 'control'])
  }),
  shutdown
])
export type EngineMessage = v.InferOutput<typeof EngineMessage>

/** App (or the command line) to compute. `start` comes first and once. */
export const ComputeMessage = v.variant('type', [
  v.object({
    type: v.literal('start'),
    backbones: v.string(), // folder of the backbones and their cards
    /** Who decodes: the window behind a port, or sharp in here. */
    decoder: v.picklist(['port', 'sharp']),
    /** How long volumes are waited for that do not answer; PATIENCE if not given. */
    patience: v.optional(Patience)
  }),
  v.object({
    type: v.literal('port'),
    // engine: compute serves computeContract; decoder: compute calls decoderContract.
    peer: v.picklist(['engine', 'decoder'])
  }),
  /** There will be no decoder, and why; who wants one again asks again. */
  v.object({ type: v.literal('decoder-refused'), fault: FaultRecord }),
  shutdown
])
export type ComputeMessage = v.InferOutput<typeof ComputeMessage>

/** The processes that app keeps alive. */
export const KeptProcess = v.picklist(['engine', 'compute'])
export type KeptProcess = v.InferOutput<typeof KeptProcess>

/** Engine and compute to app, through parentPort (in plain Node: through the channel). */
export const ProcessReport = v.variant('type', [
  /** `start` was obeyed; ports are answered from now on (they may be handed over before it). */
  v.object({ type: v.literal('ready') }),
  /** It cannot start (library-in-use, library-damaged, bad-model): told, then exits with 1. */
  v.object({ type: v.literal('refused'), fault: FaultRecord })
])
export type ProcessReport = v.InferOutput<typeof ProcessReport>

/** Engine to app besides, of compute. */
export const ComputeReport = v.object({
  type: v.picklist([
    'compute-idle', // nothing was asked of it for a while, its port is let go: app ends it
    'compute-wanted' // something is to be asked of it again: app starts it
  ])
})
export type ComputeReport = v.InferOutput<typeof ComputeReport>

/** Compute to app besides, of the decoder window. */
export const DecoderReport = v.object({
  type: v.picklist([
    'decoder-wanted', // there is something to decode and none to do it: app opens one
    'decoder-idle', // there has been nothing for a while, its port is let go: app closes it
    'decoder-stuck' // it does not answer: app ends it and opens another
  ])
})
export type DecoderReport = v.InferOutput<typeof DecoderReport>

/** The channel on which a window's preload gets a WindowMessage (`ipcRenderer.on`). */
export const WINDOW_CHANNEL = 'kindred'

/** App to a window. */
export const WindowMessage = v.variant('type', [
  /** Its port: `engine` for the page, `compute` for the decoder window. */
  v.object({ type: v.literal('port'), peer: v.picklist(['engine', 'compute']) }),
  /** To the page: this process stays down, and is not started before the page asks for it. */
  v.object({
    type: v.literal('stopped'),
    process: KeptProcess,
    fault: FaultRecord,
    logs: v.string() // the folder in which to read more
  }),
  /** To the page: it runs on the test runtime, whose Chromium is old. A package never says so. */
  v.object({ type: v.literal('test-runtime') }),
  /** To the page: whether its window fills the screen. */
  v.object({ type: v.literal('full-screen'), isOn: v.boolean() }),
  /** To the page: how far many files are. */
  FileProgress
])
export type WindowMessage = v.InferOutput<typeof WindowMessage>
