// Kin that are shots of one moment: taken within seconds of each other by a camera's clock, and of
// the same thing. Each is as the first of them, so moments do not chain. What a person sees here as
// likeness decides. duplicates/shots.ts looks through a whole library, where files may leave by
// what it finds, and asks for the vectors themselves. Runs in the reader.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { SAME_THING } from '../../../model/retrieval.ts'
import type { Search } from './search.ts'
import { MOMENT } from '../duplicates/shots.ts'

/** Others that a photo is compared with: a wrong clock may date thousands alike. */
const MOST_CLOSE = 16

export interface KinMoments<Kin> {
  /** Says which photos come next, in their order: they are compared with each other and before. */
  read(ids: readonly number[]): void
  /** The first kin that a photo is a further shot of. */
  firstLike(id: number): Kin | undefined
  /** A photo is one of the kin by itself. */
  addFirst(kin: Kin): void
}

/** Makes the room for the kin of one question. */
export function createMoments<Kin extends { id: number }>(
  { duplicates }: Catalogue,
  search: Pick<Search, 'likenesses'>
): KinMoments<Kin> {
  const taken: { id: number; at: number }[] = []
  const like = new Map<number, number[]>() // photos before one that are shots of its moment
  const firsts = new Map<number, Kin>()
  return {
    read(ids) {
      const times = duplicates.shotAt(ids)
      const pairs: [number, number][] = []
      for (const id of ids) {
        const at = times.get(id)
        if (at === undefined) continue
        const close = taken.filter((other) => Math.abs(other.at - at) <= MOMENT)
        for (const other of close.slice(0, MOST_CLOSE)) pairs.push([id, other.id])
        taken.push({ id, at })
      }
      if (pairs.length === 0) return
      const likenesses = search.likenesses(pairs)
      for (const [i, [id, other]] of pairs.entries())
        if (likenesses[i]! >= SAME_THING) like.set(id, [...(like.get(id) ?? []), other])
    },
    firstLike(id) {
      const first = (like.get(id) ?? []).find((other) => firsts.has(other))
      return first === undefined ? undefined : firsts.get(first)
    },
    addFirst(kin) {
      firsts.set(kin.id, kin)
    }
  }
}
