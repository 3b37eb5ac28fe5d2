// What the accuracy bench compares codes with, none of it trained: the backbone's features as they
// are, with their mean taken away, half-whitened, and the fair baseline, each feature averaged with
// its nearest ten. Pure but for the products.
import { averageWithKin } from '../../../model/quant/average.ts'
import { centreRows, normaliseRows, unitRows } from '../../../model/quant/features.ts'
import { fromHalves } from '../../../model/retrieval.ts'
import type { Quantizer } from '../../../model/retrieval.ts'
import { nearestRows } from '../../../model/train/head/neighbour-graph.ts'
import { PROJECTED } from '../../../model/retrieval.ts'

/** Nearest features that the fair baseline averages each feature with. */
const KIN = 10

/** mAP of floats that no training made. */
export interface Baselines {
  /** The backbone's features. */
  floats: number
  /** With their mean taken away. */
  centred: number
  /** Their 256 largest components besides, half-whitened: what the first quantizer codes. */
  whitened: number
  /** The fair baseline: centred, and averaged with the nearest ten (similarity cubed). */
  averaged: number
}

/** Rows [n, size] of each kind, by their names in `Baselines`. */
export interface Floats {
  of: keyof Baselines
  size: number
  rows: Float32Array // of length 1
}

/** The floats of a library's features [n, D] and projected features [n, 256]. */
export async function* floatsToCompare(
  features: Uint16Array,
  projected: Uint16Array,
  { projection }: Pick<Quantizer, 'projection'>
): AsyncGenerator<Floats> {
  const D = projection.mean.length
  const n = features.length / D
  const raw = unitRows(features, D, 0, n)
  yield { of: 'floats', size: D, rows: raw }
  centreRows(raw, projection.mean)
  normaliseRows(raw, D, 1)
  yield { of: 'centred', size: D, rows: raw }
  const whitened = fromHalves(projected)
  normaliseRows(whitened, PROJECTED, 1)
  yield { of: 'whitened', size: PROJECTED, rows: whitened }
  const nearest = await nearestRows(raw, D, KIN)
  yield { of: 'averaged', size: D, rows: averageWithKin(raw, D, nearest, { count: KIN }) }
}
