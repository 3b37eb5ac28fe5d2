// One training of the accuracy bench: a library, bits, a seed, and a setting or the app's own
// choice. What it comes to is measured as `evaluate` does. Runs in the bench's workers.
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { outsideLabels } from '../../../main/engine/runs/circumstances.ts'
import { isWitness, witnessShare } from '../../../main/engine/runs/witnesses.ts'
import { multiplyInRuntime } from '../../../main/compute/multiply-in-runtime.ts'
import { rankings } from '../../../main/cli/compare-orders.ts'
import type { Order } from '../../../main/cli/compare-orders.ts'
import { learnHead, nearest } from '../../../model/learning.ts'
import type { LearnData, Score, Setting } from '../../../model/learning.ts'
import { project } from '../../../model/quant/encode.ts'
import { averagePrecision } from '../../../model/retrieval.ts'
import { fitFirstQuantizer, serialiseQuantizer } from '../../../model/retrieval.ts'
import type { Quantizer } from '../../../model/retrieval.ts'
import { encodeLibrary } from '../../../model/train/head/averaged.ts'
import { frozenRows, mutualGraph, nearestRows } from '../../../model/train/head/neighbour-graph.ts'
import type { Nearest } from '../../../model/train/head/neighbour-graph.ts'
import { stepsFor } from '../../../model/train/head/trial-settings.ts'
import type { OutsideLabels } from '../../../model/train/head/score.ts'
import { runTrial } from '../../../model/train/head/trial.ts'
import { floatsToCompare } from './baselines.ts'
import type { Baselines } from './baselines.ts'
import { V, photoSet } from './photos.ts'
import { textOf } from './plan.ts'

export const Grid = v.object({
  name: v.string(),
  loss: v.optional(v.picklist(['spq', 'sscq']), 'spq'),
  pairs: v.optional(v.picklist(['neighbours', 'views']), 'neighbours'),
  temperature: v.number(),
  neighbourShare: v.number(),
  similarityRatio: v.number(),
  steps: v.optional(v.number()), // left out: by the number of photos, as the app
  local: v.optional(v.object({ groups: v.number(), members: v.number(), near: v.number() }))
})
export type Grid = v.InferOutput<typeof Grid>

export interface Folder {
  path: string
  top: number
}

export interface Job {
  folders: Folder[] // that are one library
  bits: 16 | 32 | 64 | 128
  seed: number
  /** A setting trained on all photos, the untrained start, or the app's own choice. */
  train: Grid | 'start' | 'automatic'
}

/** mAP of the queries of one set against the whole library. */
export interface Figures extends Baselines {
  codes: number
  reranked: number
}

export interface Outcome {
  sets: Record<string, Figures>
  seconds: number
  stepMilliseconds: number
  /** Of an automatic one: the setting it chose, or why none; and the scores of its trials. */
  chosen?: string
  before?: number
  trials?: (Score & { setting: Setting })[]
}

interface Library {
  key: string
  n: number
  D: number
  labels: string[] // `set/label`
  sets: { name: string; top: number; from: number; to: number }[]
  features: Uint16Array
  start: Quantizer
  data: LearnData
  /** What clocks say; folders are the labels here, so they say nothing. */
  outside: OutsideLabels
  nearest?: Nearest
}

let held: Library | undefined
/** Of each set, by the folders of the library: the same, whatever its bits and seed. */
const baselinesOf = new Map<string, Baselines[]>()

/** Runs a job; libraries are kept until another one is asked for. */
export async function runJob({ folders, bits, seed, train }: Job): Promise<Outcome> {
  const key = JSON.stringify([folders, bits, seed])
  const library = held?.key === key ? held : await openLibrary(key, folders, bits, seed)
  held = library
  const { start, data, n } = library
  const began = performance.now()
  let milliseconds = 0
  let steps = 0
  const seconds = (): number => (performance.now() - began) / 1000
  if (train === 'start')
    return { sets: await figuresOf(library, start), seconds: seconds(), stepMilliseconds: 0 }
  if (train === 'automatic') {
    const learnt = await learnHead({
      data,
      start,
      serving: start,
      witness: witnessesOf(library),
      outside: library.outside,
      bits,
      loss: 'spq',
      pairs: 'automatic',
      seed,
      provider: 'cpu',
      multiply: multiplyInRuntime,
      giveWay: () => new Promise(setImmediate)
    })
    const took = seconds()
    return {
      sets: await figuresOf(library, learnt.quantizer ?? start),
      seconds: took,
      stepMilliseconds: learnt.stepMilliseconds,
      chosen: learnt.setting
        ? `${textOf(learnt.setting)}${learnt.quantizer?.averages ? ', averaged' : ''}`
        : `none (${learnt.verdict.reason}): the start was kept`,
      before: learnt.scoreBefore,
      trials: learnt.trials
    }
  }
  const { local } = train
  const setting: Setting = {
    loss: train.loss,
    pairs: train.pairs,
    temperature: train.temperature,
    neighbourShare: train.neighbourShare,
    similarityRatio: train.similarityRatio,
    steps: train.steps ?? stepsFor(n),
    ...(local && { local })
  }
  library.nearest ??= await nearestRows(frozenRows(data.projected, start.projection), 256, 100)
  const { nearest } = library
  const rows = Uint32Array.from({ length: n }, (_, row) => row)
  const model = await runTrial({
    pool: { data, rows, nearest, graph: mutualGraph(nearest, setting.similarityRatio) },
    setting,
    start,
    seed,
    provider: 'cpu',
    onStep: async (made) => {
      milliseconds += made.milliseconds
      steps++
    }
  })
  const took = seconds()
  const sets = await figuresOf(library, { ...start, ...(model ?? start) })
  return { sets, seconds: took, stepMilliseconds: milliseconds / Math.max(steps, 1) }
}

/** As the app chooses them, by what the photos are described as instead of their bytes. */
function witnessesOf({ n, D, features }: Library): Uint8Array {
  const share = witnessShare(n, undefined)
  return Uint8Array.from({ length: n }, (_, row) => {
    const hash = createHash('sha256').update(features.slice(row * D, (row + 1) * D))
    return Number(isWitness(hash.digest('hex'), share))
  })
}

async function openLibrary(
  key: string,
  folders: Folder[],
  bits: number,
  seed: number
): Promise<Library> {
  const parts = []
  for (const { path } of folders) parts.push(await photoSet(path, () => undefined))
  const D = parts[0]?.D ?? 0
  const n = parts.reduce((sum, part) => sum + part.n, 0)
  const features = joined(parts.map((part) => part.features))
  const start = await fitFirstQuantizer({
    features,
    n,
    D,
    bits,
    seed,
    backbone: '0'.repeat(64),
    multiply: multiplyInRuntime
  })
  let from = 0
  const sets = parts.map(({ name, n: count }, place) => {
    const set = { name, top: folders[place]?.top ?? 100, from, to: from + count }
    from += count
    return set
  })
  return {
    key,
    n,
    D,
    labels: parts.flatMap(({ name, labels }) => labels.map((label) => `${name}/${label}`)),
    sets,
    features,
    start,
    outside: momentsOf(parts.flatMap(({ capturedAt }) => capturedAt)),
    data: {
      n,
      projected: await project(start.projection, features, multiplyInRuntime),
      views: await project(
        start.projection,
        joined(parts.map((part) => part.views)),
        multiplyInRuntime
      ),
      V
    }
  }
}

function momentsOf(capturedAt: (number | null)[]): OutsideLabels {
  const all = capturedAt.map((at) => ({ capturedAt: at, folder: 0, directory: '' }))
  const { bursts, events } = outsideLabels(all)
  return { bursts, events }
}

function joined(parts: readonly Uint16Array[]): Uint16Array {
  const out = new Uint16Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Each photo queries the whole library; the mean over the photos of each set. */
async function figuresOf(library: Library, quantizer: Quantizer): Promise<Record<string, Figures>> {
  const { n, D, labels, sets, features, data } = library
  const encoded = await encodeLibrary(quantizer, data.projected, {
    multiply: multiplyInRuntime
  })
  const vectors = {
    ids: Uint32Array.from({ length: n }, (_, row) => row),
    paths: labels,
    featureSize: D,
    features,
    encoded: { quantizer: serialiseQuantizer(quantizer), projected: data.projected, ...encoded }
  }
  const found = rankings(vectors, topOf(library))
  const measure = async (of: 'codes' | 'reranked'): Promise<number[]> => {
    const order = await found.find((ranking) => ranking.of === of)?.order()
    if (!order) throw new Error(`rankings: expected ${of}, got none`)
    return precisions(library, order)
  }
  const [codes, reranked] = [await measure('codes'), await measure('reranked')]
  const key = sets.map(({ name, top }) => `${name}:${top}`).join()
  const baselines = baselinesOf.get(key) ?? (await baselinesFor(library))
  baselinesOf.set(key, baselines)
  return Object.fromEntries(
    sets.map(({ name }, set) => [
      name,
      { codes: codes[set] ?? 0, reranked: reranked[set] ?? 0, ...baselines[set]! }
    ])
  )
}

/** mAP of each set by what no training made. */
async function baselinesFor(library: Library): Promise<Baselines[]> {
  const { features, data, start, sets } = library
  const all = sets.map(() => ({ floats: 0, centred: 0, whitened: 0, averaged: 0 }))
  const kept = Math.min(topOf(library) + 1, library.n)
  for await (const { of, size, rows } of floatsToCompare(features, data.projected, start)) {
    const { indices } = await nearest(rows, rows, size, kept)
    const order: Order = (row) => indices.subarray(row * kept, (row + 1) * kept)
    precisions(library, order).forEach((value, set) => (all[set]![of] = value))
  }
  return all
}

function topOf({ sets }: Library): number {
  return Math.max(...sets.map(({ top }) => top))
}

/** mAP of each set in an order. */
function precisions({ sets, labels }: Library, order: Order): number[] {
  return sets.map(({ top, from, to }) => {
    let sum = 0
    for (let row = from; row < to; row++) {
      const others = Array.from(order(row)).filter((other) => other !== row)
      sum += averagePrecision(others, (other) => labels[other] === labels[row], top)
    }
    return sum / (to - from)
  })
}
