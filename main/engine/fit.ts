// The library's quantizer: when it is due, fitting it on a sample, encoding every photo, the swap.
// Runs in the engine; compute does the arithmetic. The former model answers until the swap, which
// is one transaction. A kill leaves a candidate, and the next start goes on with it.
import type { ModelRow } from '../catalogue/models.ts'
import { FEWEST_TO_FIT, MOST_TO_FIT, QuantizerError } from '../../model/retrieval.ts'
import type { UsedModel } from './compute-link.ts'
import type { Context } from './context.ts'
import { encodeAll } from './encode.ts'
import type { LoadedModel } from './search.ts'

/** Growth since the last fit that asks for a new one: during a run, and at its end. */
const GROWTH_DURING = 1.5
const GROWTH_AT_END = 1.1
/** A fit stops the backbone: during a run fits take at most this share of the time. */
const SHARE = 1 / 20
/** Bits of a code, and the seed of the fit. */
const BITS = 64
const SEED = 1
/** Fits that may fail in a row before it is left until the library has grown again. */
const PATIENCE = 3

const READ_AT_ONCE = 500
const ROWS_AT_ONCE = 2000

export interface Fitter {
  /** The backbone compute has now; candidates fitted on another one are forgotten. */
  useBackbone(sha256: string): void
  /** Is a fit due with so many indexed photos? `ended`: the run has nothing else to do. */
  isDue(indexed: number, ended: boolean): boolean
  /** Goes on with a candidate or fits a new one, and lets it serve. Rejects with a Fault. */
  run(signal: AbortSignal): Promise<void>
  /** Fits a quantizer that is not to serve, only to be grown from; its id. */
  fitBase(signal: AbortSignal): Promise<number>
  /**
   * Lets a kept model serve: encodes what lacks its codes, swaps, drops codes that are not wanted
   * any more. `onDone`: see `encodeAll`.
   */
  serve(id: number, signal: AbortSignal, onDone?: (photos: number) => void): Promise<void>
  /** Removes what swaps that were cut short have left. */
  tidy(): Promise<void>
}

/** True when a fit on `fittedOn` photos no longer stands for `indexed` ones. Pure. */
export function hasOutgrown(
  indexed: number,
  fittedOn: number | undefined,
  ended: boolean
): boolean {
  if (indexed < FEWEST_TO_FIT) return false
  if (fittedOn === undefined) return true
  const usable = Math.min(indexed, MOST_TO_FIT)
  return usable > fittedOn * (ended ? GROWTH_AT_END : GROWTH_DURING)
}

/** Up to `most` of the ids, spread evenly over them. Pure. */
export function spread(ids: Uint32Array, most: number): Uint32Array {
  if (ids.length <= most) return ids
  return Uint32Array.from({ length: most }, (_, i) => ids[Math.floor((i * ids.length) / most)] ?? 0)
}

/**
 * Makes the fitter. `held`: an unfinished run of learning, with so many photos indexed, stands on
 * the models that there are.
 */
export function createFitter(
  context: Context,
  held: (indexed: number) => boolean = () => false
): Fitter {
  const { catalogue, link, search } = context
  let failures = 0
  let failedWith = 0
  let last = { ended: -Infinity, took: 0 } // ms

  function candidate(): number | undefined {
    const fits = (model: ModelRow): boolean => model.state === 'candidate' && model.kind === 'first'
    return catalogue.models.list().find(fits)?.id
  }

  function isDue(indexed: number, ended: boolean): boolean {
    if (failures >= PATIENCE && indexed < failedWith * GROWTH_DURING) return false
    if (held(indexed)) return false
    if (candidate() !== undefined) return true
    if (!ended && performance.now() - last.ended < last.took / SHARE) return false
    const serving = search.serving()?.row
    if (serving?.kind === 'learned') return false
    return hasOutgrown(indexed, serving?.fittedOn, ended)
  }

  async function fit(state: 'candidate' | 'retired', signal: AbortSignal): Promise<number> {
    const session = await link.session(signal)
    const { sha256, featureSize } = session.backbone
    const ids = spread(catalogue.vectors.featureIds(sha256), MOST_TO_FIT)
    failedWith = ids.length
    const features = new Uint16Array(ids.length * featureSize)
    let n = 0
    for (const [place, id] of ids.entries()) {
      if (place % READ_AT_ONCE === 0) await new Promise(setImmediate)
      const feature = catalogue.vectors.indexedFeature(id)
      if (feature?.length === featureSize) features.set(feature, n++ * featureSize)
    }
    const sample = n === ids.length ? features : features.slice(0, n * featureSize)
    const argument = { features: sample, n, bits: BITS, seed: SEED }
    const { quantizer } = await session.call('fit', argument, signal)
    return catalogue.models.add('first', quantizer, Date.now(), state)
  }

  async function serve(
    id: number,
    signal: AbortSignal,
    onDone?: (photos: number) => void
  ): Promise<void> {
    const model = await load(id)
    do await encodeAll(context, model, signal, onDone)
    while (!catalogue.models.swap(id)) // photos were added on the way
    model.row = catalogue.models.get(id) ?? model.row
    search.serve(model)
    await use(model)
    await tidy()
  }

  /** A candidate that fails its checks is forgotten: it would stand in the way of a new fit. */
  async function load(id: number): Promise<LoadedModel> {
    try {
      return await search.load(id)
    } catch (error) {
      const isCandidate = catalogue.models.get(id)?.state === 'candidate'
      if (error instanceof QuantizerError && isCandidate) await erase(id)
      throw error
    }
  }

  /** Tells compute; a death on the way is no matter, the next life is told when it starts. */
  async function use(model: UsedModel): Promise<void> {
    await link
      .current()
      ?.use(model)
      .catch(() => undefined)
  }

  /**
   * Removes codes of models that no longer serve, but for the one before: it can be gone back to
   * and compared at once. First ones that a later one replaced go themselves, unless a learned one
   * has grown from them.
   */
  async function tidy(): Promise<void> {
    const serving = search.serving()
    const all = catalogue.models.list().filter((model) => model.state === 'retired')
    const former = all.reduce<ModelRow | undefined>(
      (last, model) => ((model.servedUntil ?? 0) > (last?.servedUntil ?? 0) ? model : last),
      undefined
    )
    for (const model of all) {
      const replaced = serving?.row.kind === 'first' || model.servedUntil === null
      if (model.kind === 'first' && replaced && !catalogue.models.isBase(model.id))
        await erase(model.id)
      else if (model !== former) await dropCodes(model.id)
    }
  }

  async function dropCodes(id: number): Promise<void> {
    while (catalogue.vectors.dropOfModel(id, ROWS_AT_ONCE) > 0) await new Promise(setImmediate)
  }

  async function erase(id: number): Promise<void> {
    await dropCodes(id)
    if (!catalogue.models.isBase(id)) catalogue.models.erase(id)
  }

  return {
    useBackbone(sha256) {
      for (const model of catalogue.models.list())
        if (model.state === 'candidate' && model.backbone !== sha256)
          catalogue.models.erase(model.id)
    },
    isDue,
    fitBase: (signal) => fit('retired', signal),
    serve,
    tidy,
    async run(signal) {
      context.onFitting(true)
      const started = performance.now()
      try {
        await serve(candidate() ?? (await fit('candidate', signal)), signal)
        failures = 0
      } catch (error) {
        if (!signal.aborted) failures++
        throw error
      } finally {
        last = { ended: performance.now(), took: performance.now() - started }
        context.onFitting(false)
      }
    }
  }
}
