// Kin: a scan of the codes in memory, and the exact order of the best by what is stored. Runs in
// the reader. Truth is the catalogue; the codes in memory are a cache of the serving model's.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { Bug } from '../../wire/fault.ts'
import {
  directionOf,
  likenessOf,
  orderBySpaces,
  orderKin,
  STRICTNESS,
  rerankedOf,
  scoresOf,
  searchWithTies,
  tableOfDirection
} from '../../../model/retrieval.ts'
import type { Calibration, Scored } from '../../../model/retrieval.ts'
import { cosinesOf, createCalibrations } from './calibrations.ts'
import type { Pairs, Source } from './calibrations.ts'
import { passes } from './filters.ts'
import { createLoadedModels } from './loaded-models.ts'
import type { LoadSettings, LoadedModel } from './loaded-models.ts'

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
  /** Reads a model's codes; from then on `changed` keeps them up to date. See LoadedModels. */
  load(id: number): Promise<LoadedModel>
  /** Answers come from this model from now on (undefined: from features), the former is let go. */
  serve(model: LoadedModel | undefined): void
  /** A model that is not to serve after all is not kept up to date any more. */
  letGo(id: number): void
  /** The backbone that describes photos now: of the model that serves, else as it was told. */
  backbone(): string
  /** The backbone whose features are compared while no model serves. */
  useBackbone(sha256: string): void
  /**
   * Photos came, left or have other vectors: what the catalogue has of them now is taken over, the
   * first before it returns, the rest a part at a time, so that questions are answered in between.
   * `model`: only its codes changed.
   */
  changed(ids: readonly number[], model?: number): Promise<void>
  /** Stored vectors of a photo, as far as a query of now needs them. */
  vectorsOf(id: number): QueryVectors | undefined
  /** What scores say in this library, at this strictness. */
  calibration(strictness?: number): Calibration
  /** How alike the photos of each pair are, 0..1; NaN where one was not described. */
  likenesses(pairs: Pairs): Float32Array
  /** Whether vectors are of the model that serves now, or of features while none does. */
  isCurrent(vectors: QueryVectors): boolean
  /** The best for some weighted photos together; scores 0..1. Their vectors must be current. */
  find(parts: readonly WeightedVectors[], options: FindOptions): Scored
}

/** Makes the search of a catalogue, with no model loaded. */
export function createSearch(catalogue: Catalogue, settings: LoadSettings = {}): Search {
  const models = createLoadedModels(catalogue, settings)
  let serving: LoadedModel | undefined
  const calibrations = createCalibrations(catalogue)
  let backbone = ''
  let features: { ids: Uint32Array; rows: Uint16Array } | undefined

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
      positiveWeight: wantedOf(parts)
    }
    const table = tableOfDirection(query.descriptor, model.codebooks)
    const scanned = Math.max(rerankedOf(model.index.size), top) + except.length
    const found = searchWithTies(model.index, table, scanned, {
      ...(mask && { filter: mask })
    })
    const left = new Set(except)
    const others = [...found.ids].filter((id) => !left.has(id))
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
    const left = new Set(except)
    const places = [...found.ids.keys()]
      .filter((place) => !left.has(found.ids[place]!))
      .filter((place) => !mask || passes(mask, found.ids[place]!))
      .slice(0, top)
    return {
      ids: Uint32Array.from(places, (place) => found.ids[place]!),
      scores: Float32Array.from(places, (place) => clamped(found.scores[place]!))
    }
  }

  /** What scores are held against. */
  function source(): Source {
    if (serving) {
      const { id, index } = serving
      return {
        model: id,
        size: index.size,
        sample: (count) => catalogue.vectors.spread(id, count),
        read: (ids) => catalogue.vectors.encodings(ids, id)
      }
    }
    const { ids, rows } = allFeatures()
    const size = rows.length / Math.max(1, ids.length)
    return {
      model: undefined,
      size: ids.length,
      sample: (count) => [...ids.filter((_, i) => i % Math.ceil(ids.length / count) === 0)],
      read(some) {
        const wanted = new Set(some)
        const places = [...ids.keys()].filter((place) => wanted.has(ids[place]!))
        const descriptors = new Uint16Array(places.length * size)
        places.forEach((place, row) =>
          descriptors.set(rows.subarray(place * size, (place + 1) * size), row * size)
        )
        return { ids: places.map((place) => ids[place]!), descriptors }
      }
    }
  }

  function isCurrent(vectors: QueryVectors): boolean {
    return 'model' in vectors ? vectors.model === serving?.id : !serving
  }

  return {
    serving: () => serving,
    load: (id) => models.load(id),
    serve(model) {
      if (serving && serving.id !== model?.id) models.letGo(serving.id)
      serving = model
      features = undefined
    },
    letGo(id) {
      if (id !== serving?.id) models.letGo(id)
    },
    backbone: () => serving?.record.backbone ?? backbone,
    useBackbone(sha256) {
      if (sha256 !== backbone) features = undefined
      backbone = sha256
    },
    changed(ids, model) {
      features = undefined
      return models.changed(ids, model)
    },
    vectorsOf(id) {
      if (!serving) {
        const feature = catalogue.vectors.feature(id, backbone)
        return feature && { feature }
      }
      const encoding = catalogue.vectors.encoding(id, serving.id)
      return encoding && { model: serving.id, encoding }
    },
    calibration: (strictness = STRICTNESS) =>
      calibrations.of(source(), serving ? strictness : 0),
    likenesses(pairs) {
      const strictness = serving ? STRICTNESS : 0
      const calibration = calibrations.of(source(), strictness)
      return scoresOf(cosinesOf(source(), pairs), strictness).map((score) =>
        Number.isNaN(score) ? score : likenessOf(calibration, score)
      )
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

/** The sum of the weights above 0: what a perfect match scores before it is scaled. */
function wantedOf(parts: readonly { weight: number }[]): number {
  return parts.reduce((sum, { weight }) => sum + Math.max(0, weight), 0)
}

function clamped(score: number): number {
  return Math.min(1, Math.max(0, score))
}
