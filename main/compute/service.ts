// What compute offers (computeContract), put together. Compute's main thread; knows no process and
// no port, so that tests and the command line can hold it as app does.
import { setMaxListeners } from 'node:events'
import {
  PROJECTED,
  QuantizerError,
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
  Renewed,
  Seen
} from '../wire/compute-contract.ts'
import { Fault, cancelled, isFault } from '../wire/fault.ts'
import type { Backbone } from './backbone.ts'
import { Backbones } from './backbones.ts'
import { Priority } from './priority.ts'
import { fingerprintOfMachine, measureDevices } from './devices.ts'
import { openEncoding, type Encoding } from './encoding.ts'
import { createDeepLearning } from './learn-deep.ts'
import { createHeadLearning } from './learn.ts'
import { multiplyInRuntime } from './multiply.ts'
import { oneTrainingAtATime } from './one-training.ts'
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
  folder: string,
  decode: Decode,
  emit: Emit
): Promise<ComputeService> {
  const backbones = await Backbones.open(folder, (provider, reason) =>
    emit('deviceLost', { provider, reason })
  )
  const { shipped } = backbones
  const D = shipped.card.output.size
  const stopwatch = new Stopwatch()
  const encoding = await openEncoding()
  const pipeline = new Pipeline(shipped.card, decode, stopwatch)
  await pipeline.warmUp()
  /** What describes, and encodes if there is anything to encode with: always changed together. */
  let used: { backbone: Backbone; quantizer: Quantizer | null } = {
    backbone: shipped,
    quantizer: null
  }
  let uses = 0
  const priority = new Priority()
  const quantizerOf = (record: QuantizerRecord): Quantizer => checkedQuantizer(record, D)
  const learning = { oneTraining: oneTrainingAtATime(), priority, emit, quantizerOf }
  const learnHead = createHeadLearning(learning)
  const deep = createDeepLearning({ ...learning, backbones, pipeline })

  const handlers: Handlers<ComputeContract> = {
    async describe({ tuned }) {
      backbones.folder = tuned
      const { name, sha256, output } = shipped.card
      const machine = await fingerprintOfMachine()
      const { provider } = shipped
      return { backbone: name, sha256, featureSize: output.size, provider, machine }
    },

    async use({ quantizer: record }) {
      const mine = ++uses
      const quantizer = record && quantizerOf(record)
      const backbone = quantizer ? await backbones.get(quantizer.backbone) : shipped
      if (mine === uses) used = { backbone, quantizer } // else another was asked for since
      return {}
    },

    process: ({ photos, thumbnails }, signal) => priority.first(async () => {
      setMaxListeners(0, signal) // every photo on its way listens
      const { backbone, quantizer } = used // for the whole batch, whatever `use` does meanwhile
      const described = await Promise.all(
        photos.map(({ id, path }) =>
          pipeline
            .describe(backbone, path, thumbnails, () => emit('began', { ids: [id] }), signal)
            .then((photo) => ({ id, ...photo }))
            .catch((error: unknown) => refusalOf(error, id))
        )
      )
      if (signal.aborted) throw cancelled('compute.process')
      const features = described.flatMap((one) => ('feature' in one ? [one.feature] : []))
      const encoded = quantizer && (await encodeRows(encoding, quantizer, features))
      let row = 0
      const outcomes = described.map((one) =>
        'feature' in one ? outcomeOf(one, encoded, row++, features.length) : one
      )
      return { backbone: backbone.card.sha256, outcomes }
    }),

    async makeThumbnail({ path, hash, thumbnails }, signal) {
      await pipeline.makeThumbnail(path, hash, thumbnails, signal)
      return {}
    },

    embed: ({ source, crop }, signal) => priority.first(async () => {
      const { backbone, quantizer } = used
      const { sha256 } = backbone.card
      const whole = crop ?? null
      const { width, height, feature } = await pipeline.embed(backbone, source, whole, signal)
      const encoded = quantizer && (await encodeRows(encoding, quantizer, [feature]))
      const projected = encoded && encoded.projected
      const descriptor = encoded && encoded.descriptors
      const halves = toHalves(feature)
      return { backbone: sha256, width, height, feature: halves, projected, descriptor }
    }),

    fit: ({ backbone, features, n, bits, seed }, signal) => priority.first(async () => {
      const fitted = await fitFirstQuantizer({
        features,
        n,
        D,
        bits,
        seed,
        backbone: backbone ?? shipped.card.sha256,
        multiply: (...product) => stopwatch.time(() => multiplyInRuntime(...product)),
        onProgress: (done, total) => emit('fitting', { done, total }),
        signal
      })
      return { quantizer: serialiseQuantizer(fitted) }
    }),

    encode: ({ quantizer: record, features, n }) => priority.first(() => {
      checkRows('features', features, n, D)
      return encoding.encode(quantizerOf(record), features)
    }),

    encodeProjected: ({ quantizer: record, projected, n }) => priority.first(() => {
      checkRows('projected', projected, n, PROJECTED)
      return encoding.encodeProjected(quantizerOf(record), projected)
    }),

    async views({ photos, quantizer: record, V, seed }, signal) {
      if (V < 1 || V > MOST_VIEWS)
        throw new RangeError(`V: expected 1 to ${MOST_VIEWS} views, got ${V}`)
      setMaxListeners(0, signal)
      const { projection, backbone: sha256 } = quantizerOf(record)
      const backbone = await backbones.get(sha256)
      const seen = await Promise.all(
        photos.map(({ id, path }) =>
          pipeline
            .views(backbone, path, V, viewSeed(seed, id), signal)
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
      checkRows('features', request.features, request.n, D)
      checkRows('views', request.views, request.n * request.V, PROJECTED)
      return learnHead(request, signal)
    },

    async learnUnseen(request, signal) {
      checkRows('features', request.features, request.n, D)
      checkRows('views', request.views, request.n * request.V, PROJECTED)
      return deep.learnUnseen(request, signal)
    },

    async learnDeep(request, signal) {
      checkRows('features', request.features, request.n, D)
      return deep.learnDeep(request, signal)
    },

    async proveDeep(request, signal) {
      checkRows('features before', request.before.features, request.n, D)
      checkRows('features after', request.after.features, request.n, D)
      return deep.proveDeep(request, signal)
    },

    async renew({ photos, backbone: sha256 }, signal) {
      setMaxListeners(0, signal)
      const backbone = await backbones.get(sha256)
      const outcomes = await Promise.all(
        photos.map((photo) =>
          pipeline
            .renew(backbone, photo, signal)
            .then((feature) => renewed(photo.id, feature))
            .catch((error: unknown) => refusalOf(error, photo.id))
        )
      )
      if (signal.aborted) throw cancelled('compute.renew')
      return { outcomes }
    },

    async useProvider({ provider }) {
      await backbones.move(provider)
      return { provider: shipped.provider }
    },

    async measure(_nothing, signal) {
      const open = (provider: Provider): Promise<Backbone> => shipped.on(provider)
      return { devices: await measureDevices(open, () => priority.giveWay(signal)) }
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
      await backbones.dispose()
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

function renewed(id: number, feature: Float32Array): Renewed {
  return { outcome: 'renewed', id, feature: toHalves(feature) }
}

/** The quantizer of a record, for features [n, D]. Throws a Fault `bad-model`. */
function checkedQuantizer(record: QuantizerRecord, D: number): Quantizer {
  const subject = 'quantizer'
  const remedy = 'It is fitted again by itself.'
  try {
    const quantizer = parseQuantizer(record)
    const size = quantizer.projection.mean.length
    if (size === D) return quantizer
    const [expected, received] = [`one for ${D} features`, String(size)]
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
async function encodeRows(
  encoding: Encoding,
  quantizer: Quantizer,
  features: Float32Array[]
): Promise<Encoded> {
  const rows = joined(features)
  // From what is stored: encoding again from the catalogue gives the same.
  return encoding.encode(quantizer, toHalves(rows))
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
