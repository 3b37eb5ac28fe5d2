// Kin as contents: photos whose files are equal are one of the kin, with the others told beside it.
// Runs in the reader. The list is asked for deeper until it has as many as are wanted, or nothing
// more is found.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Scored } from '../../../model/retrieval.ts'

/** One content among the kin, and the photos that are shown as one with it. */
export interface FoldedKin {
  id: number
  score: number // 0..1
  /** Photos whose files are equal to its, wherever they lie. */
  copies: number[]
}

/** Photos of one round at most: each is read from the catalogue. */
const MOST_ASKED = 3000
/** How many times as many a further round asks for. */
const DEEPER = 4

/** The best `top` contents. `find` gives so many photos, best first; `first` are asked for at first. */
export function foldedKin(
  catalogue: Catalogue,
  { top, first }: { top: number; first: number },
  find: (count: number) => Scored
): FoldedKin[] {
  for (let count = Math.max(top, first); ; count = Math.min(MOST_ASKED, count * DEEPER)) {
    const found = find(count)
    const folded = fold(catalogue, found, top)
    if (folded.length >= top || found.ids.length < count || count >= MOST_ASKED)
      return withCopies(catalogue, folded)
  }
}

/** Goes down the list until there are `top` contents. */
function fold(catalogue: Catalogue, { ids, scores }: Scored, top: number): FoldedKin[] {
  const kin: FoldedKin[] = []
  const known = new Set<string>()
  for (let from = 0; from < ids.length && kin.length < top; from += top) {
    const part = [...ids.subarray(from, from + top)]
    const hashes = catalogue.contents.hashesOf(part)
    for (const [place, id] of part.entries()) {
      const hash = hashes.get(id)
      if (hash === undefined || known.has(hash)) continue
      if (kin.length === top) break
      known.add(hash)
      kin.push({ id, score: scores[from + place] ?? 0, copies: [] })
    }
  }
  return kin
}

function withCopies(catalogue: Catalogue, kin: readonly FoldedKin[]): FoldedKin[] {
  const copies = catalogue.contents.copiesOf(kin.map(({ id }) => id))
  return kin.map((one) => ({ ...one, copies: copies.get(one.id) ?? [] }))
}
