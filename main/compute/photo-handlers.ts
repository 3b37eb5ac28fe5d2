// Photos into features, codes and views, as compute offers it: one outcome a photo, so that one
// that cannot be read stops no other. Compute's main thread.
import { setMaxListeners } from 'node:events'
import { PROJECTED, fingerprintOf, project, toHalves } from '../../model/retrieval.ts'
import type { Encoded, Quantizer } from '../../model/retrieval.ts'
import type { Handlers, Server } from '../wire/channel.ts'
import type {
  ComputeContract,
  Dated,
  Described,
  Fingerprinted,
  Judged,
  Refused,
  Renewed,
  Viewed
} from '../wire/compute-contract.ts'
import type { QuantizerRecord } from '../wire/records.ts'
import { cancelled, faultOf, isFault } from '../wire/fault.ts'
import type { Backbone } from './backbone.ts'
import type { Backbones } from './backbones.ts'
import type { Encoding } from './encoding.ts'
import type { LargePictures } from './large-pictures.ts'
import { multiplyInRuntime } from './multiply-in-runtime.ts'
import { MOST_VIEWS } from './pipeline.ts'
import type { DescribedPhoto, Pipeline } from './pipeline.ts'
import type { Priority } from './priority.ts'

export interface PhotoParts {
  backbones: Backbones
  pipeline: Pipeline
  large: LargePictures
  encoding: Encoding
  priority: Priority
  emit: Server<ComputeContract>['emit']
  quantizerOf(record: QuantizerRecord): Quantizer
}

type Methods =
  | 'setQuantizer'
  | 'process'
  | 'dates'
  | 'judge'
  | 'makeThumbnail'
  | 'large'
  | 'part'
  | 'draw'
  | 'embed'
  | 'views'
  | 'fingerprints'
  | 'renew'

/** Makes the handlers that see photos. */
export function photoHandlers({
  backbones,
  pipeline,
  large,
  encoding,
  priority,
  emit,
  quantizerOf
}: PhotoParts): Pick<Handlers<ComputeContract>, Methods> {
  /** What describes, and encodes if there is anything to encode with: always changed together. */
  let used: { backbone: Backbone; quantizer: Quantizer | null } = {
    backbone: backbones.preferred,
    quantizer: null
  }
  let uses = 0

  /** Work for each photo; its outcome is a refusal where that fails. All end before it rejects. */
  async function eachOf<P extends { id: number }, T>(
    photos: readonly P[],
    work: (photo: P) => Promise<T>,
    subject: string,
    signal: AbortSignal
  ): Promise<(T | Refused)[]> {
    setMaxListeners(0, signal) // every photo on its way listens
    const outcomes = await Promise.all(
      photos.map((photo) => work(photo).catch((error: unknown) => refusalOf(error, photo.id)))
    )
    if (signal.aborted) throw cancelled(subject)
    return outcomes
  }

  return {
    async setQuantizer({ quantizer: record, backbone: sha256 }) {
      const mine = ++uses
      const quantizer = record && quantizerOf(record)
      const own = quantizer?.backbone ?? sha256
      const backbone = own === undefined ? backbones.preferred : await backbones.get(own)
      if (mine === uses) used = { backbone, quantizer } // else another was asked for since
      return {}
    },

    process({ photos, thumbnails }, signal) {
      return priority.first(async () => {
        const { backbone, quantizer } = used // for the whole batch, whatever `use` does meanwhile
        const describe = async ({ id, ...files }: (typeof photos)[number]) => {
          const onBegan = (): void => emit('began', { ids: [id] })
          return { id, ...(await pipeline.describe(backbone, files, thumbnails, onBegan, signal)) }
        }
        const described = await eachOf(photos, describe, 'compute.process', signal)
        const features = described.flatMap((one) => ('feature' in one ? [one.feature] : []))
        const encoded = quantizer && (await encodeRows(encoding, quantizer, features))
        let row = 0
        const outcomes = described.map((one) =>
          'feature' in one ? outcomeOf(one, encoded, row++, features.length) : one
        )
        return { backbone: backbone.card.sha256, outcomes }
      })
    },

    async dates({ photos }, signal) {
      const date = async ({ id, path, sidecar }: (typeof photos)[number]): Promise<Dated> => {
        return { outcome: 'dated', id, ...(await pipeline.date(path, sidecar ?? null, signal)) }
      }
      return { outcomes: await eachOf(photos, date, 'compute.dates', signal) }
    },

    async judge({ photos, thumbnails }, signal) {
      const judge = async ({ id, ...files }: (typeof photos)[number]): Promise<Judged> => {
        const onBegan = (): void => emit('began', { ids: [id] })
        const judged = await pipeline.judge(files, thumbnails, onBegan, signal)
        return { outcome: 'judged', id, ...judged }
      }
      return { outcomes: await eachOf(photos, judge, 'compute.judge', signal) }
    },

    async makeThumbnail({ path, ...picture }, signal) {
      await pipeline.makeThumbnail(path, picture, signal)
      return {}
    },

    async large({ side, ...file }, signal) {
      return { bytes: await large.whole(file, side, signal) }
    },
    async part({ path, hash, ...place }, signal) {
      return { bytes: await large.part({ path, hash }, place, signal) }
    },

    draw: async ({ bytes, side }, signal) => ({ bytes: await large.draw(bytes, side, signal) }),

    embed({ source, crop }, signal) {
      return priority.first(async () => {
        const { backbone, quantizer } = used
        const seen = await pipeline.embed(backbone, source, crop ?? null, signal)
        const encoded = quantizer && (await encodeRows(encoding, quantizer, [seen.feature]))
        return {
          backbone: backbone.card.sha256,
          width: seen.width,
          height: seen.height,
          feature: toHalves(seen.feature),
          projected: encoded && encoded.projected,
          descriptor: encoded && encoded.descriptors
        }
      })
    },

    async views({ photos, quantizer: record, V, seed }, signal) {
      if (V < 1 || V > MOST_VIEWS)
        throw new RangeError(`V: expected 1 to ${MOST_VIEWS} views, got ${V}`)
      const { projection, backbone: sha256 } = quantizerOf(record)
      const backbone = await backbones.get(sha256)
      const see = async ({ id, ...photo }: (typeof photos)[number]) => {
        const features = await pipeline.views(backbone, photo, V, viewSeed(seed, id), signal)
        return { id, features }
      }
      const seen = await eachOf(photos, see, 'compute.views', signal)
      const rows = seen.flatMap((one) => ('features' in one ? [one.features] : []))
      const views = await project(projection, toHalves(joined(rows)), multiplyInRuntime)
      let row = 0
      const outcomes = seen.map((one): Viewed | Refused => {
        if (!('features' in one)) return one
        const from = row++ * V * PROJECTED
        return { outcome: 'viewed', id: one.id, views: views.slice(from, from + V * PROJECTED) }
      })
      return { outcomes }
    },

    async fingerprints({ photos }, signal) {
      const see = async (photo: (typeof photos)[number]): Promise<Fingerprinted> => {
        const { rgb, width, height } = await pipeline.picture(photo, signal)
        const fingerprint = fingerprintOf(rgb, width, height)
        return { outcome: 'fingerprinted', id: photo.id, fingerprint }
      }
      return { outcomes: await eachOf(photos, see, 'compute.fingerprints', signal) }
    },

    async renew({ photos, backbone: sha256 }, signal) {
      const backbone = await backbones.get(sha256)
      const renew = async (photo: (typeof photos)[number]): Promise<Renewed> => {
        const feature = toHalves(await pipeline.renew(backbone, photo, signal))
        return { outcome: 'renewed', id: photo.id, feature }
      }
      return { outcomes: await eachOf(photos, renew, 'compute.renew', signal) }
    }
  }
}

/** The seed of a photo's views: the same whichever photos are asked for with it. */
function viewSeed(seed: number, id: number): number {
  return (Math.imul(seed, 0x9e3779b1) + id) | 0
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
  return encoding(quantizer, toHalves(rows))
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
 * Why a photo has no outcome. It must not stop a run, so an error of ours is told as its reason: it
 * may be this photo alone that meets it.
 */
function refusalOf(error: unknown, id: number): Refused {
  if (!isFault(error)) console.error(error)
  return { outcome: 'refused', id, fault: faultOf(error, `photo ${id}`, 'photo').record }
}
