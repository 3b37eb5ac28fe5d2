// Which photos stand for a library that is too large to take all of it. Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { FEWEST_TO_FIT, MOST_TO_FIT } from '../../../model/retrieval.ts'
import type { Context } from '../context.ts'

/** Kin that come into a sample with each anchor. */
const KIN = 9
/** Anchors whose kin are asked for at a time. */
const ANCHORS = 64

/** Up to `most` of the ids, spread evenly over them. Pure. */
export function spread(ids: Uint32Array, most: number): Uint32Array {
  if (ids.length <= most) return ids
  return Uint32Array.from({ length: most }, (_, i) => ids[Math.floor((i * ids.length) / most)] ?? 0)
}

/**
 * Photos of a run, by id: one of each content, or of a larger library anchors with their kin. Where
 * copies are most of a library they are taken, too, as too few photos are left without them.
 */
export async function chooseSample(
  { catalogue, reader }: Pick<Context, 'catalogue' | 'reader'>,
  backbone: string
): Promise<Uint32Array> {
  const ids = contentsOf(catalogue, backbone)
  if (ids.length <= MOST_TO_FIT) return ids.slice().sort()
  const sample = await withKin(ids, MOST_TO_FIT, (anchors) => reader.kin(anchors, KIN))
  return sample.sort()
}

function contentsOf({ vectors }: Catalogue, backbone: string): Uint32Array {
  const ids = vectors.contentIds(backbone)
  return ids.length < FEWEST_TO_FIT ? vectors.featureIds(backbone) : ids
}

/**
 * The first ids as anchors, each with its kin, up to `most` in all. Every n-th photo would leave no
 * photo any of its near ones, so there would be nothing to learn from, and nothing to prove it by.
 * @param ids in an order of which any first part is a fair sample
 * @param kinOf the kin of each of these, nearest first
 */
export async function withKin(
  ids: Uint32Array,
  most: number,
  kinOf: (anchors: Uint32Array) => Promise<readonly Uint32Array[]>
): Promise<Uint32Array> {
  const known = new Set(ids)
  const chosen = new Set<number>()
  for (let next = 0; next < ids.length && chosen.size < most;) {
    const anchors: number[] = []
    for (; next < ids.length && anchors.length < ANCHORS; next++)
      if (!chosen.has(ids[next]!)) anchors.push(ids[next]!)
    const kin = await kinOf(Uint32Array.from(anchors))
    for (const [place, anchor] of anchors.entries())
      for (const id of [anchor, ...(kin[place] ?? [])])
        if (chosen.size < most && known.has(id)) chosen.add(id)
  }
  return Uint32Array.from(chosen)
}
