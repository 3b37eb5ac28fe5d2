// The map as the page gets it: read once and kept until a place changes. Runs in the reader.
import { setImmediate as breath } from 'node:timers/promises'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { MapSlice } from '../../wire/map-messages.ts'
import { cellOf } from '../../../model/mapping.ts'
import { joinedFloats, joinedWords } from '../joined.ts'
import type { MapMaker } from './map-maker.ts'

export interface ShownMap {
  slice(maker: MapMaker, request: { offset: number; count: number }): Promise<MapSlice>
  /** Places changed: they are read anew. */
  changed(): void
}

/** Photos that are read at once: some milliseconds. */
const AT_ONCE = 4000

type Kept = Omit<MapSlice, 'state' | 'total'>

/** Makes the room for it. */
export function createShownMap(catalogue: Catalogue): ShownMap {
  let version = Date.now() // so that it never falls
  let kept: { version: number; read: Promise<Kept> } | undefined

  async function read(): Promise<Kept> {
    const mine = version
    const current = catalogue.map.current()
    const parts = []
    for (let after = 0; current; ) {
      const part = catalogue.map.places(after, AT_ONCE)
      parts.push(part)
      if (part.ids.length < AT_ONCE) break
      after = part.ids.at(-1) ?? after
      await breath()
    }
    const ids = joinedWords(parts.map((part) => part.ids))
    const places = joinedFloats(parts.map((part) => part.places))
    const clusters = Uint8Array.from(
      ids,
      (_, i) => current?.clusters[cellOf(places[2 * i]!, places[2 * i + 1]!)] ?? 0
    )
    return {
      version: mine,
      layout: current?.number ?? 0,
      reason: current?.reason ?? 'first',
      ids,
      places,
      clusters
    }
  }

  return {
    async slice(maker, { offset, count }) {
      if (kept?.version !== version) {
        const begun = { version, read: read() }
        begun.read.catch(() => (kept = undefined)) // the next question tries again
        kept = begun
      }
      const { ids, places, clusters, ...rest } = await kept.read
      const end = offset + count
      return {
        ...rest,
        state: maker.state,
        total: ids.length,
        ids: ids.slice(offset, end),
        places: places.slice(2 * offset, 2 * end),
        clusters: clusters.slice(offset, end)
      }
    },
    changed: () => void version++
  }
}
