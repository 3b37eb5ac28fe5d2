// What a score says: a number that means the same whatever model gave it, and a word for it. Scores
// are cosines, and how large a cosine is by chance depends on the model and on the photos; so they
// are held against pairs of the library's own photos. Pure.
//
// [Note: an empirical null] Most pairs of photos have nothing to do with each other, but some do,
// and nobody says which. Pairs that have something in common score higher, so the lower half of
// all scores is of the others: their spread below the median is that of chance (Efron, "Large-Scale
// Simultaneous Hypothesis Testing: The Choice of a Null Hypothesis", JASA 2004).

/** The two cosines of pairs of photos [n] that kin are ordered by, see orderKin. */
export interface PairCosines {
  descriptors: Float32Array
  frozen: Float32Array
}

/** Scores and the likeness of each, both rising; between them it is interpolated. */
export type Calibration = readonly { score: number; likeness: number }[]

/** Likeness from which on two photos show the same thing, and the same kind of thing. */
export const SAME_THING = 0.9
export const SAME_KIND = 0.5
/** Below this they have no more in common than photos have by chance: kin end here. */
export const LEAST_LIKENESS = 0.2

/**
 * Spreads of chance above the median where kin end, and where the same kind begins. Measured on
 * three libraries with labels, first and learned models: METHOD 4.10.
 */
const LEAST_SPREADS = 3
const KIND_SPREADS = 6
/** Where spreads are wide, the borders lie at most so far from the median to 1. */
const LEAST_AT_MOST = 0.35
const KIND_AT_MOST = 0.6
/** A tenth of the shots of one moment may be less alike than "the same thing". */
const SHOTS_BELOW = 0.1
/** From the border of kind to 1: where "the same thing" begins without shots, and its bounds. */
const THING = 0.5
const THING_BOUNDS = [0.25, 0.75] as const
/** With fewer pairs, chance and shots cannot be told. */
const FEWEST_PAIRS = 500
const FEWEST_SHOTS = 24
/** What is taken then: of a model's cosines, which are centred, and of features' as they are. */
const USUAL = { median: 0, spread: 0.055 }
const USUAL_OF_FEATURES = { median: 0.25, spread: 0.06 }
/** Where all photos are equal, nothing spreads. */
const LEAST_SPREAD = 0.005

/** The scores (orderKin, before it cuts them to 0..1) of pairs. */
export function scoresOf({ descriptors, frozen }: PairCosines, strictness: number): Float32Array {
  return descriptors.map((cosine, i) => (cosine + strictness * frozen[i]!) / (1 + strictness))
}

/**
 * What scores say in a library.
 * @param pairs scores of pairs of photos that were taken at random
 * @param shots scores of pairs that are shots of one moment; may be empty
 * @param isOfModel false for scores of features, while no model serves
 */
export function calibrate(
  pairs: Float32Array,
  shots: Float32Array,
  isOfModel = true
): Calibration {
  const usual = isOfModel ? USUAL : USUAL_OF_FEATURES
  const { median, spread } = pairs.length < FEWEST_PAIRS ? usual : chanceOf(pairs)
  const above = (spreads: number, most: number): number =>
    median + Math.min(spreads * spread, most * (1 - median))
  const least = above(LEAST_SPREADS, LEAST_AT_MOST)
  const kind = above(KIND_SPREADS, KIND_AT_MOST)
  const [from, to] = THING_BOUNDS.map((share) => kind + share * (1 - kind)) as [number, number]
  const thing =
    shots.length < FEWEST_SHOTS
      ? kind + THING * (1 - kind)
      : Math.min(to, Math.max(from, quantile(sorted(shots), SHOTS_BELOW)))
  return [
    { score: median, likeness: 0 },
    { score: least, likeness: LEAST_LIKENESS },
    { score: kind, likeness: SAME_KIND },
    { score: thing, likeness: SAME_THING },
    { score: 1, likeness: 1 }
  ]
}

/** The likeness, 0..1, that a score has. Rises with the score. */
export function likenessOf(calibration: Calibration, score: number): number {
  for (const [i, { score: high, likeness: most }] of calibration.entries()) {
    if (score > high) continue
    const before = calibration[i - 1]
    if (!before) return most
    const share = (score - before.score) / (high - before.score)
    return before.likeness + share * (most - before.likeness)
  }
  return 1
}

/** Where chance lies and how far it spreads. */
function chanceOf(pairs: Float32Array): { median: number; spread: number } {
  const ascending = sorted(pairs)
  const median = quantile(ascending, 0.5)
  // One standard deviation below the mean of a normal distribution.
  const spread = median - quantile(ascending, 0.1587)
  return { median, spread: Math.max(LEAST_SPREAD, spread) }
}

function quantile(ascending: Float32Array, share: number): number {
  return ascending[Math.floor(share * (ascending.length - 1))] ?? 0
}

function sorted(scores: Float32Array): Float32Array {
  return scores.slice().sort()
}
