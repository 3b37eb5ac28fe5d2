// What the catalogue and the model look like as a whole: for the page, for `status`, for
// `evaluate`. Runs in the reader; reads only.
import { join } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { ModelRow } from '../../catalogue/model-table.ts'
import type { Encoding } from '../../catalogue/encoding-table.ts'
import type { QuantizerRecord } from '../../wire/records.ts'
import type { ModelInfo, Wait } from '../../wire/engine-records.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import type { Traits } from '../../wire/filter.ts'
import type { LeftOut } from '../../wire/left-out.ts'
import { pathOf } from '../photo-paths.ts'
import type { UsedModel } from '../lines/compute-session.ts'
import type { Describer } from '../lines/describer.ts'
import { joined, joinedHalves, rowOf } from '../joined.ts'
import { waitsOf } from '../faults/waits.ts'
import { leftOutByFolder } from './left-out.ts'
import type { Search } from './search.ts'
import { traitsOf } from './traits.ts'

const ROWS_AT_ONCE = 1000
/** More than any library has that is measured. */
const MOST = 1_000_000

export interface Status {
  photos: number // gone ones left out
  indexed: number
  pending: number
  failed: number
  damaged: number // of those indexed
  companions: number // files that belong to photos and are none of their own
  otherPaths: number // of files that are one photo, though they lie at several
  model: ModelInfo | null
  bytesPerPhoto: number // what a scan reads: the code, or the feature while there is no model
  cameras: Traits['cameras'] // that photos were taken by, most first
  waits: Wait[] // what pending photos wait for, as far as it is stored
  closed: string[] // paths of directories that cannot be listed
  leftOut: { folder: string; some: LeftOut }[] // what of each folder is left out; its path
  omitted: string[] // paths of the subfolders that a person left out
  away: string[] // folders, and drives below them, that are not there; their photos are kept
}

export interface FailedPhoto {
  path: string
  fault: FaultRecord
}

/**
 * All that was computed for the indexed photos; row i of each belongs to photo i. f16 bit patterns.
 */
export interface Vectors {
  ids: Uint32Array // [n]
  paths: string[] // [n]
  featureSize: number // D
  features: Uint16Array // [n, D]
  /** Of the serving model; null while there is none. */
  encoded: {
    quantizer: QuantizerRecord
    projected: Uint16Array // [n, 256]
    descriptors: Uint16Array // [n, M*L]
    codes: Uint8Array // [n, M/2]
  } | null
}

/** A model as it is shown. */
export function infoOf({ id, kind, M, K, L, fittedOn, createdAt }: ModelRow): ModelInfo {
  return { id, kind, M, K, L, bits: M * Math.log2(K), fittedOn, createdAt }
}

/** Photos by status, gone ones left out of `photos`. */
export function photoCounts(
  catalogue: Catalogue
): Pick<Status, 'photos' | 'indexed' | 'pending' | 'failed'> {
  const { pending, indexed, failed } = catalogue.work.counts()
  return { photos: pending + indexed + failed, indexed, pending, failed }
}

/** Photos by folder, in each of the folders that their files lie in. */
export function photosByFolder(catalogue: Catalogue): Map<number, number> {
  const counts = catalogue.folders.counts()
  for (const { folder, photos } of catalogue.otherPaths.byFolder())
    counts.set(folder, (counts.get(folder) ?? 0) + photos)
  return counts
}

/** See `Status`. */
export function statusOf(catalogue: Catalogue, search: Search): Status {
  const model = search.serving()
  return {
    ...photoCounts(catalogue),
    damaged: catalogue.photos.damaged(),
    companions: catalogue.companions.total(),
    otherPaths: catalogue.otherPaths.total(),
    model: model ? infoOf(model.row) : null,
    bytesPerPhoto: model ? model.row.M / 2 : catalogue.vectors.featureBytes(),
    cameras: traitsOf(catalogue).cameras,
    waits: waitsOf(catalogue, catalogue.settings.stop()),
    ...leftAside(catalogue)
  }
}

function leftAside(catalogue: Catalogue): Pick<Status, 'closed' | 'leftOut' | 'omitted' | 'away'> {
  const leftOut = leftOutByFolder(catalogue)
  const folders = catalogue.folders.list()
  return {
    closed: folders.flatMap(({ id, path }) =>
      catalogue.closed.ofFolder(id).map(({ directory }) => join(path, directory))
    ),
    leftOut: folders.flatMap(({ id, path }) =>
      (leftOut.get(id) ?? []).map((some) => ({ folder: path, some }))
    ),
    omitted: folders.flatMap(({ id, path }) =>
      catalogue.omitted.directories(id).map((directory) => join(path, directory))
    ),
    away: folders.flatMap(({ id, path, present }) =>
      present ? awayIn(catalogue, id).map((directory) => join(path, directory)) : [path]
    )
  }
}

/** Where drives are mounted below a folder that are not there now. */
export function awayIn(catalogue: Catalogue, folder: number): string[] {
  const mounts = catalogue.mounts.ofFolder(folder)
  return mounts.filter(({ away }) => away).map(({ directory }) => directory)
}

/** All photos that failed, in order of id. */
export function failedPhotos(catalogue: Catalogue): FailedPhoto[] {
  const all: FailedPhoto[] = []
  for (let after = 0; ;) {
    const rows = catalogue.photos.failures(after, ROWS_AT_ONCE)
    for (const row of rows) all.push({ path: pathOf(row), fault: row.fault })
    if (rows.length < ROWS_AT_ONCE) return all
    after = rows.at(-1)!.id
  }
}

/**
 * See `Vectors`. What photos lack, a feature of the backbone or an encoding of the model, is made
 * where there is who describes, and not stored; else they are left out. Holds them all in memory:
 * for libraries to be measured, not for daily use.
 */
export async function allVectors(
  catalogue: Catalogue,
  backbone: string,
  model?: UsedModel,
  describer?: Describer,
  signal?: AbortSignal
): Promise<Vectors> {
  const photos: { id: number; path: string; feature: Uint16Array; encoding?: Encoding }[] = []
  const undescribed = new Set(describer && catalogue.vectors.undescribed(backbone, 0, MOST))
  for (let after = 0; ;) {
    const rows = catalogue.photos.paths(after, ROWS_AT_ONCE)
    const strange = rows.map(({ id }) => id).filter((id) => undescribed.has(id))
    const made = strange.length > 0 ? await describer?.renew(strange, backbone, signal) : undefined
    const lacking: (typeof photos)[number][] = []
    for (const row of rows) {
      const feature = catalogue.vectors.indexedFeature(row.id, backbone) ?? made?.get(row.id)
      const encoding = model && catalogue.vectors.encoding(row.id, model.id)
      if (!feature || (model && !encoding && !describer)) continue
      const photo = { id: row.id, path: pathOf(row), feature, ...(encoding && { encoding }) }
      photos.push(photo)
      if (model && !encoding) lacking.push(photo)
    }
    if (model && describer && lacking.length > 0) {
      const features = joinedHalves(lacking.map((photo) => photo.feature))
      const encoded = await describer.encode(model.record, features, lacking.length, signal)
      lacking.forEach((photo, i) => (photo.encoding = rowOf(encoded, i, lacking.length)))
    }
    const last = rows.at(-1)
    if (!last) break
    after = last.id
    await new Promise(setImmediate)
  }
  const encodings = photos.flatMap(({ encoding }) => encoding ?? [])
  return {
    ids: Uint32Array.from(photos, ({ id }) => id),
    paths: photos.map(({ path }) => path),
    featureSize: photos[0]?.feature.length ?? 0,
    features: joinedHalves(photos.map(({ feature }) => feature)),
    encoded: model
      ? {
          quantizer: model.record,
          projected: joinedHalves(encodings.map(({ projected }) => projected)),
          descriptors: joinedHalves(encodings.map(({ descriptor }) => descriptor)),
          codes: joined(encodings.map(({ code }) => code))
        }
      : null
  }
}
