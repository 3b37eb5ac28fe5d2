// Kin: codes in memory, a scan of them, and the exact order of the best by what is stored. Runs in
// the engine. Truth is the catalogue; the index is a cache of the serving model's codes.
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ModelRow } from '../catalogue/models.ts'
import { Fault } from '../wire/fault.ts'
import {
  createReferenceIndex,
  distanceTable,
  fromHalves,
  orderByCosine,
  parseQuantizer
} from '../../model/retrieval.ts'
import type { CodeIndex, Codebooks, Scored } from '../../model/retrieval.ts'
import type { UsedModel } from './compute-link.ts'

/** A model with the codes of all photos that have one. */
export interface LoadedModel extends UsedModel {
  row: ModelRow
  codebooks: Codebooks
  index: CodeIndex
}

/** What a query is known by. */
export interface QueryVectors {
  feature: Uint16Array // f16 [D]
  descriptor: Uint16Array | null // f16 [M*L], of the serving model
}

export interface Search {
  serving(): LoadedModel | undefined
  /** Reads a model's codes; from then on `add` and `remove` keep them up to date. */
  load(id: number): Promise<LoadedModel>
  /** Answers come from this model from now on (undefined: from features); others are let go. */
  serve(model: LoadedModel | undefined): void
  /** The backbone whose features are compared while no model serves. */
  useBackbone(sha256: string): void
  /** Photos have new vectors; codes [n, M/2] of a model, none while there is no model. */
  add(ids: readonly number[], of?: { model: number; codes: Uint8Array }): void
  /** Photos are not to be found any more. */
  remove(ids: readonly number[]): void
  /** Photos are to be found again, as far as the catalogue has their codes. */
  restore(ids: readonly number[]): void
  /** Stored vectors of a photo, as far as a query of now needs them. */
  vectorsOf(id: number): QueryVectors | undefined
  /** The best `top` for a query, `except` left out; scores 0..1. */
  find(query: QueryVectors, top: number, except?: number): Scored
}

/** Survivors of a scan that get their exact order. */
const REORDERED = 200
const CODES_AT_ONCE = 20_000

/** Makes the search of a catalogue, with no model loaded. */
export function createSearch(catalogue: Catalogue): Search {
  const loaded = new Set<LoadedModel>()
  let serving: LoadedModel | undefined
  let backbone = ''
  let features: { ids: Uint32Array; rows: Uint16Array } | undefined

  async function load(id: number): Promise<LoadedModel> {
    const row = catalogue.models.get(id)
    if (!row) throw missingModel(id)
    const record = catalogue.models.record(id)
    const { codebooks } = parseQuantizer(record)
    const model = { id, row, record, codebooks, index: createReferenceIndex(codebooks.M) }
    loaded.add(model)
    for (let after = 0; ;) {
      const { ids, codes } = catalogue.vectors.codes(id, after, CODES_AT_ONCE)
      model.index.append(ids, codes)
      if (ids.length < CODES_AT_ONCE) break
      after = ids.at(-1) ?? after
      await new Promise(setImmediate)
    }
    model.index.remove(Uint32Array.from(catalogue.files.gone()))
    return model
  }

  /** Features of all photos, read once and kept while there is no model: few, then. */
  function allFeatures(): { ids: Uint32Array; rows: Uint16Array } {
    if (features) return features
    const ids = catalogue.vectors.featureIds(backbone)
    const parts = [...ids].map((id) => catalogue.vectors.feature(id) ?? new Uint16Array())
    const size = parts[0]?.length ?? 0
    const rows = new Uint16Array(ids.length * size)
    parts.forEach((part, index) => rows.set(part, index * size))
    features = { ids, rows }
    return features
  }

  function scan(model: LoadedModel, descriptor: Float32Array, top: number): Scored {
    const { M, L } = model.codebooks
    const found = model.index.search(
      distanceTable(descriptor, model.codebooks),
      Math.max(REORDERED, top)
    ).ids
    const ids: number[] = []
    const rows = new Uint16Array(found.length * M * L)
    for (const id of found) {
      const row = catalogue.vectors.descriptor(id, model.id)
      if (!row) continue // its encoding goes in this moment
      rows.set(row, ids.length * M * L)
      ids.push(id)
    }
    return orderByCosine(
      descriptor,
      Uint32Array.from(ids),
      rows.subarray(0, ids.length * M * L),
      top
    )
  }

  return {
    serving: () => serving,
    load,
    serve(model) {
      serving = model
      features = undefined
      for (const other of loaded) if (other !== model) loaded.delete(other)
    },
    useBackbone(sha256) {
      if (sha256 !== backbone) features = undefined
      backbone = sha256
    },
    add(ids, of) {
      features = undefined
      if (!of) return
      for (const model of loaded)
        if (model.id === of.model) model.index.append(Uint32Array.from(ids), of.codes)
    },
    remove(ids) {
      features = undefined
      for (const model of loaded) model.index.remove(Uint32Array.from(ids))
    },
    restore(ids) {
      features = undefined
      for (const model of loaded)
        for (const id of ids) {
          const code = catalogue.vectors.encoding(id, model.id)?.code
          if (code) model.index.append(Uint32Array.of(id), code)
        }
    },
    vectorsOf(id) {
      const feature = catalogue.vectors.feature(id)
      if (!feature) return undefined
      if (!serving) return { feature, descriptor: null }
      const descriptor = catalogue.vectors.descriptor(id, serving.id)
      return descriptor && { feature, descriptor }
    },
    find(query, top, except) {
      const wanted = except === undefined ? top : top + 1
      const { ids, scores } =
        serving && query.descriptor
          ? scan(serving, fromHalves(query.descriptor), wanted)
          : orderByCosine(fromHalves(query.feature), allFeatures().ids, allFeatures().rows, wanted)
      const kept = [...ids.keys()].filter((place) => ids[place] !== except).slice(0, top)
      return {
        ids: Uint32Array.from(kept, (place) => ids[place] ?? 0),
        scores: Float32Array.from(kept, (place) => scores[place] ?? 0)
      }
    }
  }
}

function missingModel(id: number): Fault {
  return new Fault({
    kind: 'not-found',
    subject: `model ${id}`,
    expected: 'a model of this library',
    received: 'none',
    remedy: 'See which there are with `models`.'
  })
}
