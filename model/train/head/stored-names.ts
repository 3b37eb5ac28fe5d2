// The names that settings have where the digest of a run is made, which lies in people's
// libraries. They are shorter than those in the code and must stay as they are: a run that was cut
// goes on from a checkpoint that an older Kindred wrote. Pure.
import type { Setting } from './head-contract.ts'

/** A setting as the digest of a run spells it, in this order. */
export function storedSetting(setting: Setting): object {
  const { loss, pairs, temperature, neighbourShare, similarityRatio, steps, local } = setting
  const stored = { loss, pairs, temperature, q: neighbourShare, r: similarityRatio, steps }
  return local ? { ...stored, local } : stored
}
