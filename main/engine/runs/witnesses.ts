// The witnesses: photos that no blind model is ever trained on, so that any two can be compared by
// them fairly (METHOD.md 4.7). Their content chooses them: a copy of a file is one if the file is,
// and they stay the same whatever comes and goes. Runs in the writer. Pure.
import type { ModelRow } from '../../catalogue/model-table.ts'

/** The share of a large library, and how many there are at least of a small one. */
const SHARE = 0.05
const AT_LEAST = 130
/** Half of the photos at most: the rest is to learn from. */
const MOST = 0.5
/** Of a hash, that much decides: hexadecimal digits. */
const DIGITS = 8

/**
 * The share of `photos` that a run leaves out. Where the model that serves was learned with fewer
 * witnesses it is theirs: what has become one since, that model has learned from.
 */
export function witnessShare(photos: number, serving: ModelRow | undefined): number {
  const share = Math.max(SHARE, Math.min(MOST, AT_LEAST / Math.max(photos, 1)))
  return Math.min(share, serving?.witnessShare ?? 1)
}

/**
 * The share to begin anew with where too few witnesses could be asked: photos of a burst count as
 * one, so a library of bursts has fewer to ask than its photos promise. Where the model that serves
 * was learned, its own share at most: it has learned from all others. Undefined where more cannot
 * be had.
 */
export function largerShare(
  share: number,
  asked: number,
  serving: ModelRow | undefined
): number | undefined {
  const most = serving?.kind === 'learned' ? (serving.witnessShare ?? share) : MOST
  const wanted = Math.min(most, (share * AT_LEAST) / Math.max(asked, 1))
  return wanted > share ? wanted : undefined
}

/** Whether the photo of this content (SHA-256, hexadecimal) is a witness at a share of 0..1. */
export function isWitness(hash: string, share: number): boolean {
  return parseInt(hash.slice(0, DIGITS), 16) < share * 16 ** DIGITS
}

/** Whether a model was trained on all photos, witnesses among them: by an older Kindred. */
export function isTrainedOnAll(model: ModelRow | undefined): boolean {
  return model?.kind === 'learned' && model.witnessShare === null
}
