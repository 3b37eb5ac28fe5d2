// Photos of ten kinds in a real catalogue, with features and, when asked, codes of a fitted model.
// Test code only.
import type { TestContext } from 'node:test'
import type { Catalogue } from '../../main/catalogue/catalogue.ts'
import { createSearch } from '../../main/engine/answering/search.ts'
import type { Search } from '../../main/engine/answering/search.ts'
import { encode, multiplyReference, serialiseQuantizer } from '../../model/retrieval.ts'
import type { Quantizer } from '../../model/retrieval.ts'
import { fileFacts, hashOf, temporaryCatalogue } from './library.ts'
import { clusteredFeatures, fitted } from './quantizers.ts'

/** Photos. */
export const N = 300
/** Numbers of a feature. */
export const D = 32
/** Photo i is of kind i mod CLUSTERS. */
export const CLUSTERS = 10
/** f16 [N, D] */
export const features = clusteredFeatures(N, D, CLUSTERS)
/** The first quantizer of these photos: one for all tests. */
export const fitting = fitted(N, D)

/** The feature of a photo. */
export function row(place: number): Uint16Array {
  return features.slice(place * D, (place + 1) * D)
}

/** A library to search in. */
export interface FittedLibrary {
  catalogue: Catalogue
  search: Search
  ids: number[]
  rows: readonly number[] // of the photos' features
}

/** A library of the photos of these rows, in their order, without a model; a row again: a copy. */
export async function fittedLibrary(
  context: TestContext,
  rows: readonly number[] = [...Array(N).keys()]
): Promise<FittedLibrary> {
  const { backbone } = await fitting
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const ids = catalogue.transaction(() =>
    rows.map((place, i) => {
      const directory = rows.indexOf(place) === i ? '' : `copies/${i}`
      return addDescribed(catalogue, folder, directory, place, backbone)
    })
  )
  const search = createSearch(catalogue)
  search.useBackbone(backbone)
  return { catalogue, search, ids, rows }
}

/** Adds photo `place` in a directory, with its feature; its id. Inside a transaction. */
export function addDescribed(
  { files, work, vectors }: Catalogue,
  folder: number,
  directory: string,
  place: number,
  backbone: string
): number {
  const id = files.insert(folder, directory, fileFacts(`${place}.jpg`), 0)
  const content = { hash: hashOf(`${place}`), width: 4, height: 3, capturedAt: null }
  work.describe(work.task(id)!, content)
  vectors.putFeature(id, backbone, row(place))
  return id
}

/** Encodes all photos with a model of a quantizer; the model's id. */
export async function encodeAll(
  { catalogue, ids, rows }: FittedLibrary,
  given?: Quantizer
): Promise<number> {
  const quantizer = given ?? (await fitting)
  const model = catalogue.models.add('first', serialiseQuantizer(quantizer), 0)
  const { projected, descriptors, codes } = await encode(quantizer, features, multiplyReference)
  const [P, L, C] = [projected.length / N, descriptors.length / N, codes.length / N]
  catalogue.transaction(() => {
    ids.forEach((id, place) => {
      const i = rows[place]!
      catalogue.vectors.putEncoding(id, model, {
        projected: projected.slice(i * P, (i + 1) * P),
        descriptor: descriptors.slice(i * L, (i + 1) * L),
        code: codes.slice(i * C, (i + 1) * C)
      })
    })
  })
  return model
}
