// What compute offers (computeContract), put together. Compute's main thread; knows no process and
// no port, so that tests and the command line can hold it as app does.
import { setMaxListeners } from 'node:events'
import {
  PROJECTED,
  QuantizerError,
  encode,
  encodeProjected,
  fitFirstQuantizer,
  parseQuantizer,
  project,
  serialiseQuantizer,
  toHalves,
  type Encoded,
  type Quantizer
} from '../../model/retrieval.ts'
import { nearest, type Provider } from '../../model/learning.ts'
import type { Decode } from '../decode/decoder.ts'
import type { Handlers, Server } from '../wire/channel.ts'
import type {
  ComputeContract,
  Described,
  QuantizerRecord,
  Refused,
  Seen
} from '../wire/compute-contract.ts'
import { Fault, cancelled, isFault } from '../wire/fault.ts'
import { openBackbone, type Backbone } from './backbone.ts'
import { Courtesy } from './courtesy.ts'
import { fingerprintOfMachine, measureDevices } from './devices.ts'
import { createHeadLearning } from './learn.ts'
import { multiplyInRuntime } from './multiply.ts'
import { MOST_VIEWS, Pipeline, type DescribedPhoto } from './pipeline.ts'
import { Stopwatch } from './stopwatch.ts'

type Emit = Server<ComputeContract>['emit']

export interface ComputeService {
  readonly handlers: Handlers<ComputeContract>
  /** Ends the threads and frees the backbone. */
  end(): Promise<void>
}

/**
 * Opens the backbone of a folder and serves it. `emit` tells every engine. Throws a Fault
 * `bad-model` or `device`.
 */
export async function createComputeService(
  backbones: string,
  decode: Decode,
  emit: Emit
): Promise<ComputeService> {
  const backbone = await openBackbone(backbones)
  backbone.onLost = (provider, reason) => emit('deviceLost', { provider, reason })
  const stopwatch = new Stopwatch()
  const pipeline = new Pipeline(backbone, decode, stopwatch)
  await pipeline.warmUp()
  let quantizer: Quantizer | null = null
  const courtesy = new Courtesy()
  const learnHead = createHeadLearning({
    courtesy,
    emit,
    quantizerOf: (record) => quantizerOf(record, backbone)
  })

  const handlers: Handlers<ComputeContract> = {
    async describe() {
      const { name, sha256, output } = backbone.card
      const machine = await fingerprintOfMachine()
      const { provider } = backbone
      return { backbone: name, sha256, featureSize: output.size, provider, machine }
    },

    use(argument) {
      quantizer = argument.quantizer && quantizerOf(argument.quantizer, backbone)
      return {}
    },

    process: ({ photos, thumbnails }, signal) => courtesy.first(async () => {
      setMaxListeners(0, signal) // every photo on its way listens
      const serving = quantizer // one for the whole batch, whatever `use` does meanwhile
      const described = await Promise.all(
        photos.map(({ id, path }) =>
          pipeline
            .describe(path, thumbnails, () => emit('began', { ids: [id] }), signal)
            .then((photo) => ({ id, ...photo }))
            .catch((error: unknown) => refusalOf(error, id))
        )
      )
      if (signal.aborted) throw cancelled('compute.process')
      const features = described.flatMap((one) => ('feature' in one ? [one.feature] : []))
      const encoded = serving && (await encodeRows(serving, features))
      let row = 0
      const outcomes = described.map((one) =>
        'feature' in one ? outcomeOf(one, encoded, row++, features.length) : one
      )
      return { outcomes }
    }),

    embed: ({ source, crop }, signal) => courtesy.first(async () => {
      const serving = quantizer
      const { width, height, feature } = await pipeline.embed(source, crop ?? null, signal)
      const encoded = serving && (await encodeRows(serving, [feature]))
      const projected = encoded && encoded.projected
      const descriptor = encoded && encoded.descriptors
      return { width, height, feature: toHalves(feature), projected, descriptor }
    }),

    fit: ({ features, n, bits, seed }, signal) => courtesy.first(async () => {
      const fitted = await fitFirstQuantizer({
        features,
        n,
        D: backbone.card.output.size,
        bits,
        seed,
        backbone: backbone.card.sha256,
        multiply: (...product) => stopwatch.time(() => multiplyInRuntime(...product)),
        onProgress: (done, total) => emit('fitting', { done, total }),
        signal
      })
      return { quantizer: serialiseQuantizer(fitted) }
    }),

    encode: ({ quantizer: record, features, n }) => courtesy.first(() => {
      checkRows('features', features, n, backbone.card.output.size)
      return encode(quantizerOf(record, backbone), features, multiplyInRuntime)
    }),

    encodeProjected: ({ quantizer: record, projected, n }) => courtesy.first(() => {
      checkRows('projected', projected, n, PROJECTED)
      return encodeProjected(quantizerOf(record, backbone), projected, multiplyInRuntime)
    }),

    async views({ photos, quantizer: record, V, seed }, signal) {
      if (V < 1 || V > MOST_VIEWS)
        throw new RangeError(`V: expected 1 to ${MOST_VIEWS} views, got ${V}`)
      setMaxListeners(0, signal)
      const { projection } = quantizerOf(record, backbone)
      const seen = await Promise.all(
        photos.map(({ id, path }) =>
          pipeline
            .views(path, V, viewSeed(seed, id), signal)
            .then((features) => ({ id, features }))
            .catch((error: unknown) => refusalOf(error, id))
        )
      )
      if (signal.aborted) throw cancelled('compute.views')
      const rows = seen.flatMap((one) => ('features' in one ? [one.features] : []))
      const views = await project(projection, toHalves(joined(rows)), multiplyInRuntime)
      let row = 0
      const outcomes = seen.map((one): Seen | Refused => {
        if (!('features' in one)) return one
        const from = row++ * V * PROJECTED
        return { outcome: 'seen', id: one.id, views: views.slice(from, from + V * PROJECTED) }
      })
      return { outcomes }
    },

    async learnHead(request, signal) {
      checkRows('features', request.features, request.n, backbone.card.output.size)
      checkRows('views', request.views, request.n * request.V, PROJECTED)
      return learnHead(request, signal)
    },

    async useProvider({ provider }) {
      await backbone.move(provider)
      return { provider: backbone.provider }
    },

    async measure(_nothing, signal) {
      const open = (provider: Provider): Promise<Backbone> => backbone.on(provider)
      return { devices: await measureDevices(open, () => courtesy.giveWay(signal)) }
    },

    nearest({ queries, gallery, dimensions, top }) {
      return nearest(queries, gallery, dimensions, top)
    },

    usage: () => stopwatch.lap()
  }

  return {
    handlers,
    async end() {
      await pipeline.end()
      await backbone.dispose()
    }
  }
}

/** The same for a photo whatever else is seen. */
function viewSeed(seed: number, id: number): number {
  return (Math.imul(seed, 0x9e3779b1) + id) | 0
}

function checkRows(name: string, rows: Uint16Array, n: number, size: number): void {
  if (rows.length !== n * size)
    throw new RangeError(`${name}: expected ${n} rows of ${size}, got ${rows.length} numbers`)
}

/** The quantizer of a record, which must be of this backbone. Throws a Fault `bad-model`. */
function quantizerOf(record: QuantizerRecord, backbone: Backbone): Quantizer {
  const subject = 'quantizer'
  const remedy = 'It is fitted again by itself.'
  const { sha256, output } = backbone.card
  try {
    const quantizer = parseQuantizer(record)
    const D = quantizer.projection.mean.length
    if (quantizer.backbone === sha256 && D === output.size) return quantizer
    const expected = `one of the backbone ${sha256}, D ${output.size}`
    const received = `${quantizer.backbone}, D ${D}`
    throw new Fault({ kind: 'bad-model', subject, expected, received, remedy })
  } catch (error) {
    if (!(error instanceof QuantizerError)) throw error
    const expected = 'a record that passes its checks'
    throw new Fault({ kind: 'bad-model', subject, expected, received: error.message, remedy })
  }
}

/** Rows one after the other. */
function joined(rows: readonly Float32Array[]): Float32Array {
  const size = rows[0]?.length ?? 0
  const all = new Float32Array(rows.length * size)
  rows.forEach((row, i) => all.set(row, i * size))
  return all
}

/** Encodes features, each [D], in one go. */
async function encodeRows(quantizer: Quantizer, features: Float32Array[]): Promise<Encoded> {
  const rows = joined(features)
  // From what is stored: encoding again from the catalogue gives the same.
  return encode(quantizer, toHalves(rows), multiplyInRuntime)
}

/** A photo's outcome; its codes are row `row` of n. */
function outcomeOf(
  { feature, ...photo }: DescribedPhoto & { id: number },
  encoded: Encoded | null,
  row: number,
  n: number
): Described {
  const rowOf = <T extends Uint16Array | Uint8Array>(rows: T): T => {
    const size = rows.length / n
    return rows.slice(row * size, (row + 1) * size) as T
  }
  return {
    outcome: 'described',
    ...photo,
    feature: toHalves(feature),
    projected: encoded && rowOf(encoded.projected),
    descriptor: encoded && rowOf(encoded.descriptors),
    code: encoded && rowOf(encoded.codes)
  }
}

/**
 * Why a photo has no outcome. A photo must not stop a run, so an error of ours is told as its
 * reason.
 */
function refusalOf(error: unknown, id: number): Refused {
  if (isFault(error)) return { outcome: 'refused', id, fault: error.record }
  console.error(error)
  const received = error instanceof Error ? error.message : String(error)
  const remedy = 'This is an error of Kindred; please report it.'
  const [subject, expected] = [`photo ${id}`, 'no internal error']
  return {
    outcome: 'refused',
    id,
    fault: { kind: 'corrupt-photo', subject, expected, received, remedy }
  }
}
