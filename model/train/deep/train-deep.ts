// Deep training (METHOD.md 6.2): from a head, also the last layers of the backbone, with views made
// in the graph. Runs in compute and the command line; no files, no database.
import type { Photo } from '../../image/preprocess.ts'
import { PROJECTED } from '../../quant/projection.ts'
import { openSession } from '../../runtime/session.ts'
import type { Session } from '../../runtime/session.ts'
import { floats, floatsIn } from '../../tensor/tensor.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { digestOf, readCheckpoint, writeCheckpoint } from '../head/checkpoint.ts'
import { headOf, parametersOf } from '../head/head-graph.ts'
import { NEAREST, frozenRows, mutualGraph, nearestRows, pickRows } from '../head/neighbour-graph.ts'
import { notKinAmong } from '../head/not-kin.ts'
import { storedSetting } from '../head/stored-names.ts'
import { rateAt } from '../schedule.ts'
import { startOf } from '../step.ts'
import { readBackbone, tunedCard, writeTunedBackbone } from './deep-backbone.ts'
import type { TrainDeepOptions, TrainDeepResult } from './deep-contract.ts'
import { deepBatch } from './deep-batches.ts'
import { deepStep } from './deep-step.ts'

const LAYERS = 10
/**
 * Pairs of a step. Compute answers nobody during a step, so it must be short: on two cores that
 * others keep busy 16 pairs took 1.7 to 2.5 s, 32 pairs 3.4 to 4.1 s; on free ones about a third.
 */
export const DEEP_BATCH = 16
const RATE = 1e-3
const BACKBONE_SHARE = 1e-2
const WARM_UP = 30
/** Holds a photo of 3:2 whose short side is 256; of longer ones the middle is used. */
const CANVAS = { width: 384, height: 384 }
/** Between checkpoints, ms. */
const CHECKPOINT_EVERY = 30_000

type Parameters = Record<string, Tensor<'f32'>>

/**
 * Trains the last layers of a backbone with head and codebooks. The result is a candidate: features
 * must be made anew with it before the score can say whether it is better.
 * @throws RangeError when quantizer, card, photos and settings do not fit each other, or when the
 *   loss becomes no number
 * @throws what `picture` or `giveWay` rejects with, or the signal's reason
 */
export async function trainDeep(options: TrainDeepOptions): Promise<TrainDeepResult> {
  check(options)
  const { card, quantizer, setting, seed, provider, canvas = CANVAS } = options
  const B = options.batch ?? DEEP_BATCH
  const backbone = readBackbone(options.backbone, card, options.layers ?? LAYERS, 2 * B)
  const rows = trainedRows(options)
  const projected = pickRows(options.projected, PROJECTED, rows)
  const frozen = frozenRows(projected, quantizer.projection)
  const nearest = await nearestRows(frozen, PROJECTED, NEAREST, () => options.giveWay())
  const notKin = notKinAmong(options.notKin, rows)
  const graph = mutualGraph({ ...nearest, notKin }, setting.similarityRatio)
  const { size } = card.input
  const picture = (place: number): Promise<Photo> => options.picture(rows[place]!)
  const drawn = { graph, setting, B, canvas, size, seed, picture }
  const step = deepStep({
    backbone,
    card,
    quantizer,
    setting,
    rows: 2 * B,
    canvas,
    backboneShare: options.backboneShare ?? BACKBONE_SHARE
  })
  const session = await openSession(step.model, { provider, carry: step.carry, spin: false })
  try {
    const digest = digestOfRun(options)
    const from = options.resume && readCheckpoint(options.resume, digest)?.state
    const first: Parameters = { ...parametersOf(quantizer, seed) }
    for (const { input, values } of backbone.parameters)
      first[input.name] = floats(input.shape, values)
    session.write(from?.tensors ?? startOf(step, first))
    const made = await runSteps(options, session, digest, from?.step ?? 0, async (number) => ({
      ...(await deepBatch(drawn, number)),
      ...rates(options, number, step.optimiser.scalars(number))
    }))
    const tensors = await parametersIn(session)
    const names = backbone.parameters.map(({ input }) => input.name)
    return { ...finished(options, tensors, names), ...made }
  } finally {
    await session.dispose()
  }
}

/** Runs the steps after `done`. The pictures of a step are asked for while the one before runs. */
async function runSteps(
  options: TrainDeepOptions,
  session: Session,
  digest: string,
  done: number,
  feedsOf: (step: number) => Promise<Record<string, Tensor>>
): Promise<Pick<TrainDeepResult, 'losses' | 'stepMilliseconds'>> {
  const { setting, onProgress, onCheckpoint, giveWay, signal } = options
  const { checkpointMilliseconds = CHECKPOINT_EVERY } = options
  const { steps } = setting
  const losses: number[] = []
  let spent = 0
  let saved = -Infinity
  const ask = (step: number): Promise<Record<string, Tensor>> => {
    const feeds = feedsOf(step)
    feeds.catch(() => {}) // it is awaited a step later; if the run ends before, nobody needs it
    return feeds
  }
  let next = done < steps ? ask(done + 1) : undefined
  for (let step = done + 1; step <= steps; step++) {
    const feeds = await next
    next = step < steps ? ask(step + 1) : undefined
    const began = performance.now()
    const { loss: value } = await session.run(feeds ?? {})
    const milliseconds = performance.now() - began
    const loss = floatsIn(value, 'loss')[0] ?? NaN
    if (!Number.isFinite(loss))
      throw new RangeError(`loss of step ${step}: expected a finite number, got ${loss}`)
    losses.push(loss)
    spent += milliseconds
    onProgress?.({ step, steps, loss, milliseconds })
    if (onCheckpoint && performance.now() - saved >= checkpointMilliseconds) {
      const state = { step, tensors: await parametersIn(session) }
      const rest = { digest, ended: [], best: [], steps: step, milliseconds: spent }
      onCheckpoint(writeCheckpoint({ ...rest, state }))
      saved = performance.now()
    }
    await giveWay()
    signal?.throwIfAborted()
  }
  return { losses, stepMilliseconds: spent / Math.max(losses.length, 1) }
}

/** The learning rate of a step and what else its optimiser wants. */
function rates(
  { rate = RATE, setting: { steps } }: TrainDeepOptions,
  step: number,
  scalars: Readonly<Record<string, number>>
): Parameters {
  const warmUp = Math.min(WARM_UP, Math.floor(steps / 10))
  const all = { learningRate: rateAt(step, { rate, steps, warmUp }), ...scalars }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, floats([], [value])]))
}

async function parametersIn(session: Session): Promise<Parameters> {
  const tensors: Parameters = {}
  for (const [name, tensor] of Object.entries(await session.read()))
    if (tensor.type === 'f32') tensors[name] = tensor
  return tensors
}

function finished(
  { backbone, card, quantizer, sha256, n }: TrainDeepOptions,
  tensors: Parameters,
  names: readonly string[]
): Pick<TrainDeepResult, 'backbone' | 'card' | 'quantizer'> {
  const weights: Parameters = {}
  for (const name of names) weights[name] = tensors[name]!
  const tuned = writeTunedBackbone(backbone, weights)
  const hash = sha256(tuned)
  const learned = headOf(tensors, quantizer.codebooks.L)
  return {
    backbone: tuned,
    card: tunedCard(card, hash),
    quantizer: { ...quantizer, ...learned, backbone: hash, fittedOn: n }
  }
}

/**
 * Marks a run. Its photos do not count: some may have come or gone when it goes on. What is trained
 * does: a checkpoint of when depthwise layers were trained, too, is another run's.
 */
function digestOfRun(options: TrainDeepOptions): string {
  const { card, quantizer, seed, setting, layers, batch, rate, backboneShare, canvas } = options
  const settings = [storedSetting(setting), seed, layers, batch, rate, backboneShare, canvas]
  const { head, codebooks, projection } = quantizer
  return digestOf(JSON.stringify([card.sha256, settings, 'without depthwise']), [
    projection.matrix,
    head.weight,
    head.bias,
    codebooks.values
  ])
}

/** The photos that are trained on. */
function trainedRows({ n, heldOut }: TrainDeepOptions): Uint32Array {
  const left = new Set(heldOut)
  return Uint32Array.from({ length: n }, (_, row) => row).filter((row) => !left.has(row))
}

function check(options: TrainDeepOptions): void {
  const { card, quantizer, n, projected, batch = DEEP_BATCH, setting } = options
  const most = trainedRows(options).length
  if (quantizer.backbone !== card.sha256)
    throw new RangeError(`quantizer: expected one of ${card.sha256}, got ${quantizer.backbone}`)
  if (projected.length !== n * PROJECTED)
    throw new RangeError(`projected: expected ${n * PROJECTED} numbers, got ${projected.length}`)
  if (!Number.isInteger(batch) || batch < 2 || batch > most)
    throw new RangeError(`batch: expected 2 to ${most} pairs, got ${batch}`)
  if (!Number.isInteger(setting.steps) || setting.steps < 1)
    throw new RangeError(`steps: expected 1 or more, got ${setting.steps}`)
}
