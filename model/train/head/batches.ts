// The batches of a trial: which images stand together, and which pairs must not be pushed apart
// (METHOD.md 4.3, 4.5). Every batch follows from (seed, step) alone, so a run goes on where it was
// cut. Pure.
import { fromHalves } from '../../quant/float16.ts'
import { PROJECTED } from '../../quant/projection.ts'
import { seededRandom } from '../../quant/random.ts'
import type { Random } from '../../quant/random.ts'
import { MASKED_LOGIT } from '../pairs.ts'
import type { LearnData, Setting } from './head-contract.ts'
import { neighboursOf } from './neighbour-graph.ts'
import type { Nearest, NeighbourGraph } from './neighbour-graph.ts'
import { BATCH, shuffled } from './trial-settings.ts'

/** What a trial draws from: photos by their place in `rows`. */
export interface Pool {
  data: LearnData
  /** Photos of the trial, [m] rows of `data`. */
  rows: Uint32Array
  /** Of those photos, by their places 0 .. m - 1. */
  nearest: Nearest
  graph: NeighbourGraph
  /** Rows of `data` that count as one photo with each row; left out: each row is alone. */
  membersOf?: (row: number) => Uint32Array
}

export interface Batch {
  /** Places in the pool: photo a of each pair, then photo b, [2B]. */
  photos: Uint32Array
  /** Both images, projected, [2B, 256]. */
  inputs: Float32Array
  /** [2B, 2B]: -1/T where a pair counts, MASKED_LOGIT where it does not. */
  pairBias: Float32Array
}

export interface Batches {
  /** Pairs of a batch. */
  readonly B: number
  /** The batch of step 1, 2, ..; its arrays are used again by the next. */
  at(step: number): Batch
}

/** The batches of a setting. */
export function createBatches(pool: Pool, setting: Setting, seed: number): Batches {
  const { local } = setting
  const m = pool.rows.length
  const B = local ? local.groups * local.members : Math.min(BATCH, m)
  const batch: Batch = {
    photos: new Uint32Array(2 * B),
    inputs: new Float32Array(2 * B * PROJECTED),
    pairBias: new Float32Array(4 * B * B)
  }
  const perEpoch = Math.floor(m / B)
  let epoch = -1
  let order: Uint32Array = new Uint32Array()

  function anchors(step: number, random: Random): Uint32Array {
    if (local) return localAnchors(pool, local, random)
    const wanted = Math.floor((step - 1) / perEpoch)
    if (wanted !== epoch) order = shuffled(m, seededRandom(combinedSeed(seed, 2 * wanted + 1)))
    epoch = wanted
    const from = ((step - 1) % perEpoch) * B
    return order.subarray(from, from + B)
  }

  return {
    B,
    at(step) {
      const random = seededRandom(combinedSeed(seed, 2 * step))
      const { photos, inputs, pairBias } = batch
      photos.set(anchors(step, random))
      for (let i = 0; i < B; i++) drawPair(pool, setting, batch, i, B, random)
      fillPairBias(pairBias, photos, pool.graph, setting.temperature)
      return { photos, inputs, pairBias }
    }
  }
}

/** One seed of two numbers, well spread. */
export function combinedSeed(a: number, b: number): number {
  const random = seededRandom((a | 0) ^ Math.imul(b + 1, 0x9e3779b1))
  random()
  return Math.floor(random() * 4294967296)
}

/** Groups of near photos: each a random photo and members - 1 of its `near` nearest. */
function localAnchors(
  { nearest }: Pool,
  { groups, members, near }: NonNullable<Setting['local']>,
  random: Random
): Uint32Array {
  const centres = shuffled(nearest.n, random).subarray(0, groups)
  const reach = Math.min(near, nearest.k)
  return Uint32Array.from(
    [...centres].flatMap((centre) => {
      const places = [...shuffled(reach, random).subarray(0, members - 1)]
      return [centre, ...places.map((place) => nearest.indices[centre * nearest.k + place]!)]
    })
  )
}

/** Draws the positive of anchor i and an image of each. */
function drawPair(
  { data, rows, graph, membersOf = alone }: Pool,
  { neighbourShare, pairs }: Setting,
  { photos, inputs }: Batch,
  i: number,
  B: number,
  random: Random
): void {
  const kin = neighboursOf(graph, photos[i]!)
  const byNeighbour = random() < neighbourShare && pairs === 'neighbours' && kin.length > 0
  photos[B + i] = byNeighbour ? kin[Math.floor(random() * kin.length)]! : photos[i]!
  // Images of a photo: the clean one and its views, then those of the next that counts as it.
  const own = membersOf(rows[photos[i]!]!)
  const other = byNeighbour ? membersOf(rows[photos[B + i]!]!) : own
  const variants = own.length * (data.V + 1)
  const first = Math.floor(random() * variants)
  let second = Math.floor(random() * other.length * (data.V + 1))
  if (!byNeighbour && first === second && variants > 1)
    second = (first + 1 + Math.floor(random() * (variants - 1))) % variants
  copyInput(data, own, first, inputs, i)
  copyInput(data, other, second, inputs, B + i)
}

function alone(row: number): Uint32Array {
  return Uint32Array.of(row)
}

function copyInput(
  { projected, views, V }: LearnData,
  members: Uint32Array,
  image: number,
  to: Float32Array,
  place: number
): void {
  const photo = members[Math.floor(image / (V + 1))]!
  const variant = image % (V + 1)
  const source = variant === 0 ? projected : views
  const from = (variant === 0 ? photo : photo * V + variant - 1) * PROJECTED
  const target = to.subarray(place * PROJECTED, (place + 1) * PROJECTED)
  fromHalves(source.subarray(from, from + PROJECTED), target)
}

/**
 * Marks what is no negative: the row itself, another row of the same photo, a row of a neighbour.
 * The positive of a row, B rows further on, always counts.
 */
export function fillPairBias(
  bias: Float32Array,
  photos: Uint32Array,
  graph: NeighbourGraph,
  temperature: number
): void {
  const n = photos.length
  const counts = -1 / temperature
  bias.fill(counts)
  const placesOf = new Map<number, number[]>()
  photos.forEach((photo, place) => {
    const places = placesOf.get(photo)
    if (places) places.push(place)
    else placesOf.set(photo, [place])
  })
  for (let row = 0; row < n; row++) {
    const leaveOut = (photo: number): void => {
      for (const column of placesOf.get(photo) ?? []) bias[row * n + column] = MASKED_LOGIT
    }
    leaveOut(photos[row]!)
    neighboursOf(graph, photos[row]!).forEach(leaveOut)
    bias[row * n + ((row + n / 2) % n)] = counts
  }
}
