// The reader as the writer sees it: which model it answers with, and what it is told after each
// commit. Runs in the writer (folders, indexing, learning). Nothing of a photo travels but its id:
// the reader reads the rest of the catalogue, so it knows just what was committed.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { missingModel } from '../../catalogue/model-table.ts'
import type { ModelRow } from '../../catalogue/model-table.ts'
import { parseQuantizer } from '../../../model/retrieval.ts'
import type { UsedModel } from './compute-session.ts'

/** A model that serves, or is to. */
export interface KnownModel extends UsedModel {
  row: ModelRow
}

export interface ReaderLine {
  /** The model that serves; undefined while kin are found by features. */
  serving(): KnownModel | undefined
  /** The backbone that describes photos now: of the model that serves, else as it was told. */
  backbone(): string
  /** The backbone whose features are compared while no model serves. */
  useBackbone(sha256: string): void
  /**
   * Has a model's codes read and from then on kept up to date. Throws Fault not-found, or
   * QuantizerError for a model that fails its checks.
   */
  load(id: number): Promise<KnownModel>
  /**
   * Answers come from this model, which was loaded, from now on (undefined: from features); the
   * former is let go. Resolves when that is so: until then what belongs to the former is needed.
   */
  serve(id: number | undefined): Promise<void>
  /** A model that is not to serve after all is not kept up to date any more. */
  letGo(id: number): void
  /**
   * Photos came, left or have other vectors, as was committed. `model`: only its encodings changed.
   */
  changed(ids: readonly number[], model?: number): void
  /** The `count` nearest of each photo, best first; none where no model serves, or it has no code. */
  kin(ids: Uint32Array, count: number): Promise<Uint32Array[]>
}

/** What the far end does. */
export interface FarReader {
  useBackbone(sha256: string): void
  load(id: number): Promise<void>
  serve(id: number | undefined): Promise<void>
  letGo(id: number): void
  changed(ids: readonly number[], model: number | undefined): void
  kin(ids: Uint32Array, count: number): Promise<Uint32Array[]>
}

/** Makes the line; `serving` is what the reader serves with when the writer begins. */
export function createReaderLine(
  catalogue: Catalogue,
  far: FarReader,
  begun: { serving: number | undefined; backbone: string }
): ReaderLine {
  let serving = begun.serving === undefined ? undefined : known(begun.serving)
  let backbone = begun.backbone

  function known(id: number): KnownModel {
    const row = catalogue.models.get(id)
    if (!row) throw missingModel(id)
    return { id, row, record: catalogue.models.record(id) }
  }

  return {
    serving: () => serving,
    backbone: () => serving?.record.backbone ?? backbone,
    useBackbone(sha256) {
      backbone = sha256
      far.useBackbone(sha256)
    },
    async load(id) {
      const model = known(id)
      parseQuantizer(model.record) // throws where it fails its checks
      await far.load(id)
      return model
    },
    async serve(id) {
      // At once: what is written from now on has codes of this one.
      serving = id === undefined ? undefined : known(id)
      await far.serve(id)
    },
    letGo(id) {
      if (id !== serving?.id) far.letGo(id)
    },
    changed(ids, model) {
      if (ids.length > 0) far.changed(ids, model)
    },
    kin: (ids, count) => far.kin(ids, count)
  }
}
