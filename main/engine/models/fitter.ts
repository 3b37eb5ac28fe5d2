// Fits first quantizers, on a sample of the features there are, when the library asks for one. Runs
// in the writer; compute does the arithmetic. A kill leaves a candidate, and the next start goes on
// with it.
import type { ModelRow } from '../../catalogue/model-table.ts'
import { MOST_TO_FIT } from '../../../model/retrieval.ts'
import type { Context } from '../context.ts'
import { isOfFit } from '../faults/decision.ts'
import { FitHistory, hasOutgrown } from './fit-due.ts'
import type { ModelSwap } from './model-swap.ts'
import { spread } from './sample.ts'

/** Bits of a code, and the seed of the fit. */
const BITS = 64
const SEED = 1

export interface Fitter {
  /** Is a fit due with so many indexed photos? `ended`: indexing has nothing else to do. */
  isDue(indexed: number, ended: boolean): boolean
  /** Goes on with a candidate or fits a new one, and lets it serve. Rejects with a Fault. */
  run(signal: AbortSignal): Promise<void>
  /** Fits a quantizer that is not to serve, only to be grown from; its id. */
  fitBase(signal: AbortSignal): Promise<number>
}

/**
 * Makes the fitter.
 * @param isHeld an unfinished run of learning, with so many photos indexed, stands on the models
 * that there are
 */
export function createFitter(
  context: Context,
  swap: ModelSwap,
  isHeld: (indexed: number) => boolean = () => false
): Fitter {
  const { catalogue, link, reader } = context
  const history = new FitHistory()

  function candidate(): number | undefined {
    const coming = catalogue.settings.describesAnew()?.model // it comes by itself
    const fits = ({ id, state, kind }: ModelRow): boolean =>
      state === 'candidate' && kind === 'first' && id !== coming
    return catalogue.models.list().find(fits)?.id
  }

  function isDue(indexed: number, ended: boolean): boolean {
    // A swap may wait for indexing to rest, and indexing waits for its fit: none begins beside it.
    if (swap.isUnderWay() || history.isHopeless(indexed) || isHeld(indexed)) return false
    if (candidate() !== undefined) return true
    if (!ended && history.isTooSoon()) return false
    const serving = reader.serving()?.row
    if (serving?.kind === 'learned') return false
    return hasOutgrown(indexed, serving?.fittedOn, ended)
  }

  async function fit(state: 'candidate' | 'retired', signal: AbortSignal): Promise<number> {
    const session = await link.session(signal)
    const { featureSize } = session.backbone
    const sha256 = reader.backbone()
    const ids = spread(catalogue.vectors.featureIds(sha256), MOST_TO_FIT)
    const features = new Uint16Array(ids.length * featureSize)
    let n = 0
    for (const id of ids) {
      const feature = catalogue.vectors.indexedFeature(id, sha256)
      if (feature?.length === featureSize) features.set(feature, n++ * featureSize)
    }
    const sample = n === ids.length ? features : features.slice(0, n * featureSize)
    const argument = { backbone: sha256, features: sample, n, bits: BITS, seed: SEED }
    const { quantizer } = await session.call('fit', argument, signal)
    return catalogue.models.add('first', quantizer, Date.now(), state)
  }

  /** The model to fall back on when none serves: the last learned one of this backbone. */
  function formerOf(backbone: string): number | undefined {
    return catalogue.models
      .list()
      .filter((model) => model.backbone === backbone && model.kind === 'learned')
      .filter(({ servedUntil }) => servedUntil !== null)
      .sort((a, b) => (b.servedUntil ?? 0) - (a.servedUntil ?? 0))[0]?.id
  }

  async function choose(signal: AbortSignal): Promise<number> {
    const known = candidate() ?? (reader.serving() ? undefined : formerOf(reader.backbone()))
    return known ?? (await fit('candidate', signal))
  }

  return {
    isDue,
    fitBase: (signal) => fit('retired', signal),
    async run(signal) {
      context.onFitting(true)
      history.begins(catalogue.work.counts().indexed)
      const started = performance.now()
      let how: 'well' | 'badly' | 'stopped' = 'well'
      try {
        await swap.serveChosen(() => choose(signal), signal)
      } catch (error) {
        how = !signal.aborted && isOfFit(error) ? 'badly' : 'stopped'
        throw error
      } finally {
        history.ends(how, performance.now() - started)
        context.onFitting(false)
      }
    }
  }
}
