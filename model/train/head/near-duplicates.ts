// Copies of one picture and photos of one burst count as one photo (METHOD.md 4.3): which photos
// these are. Runs in compute.
import { fromHalves } from '../../quant/float16.ts'
import { PROJECTED } from '../../quant/projection.ts'
import type { Projection } from '../../quant/projection.ts'
import type { LearnHeadOptions } from './head-contract.ts'
import { NEAREST, frozenRows, nearestRows, pickRows } from './neighbour-graph.ts'
import type { Nearest } from './neighbour-graph.ts'
import { notKinOf } from './not-kin.ts'
import type { NotKin } from './not-kin.ts'

/**
 * Photos of a group are at least so alike, by the cosine of their frozen features: nineteen of
 * twenty pictures are to their own slight variants (tests/accuracy/train/near-duplicates.test.ts).
 */
export const ALIKE = 0.96
/** Photos of a group that are trained on; the others are as good as these. */
const MOST_MEMBERS = 8

/** Who counts as one photo with whom. */
export interface NearDuplicates {
  /** The first photo of each group, ascending, [groups]. It stands for the group. */
  firsts: Uint32Array
  /** The place in `firsts` of each photo's group, [n]. */
  groupOf: Uint32Array
  /** The nearest of each group among `firsts`, by its first photo. */
  nearest: Nearest
}

/**
 * Finds groups of near duplicates: every photo of a group is alike to its first one, so that a
 * slow change through many photos does not make them one group.
 * @param projected f16 [n, 256], by `projection`
 * @param k the nearest that are wanted of each group
 * @param notKin photos that a person said are no kin: none is in the group of another
 */
export async function nearDuplicates(
  projected: Uint16Array,
  projection: Projection,
  k: number,
  onBlock: (done: number) => Promise<void>,
  notKin = notKinOf()
): Promise<NearDuplicates> {
  const rows = frozenRows(projected, projection)
  const lengths = lengthsOf(projected, projection)
  const n = lengths.length
  const firstOf = Uint32Array.from({ length: n }, (_, photo) => photo)
  let firsts = withoutZeros(lengths, firstOf)
  const farthest = squareOfFarthest(lengths)
  for (;;) {
    const nearest = await nearestRows(pickRows(rows, PROJECTED, firsts), PROJECTED, k, onBlock)
    const leaders = leadersAmong(firsts, { ...nearest, notKin }, lengths, farthest)
    const isAlone = leaders.every((leader, place) => leader === place)
    if (isAlone) return groupsOf(firstOf, firsts, nearest)
    leaders.forEach((leader, place) => (firstOf[firsts[place]!] = firsts[leader]!))
    firsts = firsts.filter((_, place) => leaders[place] === place)
  }
}

/** The groups of what is learned from. Rejects with what `giveWay` rejects with. */
export function groupsIn(
  options: Pick<
    LearnHeadOptions,
    'data' | 'start' | 'notKin' | 'onProgress' | 'giveWay' | 'signal'
  >
): Promise<NearDuplicates> {
  const { data, start, onProgress, giveWay, signal } = options
  const onBlock = async (done: number): Promise<void> => {
    onProgress?.({ phase: 'graph', done, total: data.n, trial: 0, trials: 1, step: 0 })
    await giveWay()
    signal?.throwIfAborted()
  }
  const notKin = notKinOf(options.notKin)
  return nearDuplicates(data.projected, start.projection, NEAREST, onBlock, notKin)
}

/** Photos without any direction are all alike; those that are left. Changes `firstOf`. */
function withoutZeros(lengths: Float64Array, firstOf: Uint32Array): Uint32Array {
  const zero = lengths.indexOf(0)
  return firstOf.filter((photo) => {
    if (lengths[photo] === 0) firstOf[photo] = zero
    return firstOf[photo] === photo
  })
}

/**
 * The place of each photo's leader: its own, or the first leader that is alike and has it among its
 * nearest.
 */
function leadersAmong(
  photos: Uint32Array,
  { k, indices, similarities, notKin }: Nearest & { notKin: NotKin },
  lengths: Float64Array,
  farthest: number
): Int32Array {
  const leaders = new Int32Array(photos.length).fill(-1)
  for (let i = 0; i < photos.length; i++) {
    if (leaders[i]! >= 0) continue
    leaders[i] = i
    const length = lengths[photos[i]!]!
    for (let at = i * k; at < (i + 1) * k && similarities[at]! >= ALIKE; at++) {
      const j = indices[at]!
      if (notKin.has(photos[i]!, photos[j]!)) continue
      const other = lengths[photos[j]!]!
      const square = length ** 2 + other ** 2 - 2 * length * other * similarities[at]!
      if (leaders[j]! < 0 && square <= farthest) leaders[j] = i
    }
  }
  return leaders
}

/** `firstOf` names the first photo of each, or another one that has a first. */
function groupsOf(firstOf: Uint32Array, firsts: Uint32Array, nearest: Nearest): NearDuplicates {
  const places = new Map([...firsts].map((photo, place) => [photo, place]))
  const placeOf = (photo: number): number => places.get(photo) ?? placeOf(firstOf[photo]!)
  return { firsts, groupOf: firstOf.map((_, photo) => placeOf(photo)), nearest }
}

/** Lengths [n] of the features once their mean is taken away. */
function lengthsOf(projected: Uint16Array, { matrix }: Projection): Float64Array {
  const scales = new Float64Array(PROJECTED)
  matrix.forEach((value, at) => (scales[at % PROJECTED]! += value * value))
  const values = fromHalves(projected)
  const squares = new Float64Array(projected.length / PROJECTED)
  values.forEach((value, at) => {
    const scale = scales[at % PROJECTED]!
    if (scale > 0) squares[Math.floor(at / PROJECTED)]! += value ** 2 / scale
  })
  return squares.map(Math.sqrt)
}

/**
 * The square of the largest distance within a group: that of two photos of usual length that are
 * just alike. Far from the mean, where screenshots among photos lie, all have one direction, and
 * the cosine alone would take them for one.
 */
function squareOfFarthest(lengths: Float64Array): number {
  const usual = lengths.reduce((sum, length) => sum + length ** 2, 0) / lengths.length
  return 2 * (1 - ALIKE) * usual
}

/**
 * The photos of each group that are trained on, the first one first, as a row of one of its photos
 * asks for them.
 * @param witness 1 for photos that nothing is trained on, [n]
 */
export function membersOf(
  { firsts, groupOf }: NearDuplicates,
  witness?: Uint8Array
): (row: number) => Uint32Array {
  const members: number[][] = Array.from(firsts, (first) => [first])
  groupOf.forEach((group, photo) => {
    const isLeftOut = members[group]!.length === MOST_MEMBERS || witness?.[photo] === 1
    if (firsts[group] !== photo && !isLeftOut) members[group]!.push(photo)
  })
  const rows = members.map((each) => Uint32Array.from(each))
  return (first) => rows[groupOf[first]!]!
}

/** The label of each photo [n], where those of groups are known. */
export function ofPhotos(labels: Int32Array, { groupOf }: NearDuplicates): Int32Array {
  return Int32Array.from(groupOf, (group) => labels[group]!)
}
