// The names that some numbers have in checkpoints, which lie in people's libraries. They are
// shorter than those in the code and must stay as they are: a run that was cut goes on from a
// checkpoint that an older Kindred wrote. Pure.
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
