// Who describes what is not stored: compute, over the line that this thread has. The writer has one
// of its own; the reader asks the writer.
import type { Client } from '../../wire/channel.ts'
import type { Encoded, QuantizerRecord } from '../../wire/records.ts'
import type { Crop } from '../../wire/query-contract.ts'
import type { WriterContract } from '../../wire/writer-contract.ts'
import type { ComputeLink } from './compute-link.ts'
import type { Embedded, PictureSource } from './compute-session.ts'
import { knownPhoto } from '../photo-paths.ts'
import type { PhotoPlaces } from '../photo-paths.ts'

export interface Describer {
  /** Describes a picture, or a part of it. */
  embed(source: PictureSource, crop: Crop | null, signal?: AbortSignal): Promise<Embedded>
  /** Encodes features [n, D] with a quantizer. */
  encode(
    quantizer: QuantizerRecord,
    features: Uint16Array<ArrayBuffer>,
    n: number,
    signal?: AbortSignal
  ): Promise<Encoded>
  /** Features of photos by a backbone, by id, of those that can be read. Nothing is kept. */
  renew(
    ids: readonly number[],
    backbone: string,
    signal?: AbortSignal
  ): Promise<ReadonlyMap<number, Uint16Array>>
}

/** Describes by the compute at the end of a line. All wait for it, and reject as its calls do. */
export function describerOf(link: ComputeLink, places: PhotoPlaces): Describer {
  return {
    async embed(source, crop, signal) {
      return (await link.session(signal)).embed(source, crop, signal)
    },
    async encode(quantizer, features, n, signal) {
      return (await link.session(signal)).call('encode', { quantizer, features, n }, signal)
    },
    async renew(ids, backbone, signal) {
      const photos = ids.flatMap((id) => knownPhoto(places, id) ?? [])
      const session = await link.session(signal)
      const { outcomes } = await session.call('renew', { photos, backbone }, signal)
      return new Map(
        outcomes.flatMap((one) => (one.outcome === 'renewed' ? [[one.id, one.feature]] : []))
      )
    }
  }
}

/** Describes by the compute of the writer, asked from the reader. */
export function describerAt(writer: Client<WriterContract>): Describer {
  return {
    async embed(source, crop, signal) {
      const { model, ...described } = await writer.call('embed', { source, crop }, signal)
      return { ...described, model }
    },
    encode: (quantizer, features, n, signal) =>
      writer.call('encode', { quantizer, features, n }, signal),
    async renew(ids, backbone, signal) {
      return (await writer.call('renew', { ids: [...ids], backbone }, signal)).features
    }
  }
}
