// Which photos of a run a person said are no kin (METHOD.md 4.3). Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'

/** Their pairs [p, 2], by the rows that photos have in the run. */
export function notKinPairs(
  { notKin, photos }: Pick<Catalogue, 'notKin' | 'photos'>,
  ids: ArrayLike<number>
): Uint32Array<ArrayBuffer> {
  const pairs = notKin.pairs()
  if (pairs.length === 0) return new Uint32Array()
  const rowOf = new Map<string, number>()
  for (let row = 0; row < ids.length; row++) {
    const hash = photos.place(ids[row]!)?.hash
    if (hash) rowOf.set(hash, row)
  }
  return Uint32Array.from(
    pairs.flatMap(({ one, other }) => {
      const [row, second] = [rowOf.get(one), rowOf.get(other)]
      return row === undefined || second === undefined ? [] : [row, second]
    })
  )
}
