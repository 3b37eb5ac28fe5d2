// What the catalogue and the model look like as a whole: for the page, for `status`, for
// `evaluate`. Runs in the engine; reads only.
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ModelRow } from '../catalogue/models.ts'
import type { DirectoryInfo, ModelInfo } from '../wire/engine-contract.ts'
import type { FailedPhoto, Status, Vectors } from './api.ts'
import { pathOf } from './compute-link.ts'
import { joined, joinedHalves } from './outcomes.ts'
import type { LoadedModel, Search } from './search.ts'

const ROWS_AT_ONCE = 1000

/** A model as it is shown. */
export function infoOf({ id, kind, M, K, L, fittedOn, createdAt }: ModelRow): ModelInfo {
  return { id, kind, M, K, L, bits: M * Math.log2(K), fittedOn, createdAt }
}

/** Photos by status, gone ones left out of `photos`. */
export function photoCounts(catalogue: Catalogue): Omit<Status, 'model' | 'bytesPerPhoto'> {
  const { pending, indexed, failed } = catalogue.work.counts()
  return { photos: pending + indexed + failed, indexed, pending, failed }
}

/** The directories of a folder, with the photos in and below each, in order of path. */
export function directoriesOf(catalogue: Catalogue, folder: number): DirectoryInfo[] {
  const counts = new Map<string, number>()
  for (const { directory, photos } of catalogue.photos.directories(folder)) {
    const names = directory === '' ? [] : directory.split('/')
    for (let depth = 0; depth <= names.length; depth++) {
      const path = names.slice(0, depth).join('/')
      counts.set(path, (counts.get(path) ?? 0) + photos)
    }
  }
  return [...counts].map(([path, photos]) => ({ path, photos })).sort(byPath)
}

/** Parents before what is in them, whatever signs sort before '/'. */
function byPath(a: DirectoryInfo, b: DirectoryInfo): number {
  const [x, y] = [a.path.replaceAll('/', '\0'), b.path.replaceAll('/', '\0')]
  return x < y ? -1 : Number(x > y)
}

/** See `Status`. */
export function statusOf(catalogue: Catalogue, search: Search): Status {
  const model = search.serving()
  return {
    ...photoCounts(catalogue),
    model: model ? infoOf(model.row) : null,
    bytesPerPhoto: model ? model.row.M / 2 : catalogue.vectors.featureBytes()
  }
}

/** All photos that failed, in order of id. */
export function failedPhotos(catalogue: Catalogue): FailedPhoto[] {
  const all: FailedPhoto[] = []
  for (;;) {
    const rows = catalogue.photos.failures(all.length, ROWS_AT_ONCE)
    for (const row of rows) all.push({ path: pathOf(row), reason: row.reason })
    if (rows.length < ROWS_AT_ONCE) return all
  }
}

/** See `Vectors`. Holds them all in memory: for libraries to be measured, not for daily use. */
export async function allVectors(catalogue: Catalogue, model?: LoadedModel): Promise<Vectors> {
  const ids: number[] = []
  const paths: string[] = []
  const features: Uint16Array[] = []
  const projected: Uint16Array[] = []
  const descriptors: Uint16Array[] = []
  const codes: Uint8Array[] = []
  for (let after = 0; ;) {
    const rows = catalogue.photos.paths(after, ROWS_AT_ONCE)
    for (const row of rows) {
      const feature = catalogue.vectors.indexedFeature(row.id)
      const encoding = model && catalogue.vectors.encoding(row.id, model.id)
      if (!feature || (model && !encoding)) continue
      ids.push(row.id)
      paths.push(pathOf(row))
      features.push(feature)
      if (!encoding) continue
      projected.push(encoding.projected)
      descriptors.push(encoding.descriptor)
      codes.push(encoding.code)
    }
    const last = rows.at(-1)
    if (!last) break
    after = last.id
    await new Promise(setImmediate)
  }
  return {
    ids: Uint32Array.from(ids),
    paths,
    featureSize: features[0]?.length ?? 0,
    features: joinedHalves(features),
    encoded: model
      ? {
          quantizer: model.record,
          projected: joinedHalves(projected),
          descriptors: joinedHalves(descriptors),
          codes: joined(codes)
        }
      : null
  }
}
