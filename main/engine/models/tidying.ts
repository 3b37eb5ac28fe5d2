// Removes what no model needs any more: codes, features, tuned backbones, and first quantizers that
// were replaced. Runs in the writer. What a kill leaves behind is removed the next time.
import type { ModelRow } from '../../catalogue/model-table.ts'
import type { ShippedBackbone } from '../../wire/arithmetic.ts'
import type { Context } from '../context.ts'
import { hasTuned, removeOthers } from './tuned-backbones.ts'

/** Rows that are removed at once: between them photos go on being indexed. */
const ROWS_AT_ONCE = 5000

export interface Tidying {
  /** The backbones that compute came with; candidates of one that is not there are forgotten. */
  useShipped(shipped: readonly Pick<ShippedBackbone, 'sha256'>[]): Promise<void>
  /** A model of this backbone is to serve next: what is made for it stays. */
  expect(backbone: string | undefined): void
  tidy(): Promise<void>
  /** Removes a model with its codes; one that others have grown from keeps its weights. */
  erase(model: number): Promise<void>
}

/** Makes what keeps a library tidy. */
export function createTidying(context: Context): Tidying {
  const { catalogue, reader } = context
  let shipped: string[] | undefined // until compute came
  let expected: string | undefined

  /** Whether photos can be described by this backbone; true while it is not known. */
  async function isThere(sha256: string): Promise<boolean> {
    return !shipped || shipped.includes(sha256) || hasTuned(context.tuned, sha256)
  }

  /**
   * Removes codes of models that no longer serve, but for the one before: it can be gone back to
   * and compared at once. First ones that a later one replaced go themselves, unless a learned one
   * has grown from them.
   */
  async function tidy(): Promise<void> {
    const serving = reader.serving()
    const retired = catalogue.models.list().filter((model) => model.state === 'retired')
    const former = retired.reduce<ModelRow | undefined>(
      (last, model) => ((model.servedUntil ?? 0) > (last?.servedUntil ?? 0) ? model : last),
      undefined
    )
    for (const model of retired) {
      const isReplaced = serving?.row.kind === 'first' || model.servedUntil === null
      if (model.kind === 'first' && isReplaced && !catalogue.models.isBase(model.id))
        await erase(model.id)
      else if (model !== former) await dropCodes(model.id)
    }
    if (serving && shipped) await tidyBackbones(serving.record.backbone, former)
  }

  /** Features of the serving model's backbone, the former's, the next and candidates' stay. */
  async function tidyBackbones(serving: string, former: ModelRow | undefined): Promise<void> {
    const models = catalogue.models.list()
    const candidates = models.filter(({ state }) => state === 'candidate')
    const wanted = new Set([serving, ...candidates.map(({ backbone }) => backbone)])
    if (former && (await isThere(former.backbone))) wanted.add(former.backbone)
    if (expected !== undefined) wanted.add(expected)
    for (const backbone of catalogue.vectors.backbones()) {
      if (wanted.has(backbone)) continue
      while (catalogue.vectors.dropOfBackbone(backbone, ROWS_AT_ONCE) > 0)
        await new Promise(setImmediate)
    }
    // One that compute has just written may not be in the catalogue yet.
    const run = catalogue.runs.unfinished()
    if (run?.options.depth === 'deep' && !run.outcome) return
    await removeOthers(
      context.tuned,
      models.map(({ backbone }) => backbone)
    )
  }

  async function dropCodes(model: number): Promise<void> {
    while (catalogue.vectors.dropOfModel(model, ROWS_AT_ONCE) > 0) await new Promise(setImmediate)
  }

  async function erase(model: number): Promise<void> {
    await dropCodes(model)
    if (!catalogue.models.isBase(model)) catalogue.models.erase(model)
  }

  return {
    async useShipped(backbones) {
      shipped = backbones.map(({ sha256 }) => sha256)
      for (const model of catalogue.models.list())
        if (model.state === 'candidate' && !(await isThere(model.backbone)))
          catalogue.models.erase(model.id)
    },
    expect: (backbone) => void (expected = backbone),
    tidy,
    erase
  }
}
