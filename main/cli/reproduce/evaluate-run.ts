// A run's tensors measured by the papers' protocol: gallery and queries described, codes made,
// every query ranked. Plain Node; ONNX Runtime runs in this process.
import {
  CODEWORD_LENGTH,
  averagePrecisions,
  balancedRows,
  describePictures,
  floatsIn,
  meanOver,
  type Pictures,
  type Place,
  type RunTensors
} from '../../../model/learning.ts'
import type { Settings } from './run-checkpoint.ts'
import type { Evaluation } from './loss-history.ts'

/** One of so many queries chooses the best epoch. */
const HELD_OUT = 10

export interface Measured {
  settings: Settings
  gallery: Pictures
  queries: Pictures
  place: Place
  tensors: RunTensors
}

/**
 * mAP@1000 of all queries, of a held-out tenth and of the others.
 * @param between awaited every now and then with a line of progress; it may throw to stop
 */
export async function evaluateRun(
  { settings, gallery, queries, place, tensors }: Measured,
  between: (line: string) => Promise<void>
): Promise<Evaluation> {
  const { bits, ranking, provider, seed } = settings
  const all = gallery.labels.length + queries.labels.length
  const describe = (pictures: Pictures, before: number): Promise<Float32Array> =>
    describePictures(settings, { place, tensors }, pictures, provider, (done) =>
      between(`${before + done} of ${all} pictures described`)
    )
  const descriptors = await describe(gallery, 0)
  const ofQueries = await describe(queries, gallery.labels.length)
  const values = floatsIn(tensors.codebooks, 'codebooks')
  const precisions = await averagePrecisions(
    { descriptors, labels: gallery.labels },
    { descriptors: ofQueries, labels: queries.labels },
    { M: bits / 4, L: CODEWORD_LENGTH, values },
    ranking,
    (done) => between(`${done} of ${queries.labels.length} queries ranked`)
  )
  const rows = Array.from(precisions, (_, row) => row)
  const held = new Set(balancedRows(queries.labels, Math.ceil(rows.length / HELD_OUT), seed))
  const others = rows.filter((row) => !held.has(row))
  return {
    all: meanOver(precisions, rows),
    heldOut: meanOver(precisions, [...held]),
    others: meanOver(precisions, others)
  }
}
