// The library's quantizer: when it is due, fitting it on a sample, encoding every photo, the swap.
// Runs in the engine; compute does the arithmetic. The former model answers until the swap, which
// is one transaction. A kill leaves a candidate, and the next start goes on with it.
import type { ModelRow } from '../../catalogue/model-table.ts'
import { isFault } from '../../wire/fault.ts'
import { FEWEST_TO_FIT, MOST_TO_FIT, QuantizerError } from '../../../model/retrieval.ts'
import type { Context } from '../context.ts'
import { encodeAll } from '../indexing/encode-photos.ts'
import { renewAll } from './renew-features.ts'
import type { LoadedModel } from '../answering/search.ts'
import { tellServing } from './tell-serving.ts'
import { hasTuned, removeOthers } from './tuned-backbones.ts'

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
/** What is told of a phase counts no further. */
const MOST_COUNTED = 1_000_000

/** How a model comes to serve, and who follows it. */
export interface Following {
  /** Photos are described only while nothing is indexed. */
  givesWay: boolean
  /** A phase begins, with so many photos to do. */
  onPhase(phase: 'renewal' | 'encoding', left: number): void
  onDone(photos: number): void
}

export interface Fitter {
  /** The backbone compute came with; candidates of one that is not there are forgotten. */
  useBackbone(sha256: string): Promise<void>
  /** Is a fit due with so many indexed photos? `ended`: the run has nothing else to do. */
  isDue(indexed: number, ended: boolean): boolean
  /** Goes on with a candidate or fits a new one, and lets it serve. Rejects with a Fault. */
  run(signal: AbortSignal): Promise<void>
  /** Fits a quantizer that is not to serve, only to be grown from; its id. */
  fitBase(signal: AbortSignal): Promise<number>
  /**
   * Lets a kept model serve: describes what its backbone has not, encodes what lacks its codes,
   * swaps, drops what is not wanted any more. Throws Fault bad-model where its backbone is gone.
   */
  serve(id: number, signal: AbortSignal, following?: Following): Promise<void>
  /** Removes what swaps that were cut short have left, and what nothing needs any more. */
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
  let shipped = '' // until compute came
  let turn: Promise<unknown> = Promise.resolve()
  let coming: string | undefined // the backbone of the model that is to serve next
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
    const { featureSize } = session.backbone
    const sha256 = search.backbone()
    const ids = spread(catalogue.vectors.featureIds(sha256), MOST_TO_FIT)
    failedWith = ids.length
    const features = new Uint16Array(ids.length * featureSize)
    let n = 0
    for (const [place, id] of ids.entries()) {
      if (place % READ_AT_ONCE === 0) await new Promise(setImmediate)
      const feature = catalogue.vectors.indexedFeature(id, sha256)
      if (feature?.length === featureSize) features.set(feature, n++ * featureSize)
    }
    const sample = n === ids.length ? features : features.slice(0, n * featureSize)
    const argument = { backbone: sha256, features: sample, n, bits: BITS, seed: SEED }
    const { quantizer } = await session.call('fit', argument, signal)
    return catalogue.models.add('first', quantizer, Date.now(), state)
  }

  async function serve(
    id: number,
    signal: AbortSignal,
    { givesWay = false, onPhase = nothing, onDone = nothing }: Partial<Following> = {}
  ): Promise<void> {
    const model = await load(id)
    try {
      await swapTo(model, signal, { givesWay, onPhase, onDone })
    } finally {
      coming = undefined
      search.letGo(model)
    }
    await use()
    await tidy()
  }

  async function swapTo(
    model: LoadedModel,
    signal: AbortSignal,
    { givesWay, onPhase, onDone }: Following
  ): Promise<void> {
    const { id } = model
    const { backbone } = model.record
    coming = backbone
    if (backbone !== search.backbone()) await checkBackbone(backbone, signal)
    const describing = givesWay ? context : { ...context, giveWay: () => Promise.resolve() }
    do {
      onPhase('renewal', catalogue.vectors.undescribed(backbone, 0, MOST_COUNTED).length)
      await renewAll(describing, backbone, onDone, signal)
      onPhase('encoding', catalogue.vectors.unencoded(id, backbone, 0, MOST_COUNTED).length)
      await encodeAll(context, model, signal, onDone)
    } while (!catalogue.models.swap(id)) // photos were added on the way
    model.row = catalogue.models.get(id) ?? model.row
    search.serve(model)
  }

  /** One swap after the other: the last that was asked for serves. */
  function inTurn<T>(swap: () => Promise<T>): Promise<T> {
    const mine = turn.then(swap)
    turn = mine.catch(() => undefined)
    return mine
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
  async function use(): Promise<void> {
    const session = link.current()
    if (!session) return
    await tellServing(context, session).catch((error: unknown) => {
      if (!isFault(error, 'process-lost')) throw error
    })
  }

  /** Throws Fault bad-model for a backbone that is gone, or is not what its card says. */
  async function checkBackbone(backbone: string, signal: AbortSignal): Promise<void> {
    const session = await link.session(signal)
    await session.call('renew', { photos: [], backbone }, signal)
  }

  /** Whether photos can be described by this backbone; true while it is not known. */
  async function isThere(sha256: string): Promise<boolean> {
    return shipped === '' || sha256 === shipped || hasTuned(context.tuned, sha256)
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
    if (serving && shipped !== '') await tidyBackbones(serving.record.backbone, former)
  }

  /** Features of the serving model's backbone, the former's, the next and candidates' stay. */
  async function tidyBackbones(serving: string, former: ModelRow | undefined): Promise<void> {
    const models = catalogue.models.list()
    const candidates = models.filter(({ state }) => state === 'candidate')
    const wanted = new Set([serving, ...candidates.map(({ backbone }) => backbone)])
    if (former && (await isThere(former.backbone))) wanted.add(former.backbone)
    if (coming !== undefined) wanted.add(coming)
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

  /** The model to fall back on when none serves: the last one of this backbone that did. */
  function formerOf(backbone: string): number | undefined {
    return catalogue.models
      .list()
      .filter((model) => model.backbone === backbone && model.kind === 'learned')
      .filter(({ servedUntil }) => servedUntil !== null)
      .sort((a, b) => (b.servedUntil ?? 0) - (a.servedUntil ?? 0))[0]?.id
  }

  async function dropCodes(id: number): Promise<void> {
    while (catalogue.vectors.dropOfModel(id, ROWS_AT_ONCE) > 0) await new Promise(setImmediate)
  }

  async function erase(id: number): Promise<void> {
    await dropCodes(id)
    if (!catalogue.models.isBase(id)) catalogue.models.erase(id)
  }

  return {
    async useBackbone(sha256) {
      shipped = sha256
      for (const model of catalogue.models.list())
        if (model.state === 'candidate' && !(await isThere(model.backbone)))
          catalogue.models.erase(model.id)
    },
    isDue,
    fitBase: (signal) => fit('retired', signal),
    serve: (...asked) => inTurn(() => serve(...asked)),
    tidy,
    async run(signal) {
      context.onFitting(true)
      const started = performance.now()
      try {
        await inTurn(async () => {
          const known = candidate() ?? (search.serving() ? undefined : formerOf(search.backbone()))
          await serve(known ?? (await fit('candidate', signal)), signal)
        })
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

function nothing(): void {}
