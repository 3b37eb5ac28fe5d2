// What the writer says to the reader, put on the wire between the two threads. Runs in the writer.
import type { Client } from '../../wire/channel.ts'
import type { ReaderContract } from '../../wire/writer-contract.ts'
import type { Tell } from '../context.ts'
import type { FarReader } from '../lines/reader-line.ts'

/** The reader at the far end of the line. */
export function farReader(far: Client<ReaderContract>, tell: Tell): FarReader {
  return {
    useBackbone: (sha256) => tell('backbone', { sha256 }),
    async load(model) {
      await far.call('load', { model })
    },
    async serve(model) {
      await far.call('serve', { model: model ?? null })
    },
    letGo: (model) => tell('letGo', { model }),
    changed: (ids, model) =>
      tell('photos', { ids: Uint32Array.from(ids), ...(model !== undefined && { model }) }),
    kin: async (ids, count) =>
      (await far.call('kin', { ids: Uint32Array.from(ids), count })).kin
  }
}
