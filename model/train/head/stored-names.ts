// The names that some numbers have in checkpoints. These lie in people's libraries, and the first
// ones were written with shorter names; they keep them, so that a run that was cut goes on after an
// update. Pure.
import type { Score, Setting } from './head-contract.ts'

/** A score as a checkpoint has it: communities at resolution 1 and 4, and of near duplicates. */
export interface StoredScore {
  score: number
  comm1: number
  comm4: number
  tight: number
}

/** A score with its names in a checkpoint. */
export function storedScore({ score, coarse, fine, nearDuplicates }: Score): StoredScore {
  return { score, comm1: coarse, comm4: fine, tight: nearDuplicates }
}

/** The score that a checkpoint has. */
export function scoreStored({ score, comm1, comm4, tight }: StoredScore): Score {
  return { score, coarse: comm1, fine: comm4, nearDuplicates: tight }
}

/** A setting as the fingerprint of a run spells it, in this order. */
export function storedSetting(setting: Setting): object {
  const { loss, pairs, temperature, neighbourShare, similarityRatio, steps, local } = setting
  const stored = { loss, pairs, temperature, q: neighbourShare, r: similarityRatio, steps }
  return local ? { ...stored, local } : stored
}
