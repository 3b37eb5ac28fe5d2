// The map: how well it keeps what is near, and how long it takes. By default photos of the shared
// folder are indexed in a temporary library; `--library` takes one that is there (simulate makes
// large ones), brings its tables up to date and leaves it as it is.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { connectCatalogue, openCatalogue } from '../../main/catalogue/catalogue.ts'
import { mapPhotos } from '../../main/engine/mapping/map-photos.ts'
import { makeMap, placeNew, preservationOf } from '../../model/mapping.ts'
import type { MadeMap, MapPhotos, Placed } from '../../model/mapping.ts'
import { kindred } from '../support/kindred.ts'
import { describeMachine } from './machine.ts'

const { values } = parseArgs({
  options: {
    from: {
      type: 'string',
      default: fileURLToPath(new URL('../../../shared/photos/objects', import.meta.url))
    },
    library: { type: 'string' },
    help: { type: 'boolean' }
  }
})
if (values.help) {
  console.log('--from <folder> (../shared/photos/objects) | --library <library>')
  process.exit()
}
const machine = describeMachine()

/** The places of a map in the order of the photos [n, 2]. */
function inOrder({ ids }: MapPhotos, placed: Placed): Float32Array {
  const at = new Map(Array.from(placed.ids, (id, i) => [id, i]))
  const places = new Float32Array(2 * ids.length)
  ids.forEach((id, i) => {
    const from = at.get(id) ?? 0
    places.set(placed.places.subarray(2 * from, 2 * from + 2), 2 * i)
  })
  return places
}

/** A map without some photos, to place these on it. */
function without({ ids, places }: MadeMap, isLeftOut: (id: number) => boolean): Placed {
  const kept = [...ids.keys()].filter((i) => !isLeftOut(ids[i]!))
  return {
    ids: Uint32Array.from(kept, (i) => ids[i]!),
    places: Float32Array.from(kept.flatMap((i) => [places[2 * i]!, places[2 * i + 1]!]))
  }
}

async function measure(library: string): Promise<object> {
  openCatalogue(library).close() // its tables may be of before
  const catalogue = connectCatalogue(library, 'read')
  try {
    const serving = catalogue.models.serving()
    if (!serving) throw new Error('this library has too few photos: it has no model')
    const by = { model: serving.id, backbone: '' }
    const photos = await mapPhotos(catalogue, by, () => undefined)
    const began = performance.now()
    let [toldAt, longest] = [began, 0]
    const made = await makeMap(photos, undefined, () => {
      const now = performance.now()
      longest = Math.max(longest, now - toldAt)
      toldAt = now
    })
    const seconds = (performance.now() - began) / 1000
    const placed = performance.now()
    const isNew = (id: number): boolean => id % 20 === 0
    const old = without(made, isNew)
    const added = placeNew(photos, old, () => undefined)
    const placing = performance.now() - placed
    const both = {
      ids: Uint32Array.from([...old.ids, ...added.ids]),
      places: Float32Array.from([...old.places, ...added.places])
    }
    return {
      photos: photos.ids.length,
      seconds: Math.round(seconds),
      longestWithoutPause: `${Math.round(longest)} ms`,
      clusters: new Set(made.clusters).size,
      nearAmongKin: preservationOf(photos.rows, inOrder(photos, made)).toFixed(3),
      withTwentiethPlacedLater: preservationOf(photos.rows, inOrder(photos, both)).toFixed(3),
      placedLater: `${(placing / added.ids.length).toFixed(2)} ms a photo`
    }
  } finally {
    catalogue.close()
  }
}

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'kindred-map-'))
  try {
    const library = values.library ?? join(home, 'library')
    if (values.library === undefined) {
      const ran = await kindred('index', values.from, '--library', library)
      if (ran.code !== 0) throw new Error(`indexing ended with ${ran.code}: ${ran.stderr}`)
    }
    console.log({ ...(await measure(library)), machine })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

void main()
