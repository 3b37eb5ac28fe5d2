// Kin as pictures: photos that show the same picture, and shots of one moment, are one of the kin,
// with the others told beside it. Runs in the reader. The list is asked for deeper until it has as
// many as are wanted, or nothing more is found. Which pictures are near-identical was found before
// (indexing/compare-photos.ts), so that a click only looks it up.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Scored } from '../../../model/retrieval.ts'
import { createMoments } from './kin-moments.ts'
import type { Search } from './search.ts'

/** One picture among the kin, and the photos that are shown as one with it. */
export interface FoldedKin {
  id: number
  score: number // 0..1
  /** It shows the same picture as a photo that was asked with. */
  isSame: boolean
  /** Photos whose files are equal to its, wherever they lie. */
  copies: number[]
  /** Kin further down the list that show the same picture, one of each content. */
  alike: number[]
  /** Kin further down the list that are shots of the same moment, one of each content. */
  shots: number[]
}

export interface Folding {
  /** Pictures that are wanted. */
  top: number
  /** Photos that are asked for at first. */
  first: number
  /** Near-identical pictures, and shots of one moment, are one of the kin, too. */
  isFolded: boolean
  /** Photos that were asked with. */
  asked?: readonly number[]
}

/** Photos of one round at most: each is read from the catalogue. */
const MOST_ASKED = 3000
/** Photos of a part that is read from the catalogue, at least. */
const FEWEST_READ = 16
/** How many times as many a further round asks for. */
const DEEPER = 4

/**
 * The best `top` pictures, without nearly blank ones, which are nobody's kin. `find` gives so many
 * photos, best first.
 */
export function foldedKin(
  catalogue: Catalogue,
  search: Pick<Search, 'likenesses'>,
  folding: Folding,
  find: (count: number) => Scored
): FoldedKin[] {
  const { top, first } = folding
  for (let count = Math.max(top, first); ; count = Math.min(MOST_ASKED, count * DEEPER)) {
    const found = find(count)
    const folded = fold(catalogue, search, found, folding)
    if (folded.length >= top || found.ids.length < count || count >= MOST_ASKED)
      return withCopies(catalogue, folded)
  }
}

/** True where all of these photos are nearly blank. */
export function areBlank({ contents }: Catalogue, photos: readonly number[]): boolean {
  const held = [...contents.heldBy(photos).values()]
  return held.length > 0 && held.every(({ isBlank }) => isBlank)
}

/** Goes down the list until there are `top` pictures. */
function fold(
  catalogue: Catalogue,
  search: Pick<Search, 'likenesses'>,
  { ids, scores }: Scored,
  { top, isFolded, asked = [] }: Folding
): FoldedKin[] {
  const { contents, fingerprints } = catalogue
  const moments = createMoments<FoldedKin>(catalogue, search)
  const kin: FoldedKin[] = []
  const known = new Set<string>()
  const firsts = new Map<number, FoldedKin>() // by content
  const contentsAsked = [...contents.heldBy(asked).values()].map(({ content }) => content)
  const same = new Set([...fingerprints.pairsOf(contentsAsked).values()].flatMap((all) => [...all]))
  for (let from = 0; from < ids.length && kin.length < top; ) {
    const part = [...ids.subarray(from, from + Math.max(FEWEST_READ, top - kin.length))]
    const held = contents.heldBy(part)
    const ofPart = [...held.values()].map(({ content }) => content)
    const pairs = isFolded ? fingerprints.pairsOf(ofPart) : new Map<number, Set<number>>()
    if (isFolded) moments.read(part)
    for (const [place, id] of part.entries()) {
      const one = held.get(id)
      if (!one || one.isBlank || known.has(one.hash)) continue
      known.add(one.hash)
      const shown = [...(pairs.get(one.content) ?? [])].find((other) => firsts.has(other))
      const first = shown === undefined ? undefined : firsts.get(shown)
      if (first) {
        first.alike.push(id)
        continue
      }
      const ofMoment = moments.firstLike(id)
      if (ofMoment) {
        ofMoment.shots.push(id)
        continue
      }
      if (kin.length === top) break
      const [score, isSame] = [scores[from + place] ?? 0, same.has(one.content)]
      const picture = { id, score, isSame, copies: [], alike: [], shots: [] }
      kin.push(picture)
      moments.addFirst(picture)
      firsts.set(one.content, picture)
    }
    from += part.length
  }
  return kin
}

function withCopies(catalogue: Catalogue, kin: readonly FoldedKin[]): FoldedKin[] {
  const copies = catalogue.contents.copiesOf(kin.map(({ id }) => id))
  return kin.map((one) => ({ ...one, copies: copies.get(one.id) ?? [] }))
}
