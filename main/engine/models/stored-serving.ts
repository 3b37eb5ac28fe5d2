// Which model is to serve when the engine starts, as the catalogue says. Reader and writer read it
// alike; it changes only when the writer has told the reader.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { ModelRow } from '../../catalogue/model-table.ts'
import { QuantizerError, parseQuantizer } from '../../../model/retrieval.ts'

export interface StoredServing {
  /** Undefined while there is none, or where it is damaged. */
  model: ModelRow | undefined
  /** Why the stored one is not used. */
  damage: string | undefined
  /** The backbone that photos are described by. */
  backbone: string
}

/** Reads and checks the model that serves. */
export function storedServing({ models, settings, vectors }: Catalogue): StoredServing {
  const model = models.serving()
  const backbone = model?.backbone ?? (settings.backbone() || vectors.anyBackbone())
  try {
    if (model) parseQuantizer(models.record(model.id))
    return { model, damage: undefined, backbone }
  } catch (error) {
    if (!(error instanceof QuantizerError)) throw error
    return { model: undefined, damage: `model ${model?.id} is damaged. ${error.message}`, backbone }
  }
}

/** What serves when the writer begins; a model that fails its checks is retired. */
export function servingAtStart(catalogue: Catalogue): {
  serving: number | undefined
  backbone: string
} {
  const { model, damage, backbone } = storedServing(catalogue)
  if (damage !== undefined) catalogue.models.retire()
  return { serving: model?.id, backbone }
}
