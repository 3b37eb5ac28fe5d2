// The codes of models in memory: of the one that serves, and of one that is to serve next. Runs in
// the reader. Truth is the catalogue: whatever is told of photos, their codes are read from there.
import { setImmediate as breath } from 'node:timers/promises'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { missingModel } from '../../catalogue/model-table.ts'
import type { ModelRow } from '../../catalogue/model-table.ts'
import {
  createCodeIndex,
  loadKernels,
  parseQuantizer,
  scanKernels
} from '../../../model/retrieval.ts'
import type { CodeIndex, Codebooks, InvertedOptions } from '../../../model/retrieval.ts'
import type { UsedModel } from '../lines/compute-session.ts'
import { joined, joinedWords } from '../joined.ts'

/** A model with the codes of all photos that have one. */
export interface LoadedModel extends UsedModel {
  row: ModelRow
  codebooks: Codebooks
  index: CodeIndex
}

export interface LoadedModels {
  /**
   * Reads a model's codes, unless it is loaded already; from then on `changed` keeps them up to
   * date. Throws Fault not-found, or QuantizerError for a model that fails its checks.
   */
  load(id: number): Promise<LoadedModel>
  /** A model is not kept up to date any more. */
  letGo(id: number): void
  /** As `Search.changed`. */
  changed(ids: readonly number[], model?: number): Promise<void>
}

export interface LoadSettings {
  /** When and how codes come into inverted lists; see InvertedOptions. */
  lists?: InvertedOptions
  /** Codes that are read of the catalogue at a time. */
  codesAtOnce?: number
}

/** Photos that are read anew at a time: it takes some milliseconds, and questions go between. */
const CHANGED_AT_ONCE = 2000

/** Makes the room for models, with none loaded. */
export function createLoadedModels(
  catalogue: Catalogue,
  { lists, codesAtOnce = 20_000 }: LoadSettings = {}
): LoadedModels {
  const loaded = new Map<number, Promise<LoadedModel>>()
  const following = new Map<number, LoadedModel>() // kept up to date, by id
  const changedAtOnce = Math.min(CHANGED_AT_ONCE, codesAtOnce)
  /** What changed since a model began to be read: looked at when all its codes are there. */
  const loading = new Map<LoadedModel, Set<number>>()
  let kernels: ReturnType<typeof compiledKernels> | undefined

  /** All codes of a model, in order of id. */
  async function allCodes(model: number): Promise<{ ids: Uint32Array; codes: Uint8Array }> {
    const parts: { ids: Uint32Array; codes: Uint8Array }[] = []
    for (let after = 0; ;) {
      const part = catalogue.vectors.codes(model, after, codesAtOnce)
      parts.push(part)
      if (part.ids.length < codesAtOnce) break
      after = part.ids.at(-1) ?? after
      await breath()
    }
    return {
      ids: joinedWords(parts.map(({ ids }) => ids)),
      codes: joined(parts.map(({ codes }) => codes))
    }
  }

  /** Makes the codes of these photos those of the catalogue. */
  function refresh({ id, index }: LoadedModel, photos: readonly number[]): void {
    const { ids, codes } = catalogue.vectors.codesOf(photos, id)
    index.append(ids, codes)
    if (ids.length === photos.length) return
    const found = new Set(ids)
    index.remove(Uint32Array.from(photos.filter((photo) => !found.has(photo))))
  }

  async function read(id: number): Promise<LoadedModel> {
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
    following.set(id, model)
    const changed = new Set<number>()
    loading.set(model, changed)
    try {
      const { ids, codes } = await allCodes(id)
      // At once: inverted lists are made of all codes, not of those that happen to come first.
      index.append(ids, codes)
      index.remove(Uint32Array.from(catalogue.files.gone()))
      while (changed.size > 0) {
        const part = [...changed].slice(0, changedAtOnce)
        for (const photo of part) changed.delete(photo)
        refresh(model, part)
        await breath()
      }
    } finally {
      loading.delete(model)
    }
    return model
  }

  function letGo(id: number): void {
    loaded.delete(id)
    following.delete(id)
  }

  return {
    load(id) {
      const known = loaded.get(id)
      if (known) return known
      const reading = read(id)
      loaded.set(id, reading)
      reading.catch(() => letGo(id)) // it may succeed another time
      return reading
    },
    letGo,
    async changed(ids, of) {
      for (let from = 0; from < ids.length; from += changedAtOnce) {
        if (from > 0) await breath()
        const part = ids.slice(from, from + changedAtOnce)
        for (const model of following.values()) {
          if (of !== undefined && of !== model.id) continue
          const waiting = loading.get(model)
          if (waiting) for (const id of part) waiting.add(id)
          else refresh(model, part)
        }
      }
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
