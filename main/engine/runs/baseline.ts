// The baseline: what deep training begins with and has to beat where an older Kindred learned the
// head that serves, from all photos: no comparison with that would be fair. The baseline is a head
// like it, trained without the witnesses. Runs in the writer; compute does the arithmetic.
import type { ModelRow } from '../../catalogue/model-table.ts'
import type { RunRow } from '../../catalogue/run-table.ts'
import type { Setting } from '../../wire/learning-contract.ts'
import type { UsedModel } from '../lines/compute-session.ts'
import { gatherEnough } from './run-data.ts'
import { followed, persistently } from './persist-run.ts'
import { SEED } from './run-parts.ts'
import type { RunParts, Sample } from './run-parts.ts'
import { VIEWS, makeSampleViews } from './photo-views.ts'
import { isTrainedOnAll } from './witnesses.ts'

const BITS = { 4: 16, 8: 32, 16: 64, 32: 128 } as const

/** Whether a model is the baseline of a run: it never served, and never will. */
export function isBaseline(model: ModelRow | undefined): boolean {
  return model?.kind === 'first' && model.state === 'retired' && model.servedUntil === null
}

/**
 * What a deep run begins with. This is the baseline, which is kept for this run alone; or the blind
 * one of the model that serves, where there is one, or the model where it is of another backbone.
 * Rejects as `carryOut`.
 */
export async function baselineFor(
  parts: RunParts,
  run: RunRow,
  serving: UsedModel,
  { sample, share }: Sample,
  signal: AbortSignal
): Promise<UsedModel> {
  const { context, devices, meter } = parts
  const { catalogue } = context
  const base = baseOf(parts, serving.id)
  const setting = settingOf(parts, serving.id)
  const bits = BITS[serving.record.M as keyof typeof BITS]
  const isFair = !isTrainedOnAll(catalogue.models.get(serving.id))
  if (isFair || !base || !setting || !bits) {
    catalogue.runs.setBase(run.id, serving.id)
    return { id: serving.id, record: catalogue.models.blind(serving.id) }
  }
  await makeSampleViews(parts, base, sample, signal)
  meter.begin('start', 0, setting.steps, sample.length)
  const { quantizer } = await persistently(
    context,
    devices,
    run.options,
    async (onFurther) => {
      const { outside: _, ...rows } = gatherEnough(catalogue, sample, share, base)
      const session = await context.link.session(signal)
      return followed(parts, run, session, rows.n, onFurther, signal, () =>
        session.call(
          'trainBaseline',
          {
            run: run.id,
            start: base.record,
            ...rows,
            V: VIEWS,
            bits,
            setting,
            seed: run.options.seed ?? SEED,
            provider: devices.providerFor(run.options),
            resume: catalogue.runs.checkpoint(run.id) ?? null
          },
          signal
        )
      )
    },
    signal
  )
  meter.clearCurve() // another begins
  const id = catalogue.transaction(() => {
    const added = catalogue.models.add('first', quantizer, Date.now(), 'retired')
    catalogue.runs.setBase(run.id, added)
    return added
  })
  return { id, record: quantizer }
}

/** How the head of a model was trained; undefined where it was not, or that is not known. */
export function settingOf({ context }: RunParts, model: number): Setting | undefined {
  return context.catalogue.runs.ofModel(model)?.outcome?.setting ?? undefined
}

/** The first quantizer that a learned head has grown from, if it is of the same backbone. */
function baseOf({ context: { catalogue } }: RunParts, model: number): UsedModel | undefined {
  const row = catalogue.models.get(model)
  const base = row?.base ? catalogue.models.get(row.base) : undefined
  if (!base || base.backbone !== row?.backbone) return undefined
  return { id: base.id, record: catalogue.models.record(base.id) }
}
