// What compute offers (computeContract), put together. Compute's main thread; knows no process and
// no port, so that tests and the command line can hold it as app does.
import { setMaxListeners } from 'node:events'
import {
  QuantizerError,
  encode,
  fitFirstQuantizer,
  parseQuantizer,
  serialiseQuantizer,
  toHalves,
  type Encoded,
  type Quantizer
} from '../../model/retrieval.ts'
import { nearest } from '../../model/learning.ts'
import type { Decode } from '../decode/decoder.ts'
import type { Handlers, Server } from '../wire/channel.ts'
import type {
  ComputeContract,
  Described,
  QuantizerRecord,
  Refused
} from '../wire/compute-contract.ts'
import { Fault, cancelled, isFault } from '../wire/fault.ts'
import { openBackbone, type Backbone } from './backbone.ts'
import { multiplyInRuntime } from './multiply.ts'
import { Pipeline, type DescribedPhoto } from './pipeline.ts'
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
  const stopwatch = new Stopwatch()
  const pipeline = new Pipeline(backbone, decode, stopwatch)
  await pipeline.warmUp()
  let quantizer: Quantizer | null = null

  const handlers: Handlers<ComputeContract> = {
    describe() {
      const { name, sha256, output } = backbone.card
      return { backbone: name, sha256, featureSize: output.size, provider: backbone.provider }
    },

    use(argument) {
      quantizer = argument.quantizer && quantizerOf(argument.quantizer, backbone)
      return {}
    },

    async process({ photos, thumbnails }, signal) {
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
    },

    async embed({ source }, signal) {
      const serving = quantizer
      const { width, height, feature } = await pipeline.embed(source, signal)
      const encoded = serving && (await encodeRows(serving, [feature]))
      const descriptor = encoded && encoded.descriptors
      return { width, height, feature: toHalves(feature), descriptor }
    },

    async fit({ features, n, bits, seed }, signal) {
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
    },

    encode({ quantizer: record, features, n }) {
      const D = backbone.card.output.size
      if (features.length !== n * D)
        throw new RangeError(`features: expected ${n} rows of ${D}, got ${features.length} numbers`)
      return encode(quantizerOf(record, backbone), features, multiplyInRuntime)
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

/** Encodes features, each [D], in one go. */
async function encodeRows(quantizer: Quantizer, features: Float32Array[]): Promise<Encoded> {
  const D = quantizer.projection.mean.length
  const rows = new Float32Array(features.length * D)
  features.forEach((feature, i) => rows.set(feature, i * D))
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
