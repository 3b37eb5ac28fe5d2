// Places a photo among those that have a place: where most of its nearest kin lie. Pure; the same
// kin, the same place.
import { seededRandom } from '../quant/random.ts'
import type { Found } from './near-rows.ts'

/** So many nearest kin say where a photo belongs. */
export const KIN = 8
/**
 * Kin that lie farther from the middle one than so many times the usual distance say nothing: the
 * mean of two clusters is a place of neither.
 */
const TOGETHER = 3

/** A place in the plane. */
export type Place = readonly [x: number, y: number]

/** Places [n, 2] of anchors, and how far apart neighbours usually lie among them. */
export interface Anchors {
  places: Float32Array
  spacing: number
}

/**
 * Where a photo comes to lie. @param found its nearest anchors, at least one. @param seed of the
 * photo: two with the same kin are not to lie at one point
 */
export function placeAmong({ places, spacing }: Anchors, found: Found, seed: number): Place {
  const weights = weightsOf(found)
  const at = (i: number): Place => [
    places[2 * found.places[i]!]!,
    places[2 * found.places[i]! + 1]!
  ]
  const all = weights.map((weight, i) => ({ weight, place: at(i) }))
  // The middle one: that from which the way to all the others is least.
  const ways = all.map(({ place }) =>
    all.reduce((sum, other) => sum + other.weight * distance(place, other.place), 0)
  )
  const middle = all[ways.indexOf(Math.min(...ways))]!.place
  const near = all.filter(({ place }) => distance(place, middle) <= TOGETHER * spacing)
  const total = near.reduce((sum, { weight }) => sum + weight, 0)
  const mean = (axis: 0 | 1): number =>
    near.reduce((sum, { weight, place }) => sum + weight * place[axis], 0) / total
  const random = seededRandom(seed)
  const angle = 2 * Math.PI * random()
  const radius = spacing * Math.sqrt(random())
  return [mean(0) + radius * Math.cos(angle), mean(1) + radius * Math.sin(angle)]
}

/** Halves with each step as large as from the nearest to the farthest. */
function weightsOf({ distances }: Found): number[] {
  const [first = 0, last = 0] = [distances[0], distances.at(-1)]
  const scale = Math.max(last - first, 1e-6)
  return [...distances].map((each) => Math.exp((-2 * (each - first)) / scale))
}

function distance([x, y]: Place, [u, v]: Place): number {
  return Math.hypot(x - u, y - v)
}

/**
 * How far apart neighbours usually lie in the plane: what each of n photos would have for itself,
 * were they spread evenly over the cells of a grid that hold any.
 */
export function spacingOf(places: Float32Array): number {
  const n = places.length / 2
  const side = Math.max(1, Math.floor(Math.sqrt(n / 4)))
  let most = 0
  for (const value of places) most = Math.max(most, Math.abs(value))
  if (most === 0) return 0.01
  const cell = (value: number): number =>
    Math.min(side - 1, Math.floor(((value / most + 1) / 2) * side))
  const held = new Set<number>()
  for (let i = 0; i < n; i++) held.add(cell(places[2 * i]!) * side + cell(places[2 * i + 1]!))
  const width = (2 * most) / side
  return 0.5 * Math.sqrt((held.size * width * width) / n)
}
