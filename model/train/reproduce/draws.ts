// Everything random of a run by where it is used: a generator comes from the seed, the epoch and
// the step alone, so a run that goes on needs to keep no generator. Pure.
import { seededRandom } from '../../quant/random.ts'
import type { Random } from '../../quant/random.ts'

/** What a generator is for; no two share their numbers. */
const PURPOSES = ['part', 'parameters', 'order', 'views'] as const
export type Purpose = (typeof PURPOSES)[number]

/** The generator of a purpose at a place of a run: an epoch, or an epoch and a step. */
export function randomAt(seed: number, purpose: Purpose, ...place: readonly number[]): Random {
  let state = 0x9e3779b9
  for (const number of [seed, PURPOSES.indexOf(purpose), ...place]) {
    // The last steps of MurmurHash3, which let every bit change every other.
    state = Math.imul(state ^ number ^ (state >>> 16), 0x85ebca6b)
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
    state ^= state >>> 16
  }
  return seededRandom(state)
}

/** Rows 0 to n - 1 in a random order (Fisher and Yates). */
export function shuffled(n: number, random: Random): Uint32Array {
  const rows = Uint32Array.from({ length: n }, (_, row) => row)
  for (let last = n - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const held = rows[last]!
    rows[last] = rows[other]!
    rows[other] = held
  }
  return rows
}
