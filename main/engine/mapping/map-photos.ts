// All that photos are compared by, read from the catalogue for the map. Runs in the map's thread.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import {
  fromHalves,
  loadKernels,
  normaliseRows,
  parseQuantizer,
  scanKernels
} from '../../../model/mapping.ts'
import type { MapPhotos, Placed } from '../../../model/mapping.ts'
import { joined, joinedFloats, joinedHalves, joinedWords } from '../joined.ts'
import type { DescribedBy } from './map-due.ts'

/** Photos that are read at once: some 30 ms. */
const AT_ONCE = 5000

/** Reads them. @param tick called between two readings; what it throws ends the work */
export async function mapPhotos(
  catalogue: Catalogue,
  { model, backbone }: DescribedBy,
  tick: () => void
): Promise<MapPhotos> {
  if (model === null) return byFeatures(catalogue, backbone)
  const { codebooks } = parseQuantizer(catalogue.models.record(model))
  const parts = [...allParts((after) => catalogue.map.compared(model, after, AT_ONCE), tick)]
  const values = fromHalves(joinedHalves(parts.map(({ descriptors }) => descriptors)))
  return {
    ids: joinedWords(parts.map(({ ids }) => ids)),
    rows: { size: codebooks.M * codebooks.L, values },
    coded: {
      codes: joined(parts.map(({ codes }) => codes)),
      codebooks,
      kernels: await loadKernels(await scanKernels())
    }
  }
}

/** Without a model by whole features, from the middle of all: few, then. */
function byFeatures({ vectors }: Catalogue, backbone: string): MapPhotos {
  const found = [...vectors.featureIds(backbone)].flatMap((id) => {
    const feature = vectors.feature(id, backbone)
    return feature ? [{ id, feature }] : []
  })
  const size = found[0]?.feature.length ?? 0
  const values = fromHalves(joinedHalves(found.map(({ feature }) => feature)))
  const mean = new Float64Array(size)
  values.forEach((value, at) => (mean[at % size]! += value / found.length))
  const centred = values.map((value, at) => value - mean[at % size]!)
  normaliseRows(centred, Math.max(1, size), 1)
  return { ids: Uint32Array.from(found, ({ id }) => id), rows: { size, values: centred } }
}

/** All places that the map has now. */
export function placedNow(catalogue: Catalogue, tick: () => void): Placed {
  const parts = [...allParts((after) => catalogue.map.places(after, AT_ONCE), tick)]
  return {
    ids: joinedWords(parts.map(({ ids }) => ids)),
    places: joinedFloats(parts.map(({ places }) => places))
  }
}

/** Parts in order of id, until one is not full. */
function* allParts<T extends { ids: Uint32Array }>(
  read: (after: number) => T,
  tick: () => void
): Generator<T> {
  for (let after = 0; ;) {
    tick()
    const part = read(after)
    yield part
    if (part.ids.length < AT_ONCE) return
    after = part.ids.at(-1) ?? after
  }
}
