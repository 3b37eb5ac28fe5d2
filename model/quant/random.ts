// Seeded random numbers: the same seed gives the same fit on every machine. Pure.

/** Uniform in 0..1 (1 left out), 32 bits of state (mulberry32). */
export type Random = () => number

/** Starts a generator from a whole number. */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** One number of the standard normal distribution (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** A random orthogonal matrix [size, size], row-major: Gaussian rows made orthonormal. */
export function randomRotation(size: number, random: Random): Float64Array {
  const rows = Array.from({ length: size }, () =>
    Float64Array.from({ length: size }, () => normal(random))
  )
  orthonormalise(rows, random)
  const matrix = new Float64Array(size * size)
  rows.forEach((row, i) => matrix.set(row, i * size))
  return matrix
}

/**
 * Makes vectors orthonormal in place (modified Gram-Schmidt, twice: twice is enough). One that is a
 * sum of those before it becomes a random one. As many as their length at most.
 */
export function orthonormalise(vectors: Float64Array[], random: Random): void {
  for (let i = 0; i < vectors.length; i++) {
    const vector = vectors[i]!
    for (let whole = length(vector); !reduce(vectors, i, whole); whole = length(vector))
      for (let j = 0; j < vector.length; j++) vector[j] = normal(random)
  }
}

function length(vector: Float64Array): number {
  let sum = 0
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!
  return Math.sqrt(sum)
}

/** Takes the vectors before i out of vector i; false when (almost) nothing is left. */
function reduce(vectors: Float64Array[], i: number, whole: number): boolean {
  const vector = vectors[i]!
  for (let pass = 0; pass < 2; pass++) {
    for (let j = 0; j < i; j++) {
      const other = vectors[j]!
      let dot = 0
      for (let at = 0; at < vector.length; at++) dot += vector[at]! * other[at]!
      for (let at = 0; at < vector.length; at++) vector[at]! -= dot * other[at]!
    }
  }
  const left = length(vector)
  if (!(left > whole * 1e-6)) return false
  for (let at = 0; at < vector.length; at++) vector[at]! /= left
  return true
}
