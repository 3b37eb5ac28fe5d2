// Has all photos of a library described anew by another of the shipped backbones, since its owner
// agreed. What serves goes on serving: a copy of its model for the other backbone comes to serve
// once every photo has a feature and a code of that. Goes on after a kill. Runs in the writer.
import { Fault } from '../../wire/fault.ts'
import type { Arithmetic, ArithmeticState, ShippedBackbone } from '../../wire/arithmetic.ts'
import type { DescribesAnew } from '../../catalogue/settings-table.ts'
import type { Context } from '../context.ts'
import { ownBackbone } from '../models/own-backbone.ts'
import type { KnownModel } from '../lines/reader-line.ts'
import { serveKept } from '../runs/learning-run.ts'
import { renewAll } from '../models/renew-features.ts'
import type { RunParts } from '../runs/run-parts.ts'
import { tellServing } from '../models/tell-serving.ts'

type Parts = Pick<RunParts, 'context' | 'swap' | 'meter' | 'devices'>

/** How photos are described now, and how they could be. Waits for compute. */
export async function describedIn({ catalogue, link, reader }: Context): Promise<ArithmeticState> {
  const { backbone } = await link.session()
  const { shipped } = backbone
  const own = shipped.find(({ sha256 }) => sha256 === ownBackbone(catalogue, backbone))
  const isTuned = isOther(reader.serving(), shipped)
  const others = isTuned ? [] : shipped.filter((one) => one !== own && one.way !== null)
  const isSlow = !isTuned && own !== undefined && own.way !== 'fastest'
  const faster = others.find(
    ({ arithmetic, way }) => way === 'fastest' && (isSlow || arithmetic === '8-bit')
  )
  return {
    own: isTuned ? 'tuned' : (own?.arithmetic ?? 'float'),
    isSlow,
    others: others.map(({ arithmetic }) => arithmetic),
    offer: faster?.arithmetic ?? null,
    isChanging: catalogue.settings.describesAnew() !== undefined
  }
}

/**
 * The backbone of an arithmetic, for photos to be described by. Throws Fault bad-argument where a
 * tuned one describes them, device where this processor does not compute it rightly.
 */
export async function backboneFor(
  { link, reader }: Context,
  arithmetic: Arithmetic
): Promise<string> {
  const { shipped } = (await link.session()).backbone
  const subject = 'arithmetic'
  if (isOther(reader.serving(), shipped)) {
    const [expected, received] = ['a library that no tuned backbone describes', 'one']
    throw new Fault({ kind: 'bad-argument', subject, expected, received })
  }
  const wanted = shipped.find((one) => one.arithmetic === arithmetic)
  if (wanted && wanted.way !== null) return wanted.sha256
  const [expected, received] = ['a processor that computes rightly', arithmetic]
  throw new Fault({ kind: 'device', subject, expected, received })
}

function isOther(serving: KnownModel | undefined, shipped: readonly ShippedBackbone[]): boolean {
  return !!serving && !shipped.some(({ sha256 }) => sha256 === serving.record.backbone)
}

/**
 * Describes all photos by another backbone, or goes on with it, and lets that serve. Rejects with a
 * Fault: then it goes on at the next start, unless it was given up (`Learner.cancel`).
 */
export async function describeAnew(
  parts: Parts,
  backbone: string,
  signal: AbortSignal
): Promise<void> {
  const { context, meter } = parts
  const { catalogue, link } = context
  const { settings } = catalogue
  const session = await link.session(signal)
  if (ownBackbone(catalogue, session.backbone) === backbone)
    return settings.setDescribesAnew(undefined)
  const { model } = begin(context, backbone)
  try {
    if (model === null) {
      const { indexed } = catalogue.work.counts()
      meter.begin('renewal', 0, indexed, indexed)
      await renewAll(context, backbone, (photos) => meter.add(photos), signal)
      settings.setBackbone(backbone)
      await tellServing(context, await link.session(signal))
    } else await serveKept(parts, model, true, signal)
  } catch (error) {
    const isGivenUp = settings.describesAnew() === undefined
    if (isGivenUp && model !== null) catalogue.models.erase(model)
    throw error
  }
  settings.setDescribesAnew(undefined)
}

/** What is on its way already, if it is still of the model that serves; else it begins. */
function begin({ catalogue, reader }: Context, backbone: string): DescribesAnew {
  const { models, settings } = catalogue
  const serving = reader.serving()
  const from = serving?.id ?? null
  const kept = settings.describesAnew()
  const isThere = kept?.model == null || models.get(kept.model)?.state === 'candidate'
  if (kept && kept.backbone === backbone && kept.from === from && isThere) return kept
  return catalogue.transaction(() => {
    if (kept?.model != null && isThere) models.erase(kept.model)
    const begun = { backbone, from, model: serving ? copyOf(serving) : null }
    settings.setDescribesAnew(begun)
    return begun
  })

  /** The same weights: features of both backbones are nearly the same. */
  function copyOf({ row, record }: KnownModel): number {
    const { depth, device, seconds, steps, scoreBefore, scoreAfter, witnessShare } = row
    const figures = { device, seconds, steps, scoreBefore, scoreAfter }
    const learned = { base: null, depth, ...figures, witnessShare }
    const other = { ...record, backbone }
    return row.kind === 'first'
      ? models.add('first', other, Date.now())
      : models.addLearned(other, Date.now(), learned, models.blind(row.id))
  }
}
