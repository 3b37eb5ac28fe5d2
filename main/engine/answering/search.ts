// Kin: codes in memory, a scan of them, and the exact order of the best by what is stored. Runs in
// the engine. Truth is the catalogue; the index is a cache of the serving model's codes.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { ModelRow } from '../../catalogue/model-table.ts'
import { Bug, Fault } from '../../wire/fault.ts'
import {
  REORDERED,
  createCodeIndex,
  directionOf,
  loadKernels,
  orderBySpaces,
  orderKin,
  parseQuantizer,
  scanKernels,
  tableOfDirection
} from '../../../model/retrieval.ts'
import type {
  CodeIndex,
  Codebooks,
  InvertedOptions,
  Scored
} from '../../../model/retrieval.ts'
import type { UsedModel } from '../compute-link.ts'
import { passes } from './filters.ts'
import { joined, joinedWords } from '../joined.ts'

/** A model with the codes of all photos that have one. */
export interface LoadedModel extends UsedModel {
  row: ModelRow
  codebooks: Codebooks
  index: CodeIndex
}

/** What a photo or picture is asked for by: its feature, or while a model serves, its encoding. */
export type QueryVectors = { feature: Uint16Array } | { model: number; encoding: QueryEncoding }

export interface QueryEncoding {
  projected: Uint16Array // f16 [256]
  descriptor: Uint16Array // f16 [M*L]
}

/** One of the photos and pictures that are asked for; weight below 0: unlike it. */
export interface WeightedVectors {
  vectors: QueryVectors
  weight: number
}

export interface FindOptions {
  top: number
  /** Photos that are left out. */
  except?: readonly number[]
  /** Photos that may be found, as a bitset (filters.ts). */
  mask?: Uint8Array | undefined
  /** 0: the same kind of thing; 1: the same thing; default 0.5. */
  strictness?: number | undefined
}

export interface Search {
  serving(): LoadedModel | undefined
  /** Reads a model's codes; from then on `add` and `remove` keep them up to date. */
  load(id: number): Promise<LoadedModel>
  /** Answers come from this model from now on (undefined: from features), the former is let go. */
  serve(model: LoadedModel | undefined): void
  /** A model that is not to serve after all is not kept up to date any more. */
  letGo(model: LoadedModel): void
  /** The backbone that describes photos now: of the model that serves, else as it was told. */
  backbone(): string
  /** The backbone whose features are compared while no model serves. */
  useBackbone(sha256: string): void
  /** Photos have new vectors; codes [n, M/2] of a model, none while there is no model. */
  add(ids: readonly number[], of?: { model: number; codes: Uint8Array }): void
  /** Photos are not to be found any more. */
  remove(ids: readonly number[]): void
  /**
   * Photos are to be found again, as far as the catalogue has their codes: the first before it
   * returns, the rest a part at a time, so that questions are answered in between. What has left by
   * then stays out.
   */
  restore(ids: readonly number[], signal?: AbortSignal): Promise<void>
  /** Stored vectors of a photo, as far as a query of now needs them. */
  vectorsOf(id: number): QueryVectors | undefined
  /** Whether vectors are of the model that serves now, or of features while none does. */
  isCurrent(vectors: QueryVectors): boolean
  /** The best for some weighted photos together; scores 0..1. Their vectors must be current. */
  find(parts: readonly WeightedVectors[], options: FindOptions): Scored
}

export interface SearchSettings {
  /** When and how codes come into inverted lists; see InvertedOptions. */
  lists?: InvertedOptions
  /** Codes that are read of the catalogue at a time. */
  codesAtOnce?: number
}

/** Photos that are put back at a time: it takes some milliseconds. */
const RESTORED_AT_ONCE = 2000

/** Photos that came or went. */
type Change = (model: LoadedModel) => void

/** Makes the search of a catalogue, with no model loaded. */
export function createSearch(
  catalogue: Catalogue,
  { lists, codesAtOnce = 20_000 }: SearchSettings = {}
): Search {
  const loaded = new Set<LoadedModel>()
  const loading = new Map<LoadedModel, Change[]>() // made when all codes are read
  let serving: LoadedModel | undefined
  let backbone = ''
  let kernels: ReturnType<typeof compiledKernels> | undefined
  let features: { ids: Uint32Array; rows: Uint16Array } | undefined

  async function load(id: number): Promise<LoadedModel> {
    const row = catalogue.models.get(id)
    if (!row) throw missingModel(id)
    const record = catalogue.models.record(id)
    const { codebooks } = parseQuantizer(record)
    const index = createCodeIndex({
      M: codebooks.M,
      kernels: await (kernels ??= compiledKernels()),
      approximate: { ...lists, codebooks, onFailure: tellOfLists }
    })
    const model = { id, row, record, codebooks, index }
    // One that was loaded before, for a swap that was cut short, is let go.
    for (const other of loaded) if (other.id === id && other !== serving) loaded.delete(other)
    loaded.add(model)
    const changes: Change[] = []
    loading.set(model, changes)
    try {
      const { ids, codes } = await allCodes(id)
      // At once: inverted lists are made of all codes, not of those that happen to come first.
      index.append(ids, codes)
      index.remove(Uint32Array.from(catalogue.files.gone()))
      // More may come while they are made, one after the other.
      for (const change of changes) {
        change(model)
        await new Promise(setImmediate)
      }
    } finally {
      loading.delete(model)
    }
    return model
  }

  /** All codes of a model, in order of id. */
  async function allCodes(model: number): Promise<{ ids: Uint32Array; codes: Uint8Array }> {
    const parts: { ids: Uint32Array; codes: Uint8Array }[] = []
    for (let after = 0; ;) {
      const part = catalogue.vectors.codes(model, after, codesAtOnce)
      parts.push(part)
      if (part.ids.length < codesAtOnce) break
      after = part.ids.at(-1) ?? after
      await new Promise(setImmediate)
    }
    return {
      ids: joinedWords(parts.map(({ ids }) => ids)),
      codes: joined(parts.map(({ codes }) => codes))
    }
  }

  /** Keeps the models up to date; one that is still read catches up at its end. */
  function change(make: Change): void {
    for (const model of loaded) {
      const waiting = loading.get(model)
      if (waiting) waiting.push(make)
      else make(model)
    }
  }

  /** Features of all photos, read once and kept while there is no model: few, then. */
  function allFeatures(): { ids: Uint32Array; rows: Uint16Array } {
    if (features) return features
    const ids = catalogue.vectors.featureIds(backbone)
    const parts = [...ids].map((id) => catalogue.vectors.feature(id, backbone) ?? new Uint16Array())
    const size = parts[0]?.length ?? 0
    const rows = new Uint16Array(ids.length * size)
    parts.forEach((part, index) => rows.set(part, index * size))
    features = { ids, rows }
    return features
  }

  function findByCodes(
    model: LoadedModel,
    parts: readonly (QueryEncoding & { weight: number })[],
    { top, except = [], mask, strictness }: FindOptions
  ): Scored {
    const query = {
      descriptor: directionOf(parts.map((part) => ({ ...part, vector: part.descriptor }))),
      projected: directionOf(parts.map((part) => ({ ...part, vector: part.projected }))),
      wanted: wantedOf(parts)
    }
    const table = tableOfDirection(query.descriptor, model.codebooks)
    const found = model.index.search(table, Math.max(REORDERED, top) + except.length, {
      ...(mask && { filter: mask })
    })
    const others = [...found.ids].filter((id) => !except.includes(id))
    // Those whose encoding goes in this moment are left out.
    const candidates = catalogue.vectors.encodings(others, model.id)
    return orderKin(candidates, query, top, strictness)
  }

  function findByFeatures(
    parts: readonly { feature: Uint16Array; weight: number }[],
    { top, except = [], mask }: FindOptions
  ): Scored {
    const { ids, rows } = allFeatures()
    const query = directionOf(parts.map((part) => ({ ...part, vector: part.feature })))
    if (ids.length > 0 && rows.length !== ids.length * query.length)
      return { ids: new Uint32Array(0), scores: new Float32Array(0) } // of another backbone
    const space = { query, vectors: rows, weight: 1 / wantedOf(parts) }
    const found = orderBySpaces(ids, [space], ids.length)
    const places = [...found.ids.keys()]
      .filter((place) => !except.includes(found.ids[place]!))
      .filter((place) => !mask || passes(mask, found.ids[place]!))
      .slice(0, top)
    return {
      ids: Uint32Array.from(places, (place) => found.ids[place]!),
      scores: Float32Array.from(places, (place) => clamped(found.scores[place]!))
    }
  }

  function isCurrent(vectors: QueryVectors): boolean {
    return 'model' in vectors ? vectors.model === serving?.id : !serving
  }

  return {
    serving: () => serving,
    load,
    serve(model) {
      for (const other of loaded)
        if (other === serving || other.id === model?.id) loaded.delete(other)
      serving = model
      features = undefined
      if (model) loaded.add(model)
    },
    letGo(model) {
      if (model !== serving) loaded.delete(model)
    },
    backbone: () => serving?.record.backbone ?? backbone,
    useBackbone(sha256) {
      if (sha256 !== backbone) features = undefined
      backbone = sha256
    },
    add(ids, of) {
      features = undefined
      if (!of) return
      change(({ id, index }) => {
        if (id === of.model) index.append(Uint32Array.from(ids), of.codes)
      })
    },
    remove(ids) {
      features = undefined
      change(({ index }) => index.remove(Uint32Array.from(ids)))
    },
    async restore(ids, signal) {
      features = undefined
      const atOnce = Math.min(RESTORED_AT_ONCE, codesAtOnce)
      for (let from = 0; from < ids.length && !signal?.aborted; from += atOnce) {
        const part = ids.slice(from, from + atOnce)
        // Read when they are put in, also by a model that is still read: what is true then holds.
        change(({ id, index }) => {
          const { ids: found, codes } = catalogue.vectors.codesOf(part, id)
          index.append(found, codes)
        })
        if (from + atOnce < ids.length) await new Promise(setImmediate)
      }
    },
    vectorsOf(id) {
      if (!serving) {
        const feature = catalogue.vectors.feature(id, backbone)
        return feature && { feature }
      }
      const encoding = catalogue.vectors.encoding(id, serving.id)
      return encoding && { model: serving.id, encoding }
    },
    isCurrent,
    find(parts, options) {
      const features = parts.flatMap(({ vectors, weight }) =>
        'feature' in vectors ? [{ ...vectors, weight }] : []
      )
      if (!parts.every(({ vectors }) => isCurrent(vectors)))
        throw new Bug('vectors of another model were asked for')
      if (!serving) return findByFeatures(features, options)
      const encodings = parts.flatMap(({ vectors, weight }) =>
        'encoding' in vectors ? [{ ...vectors.encoding, weight }] : []
      )
      return findByCodes(serving, encodings, options)
    }
  }
}

async function compiledKernels() {
  return loadKernels(await scanKernels())
}

/** Kin are found without lists, too. */
function tellOfLists(error: unknown): void {
  console.error('kindred: the codes could not be put into lists.', error)
}

/** The sum of the weights above 0: what a perfect match scores before it is scaled. */
function wantedOf(parts: readonly { weight: number }[]): number {
  return parts.reduce((sum, { weight }) => sum + Math.max(0, weight), 0)
}

function clamped(score: number): number {
  return Math.min(1, Math.max(0, score))
}

/** No such model is kept. */
export function missingModel(id: number): Fault {
  return new Fault({
    kind: 'not-found',
    subject: `model ${id}`,
    expected: 'a model of this library',
    received: 'none',
    remedy: 'See which there are with `models`.'
  })
}
