// Searches within a filter, for every index that keeps its codes in a store: exact, and the faster
// the fewer photos the filter allows. A filter is known again by its array, as long as no code
// comes, goes or moves.
//
// [Note: ways through a filter]
// Codes that a filter allows are marked. Few are measured one by one. Those that lie in runs (a
// folder, a year) are scanned with the groups between them left out. Where they lie anywhere
// (favourites) all groups are scanned, each until none that is allowed can be near: leaving some
// out here and there would cost more, since memory is read ahead only in a row. Marking them takes
// a tenth of that, so where a look at the filter tells that this is the way, the scan reads the
// filter itself. A second search within the same filter copies them, where they are so few that it
// pays soon, and scans the copy.
import type { Matches } from '../code-index.ts'
import type { Kernels } from './kernel.ts'
import { Store, type Marks, type Run } from './store.ts'

/** So many codes are always measured one by one. */
const FEWEST = 512
/** And up to this share of all, where they are scattered, in a first search. */
const FEW = 1 / 512
/** Of the groups that hold any, so much is marked at most where codes count as scattered. */
const SCATTERED = 2 / 3
/** Of all groups, so many hold marks at most where it pays to leave the others out: in runs, */
const IN_RUNS = 15 / 16
/** and anywhere. */
const SPARSE = 1 / 8
/** Parts of a filter, of 64 photos each, that are looked at to tell how these lie. */
const LOOKED_AT = 128
/** Of all codes, so many are copied at most. */
const COPIED = 1 / 8

/** What is searched within filters: a store, and which runs of it are held. */
export interface SearchTarget {
  readonly store: Store
  runs(): Iterable<Run>
  /** Looks through all codes for the open search, or through those that are marked. */
  scan(table: Float32Array, k: number): void
}

/** The filter that was searched in last. */
export class FilteredSearch {
  readonly #kernels: Kernels
  #filter: Uint8Array | undefined
  #share = 0 // of photos that it allows, if these lie anywhere
  #marks: Marks | undefined
  #positions: Uint32Array | undefined // while they are few
  #copy: Store | undefined

  constructor(kernels: Kernels) {
    this.#kernels = kernels
  }

  get bytes(): number {
    const positions = this.#positions?.byteLength ?? 0
    return positions + (this.#copy && this.#marks ? this.#copy.bytesOf(this.#marks.count) : 0)
  }

  /** A code came, went or moved: nothing is known any more. */
  forget(): void {
    this.#filter = this.#marks = this.#positions = this.#copy = undefined
  }

  /** The k >= 1 nearest of the codes that the filter allows. */
  search(searched: SearchTarget, table: Float32Array, k: number, filter: Uint8Array): Matches {
    const { store } = searched
    const isNew = this.#filter !== filter
    if (isNew) {
      this.forget()
      this.#filter = filter
      this.#share = shareAnywhere(filter)
    }
    if (isNew ? this.#share > 0 : this.#share > COPIED) {
      store.open(table, k, 'read', filter, this.#share)
      searched.scan(table, k)
      return store.close()
    }
    const marks = (this.#marks ??= store.mark(filter, searched.runs()))
    const { count, groups, allGroups } = marks
    const isScattered = count <= groups * 64 * SCATTERED
    if (count <= FEWEST || (isNew && isScattered && count <= allGroups * 64 * FEW)) {
      this.#positions ??= store.listMarked(searched.runs(), count)
      store.open(table, k)
      store.measure(this.#positions)
      return store.close()
    }
    if (!isNew && isScattered && count <= allGroups * 64 * COPIED) {
      const copy = (this.#copy ??= this.#copied(searched, count))
      copy.open(table, k)
      copy.kernel.scan(0, count)
      return copy.close()
    }
    const isSparse = groups < allGroups * (isScattered ? SPARSE : IN_RUNS)
    store.open(table, k, isSparse ? 'sparse' : 'marked')
    searched.scan(table, k)
    return store.close()
  }

  /** The marked codes, side by side. */
  #copied({ store, runs }: SearchTarget, count: number): Store {
    const copy = new Store(this.#kernels, store.M)
    copy.reserve(count)
    let at = 0
    for (const run of runs())
      for (const { ids, codes } of store.read(run, true)) {
        copy.putRun(at, ids, codes)
        at += ids.length
      }
    return copy
  }
}

/** About how much a filter allows, of all; 0 where that lies in runs, or in few parts. */
function shareAnywhere(filter: Uint8Array): number {
  const step = 8 * Math.max(1, Math.floor(filter.length / 8 / LOOKED_AT))
  let [parts, filled, allowed] = [0, 0, 0]
  for (let from = 0; from < filter.length; from += step, parts++) {
    const before = allowed
    for (let at = from; at < from + 8; at++)
      for (let rest = filter[at] ?? 0; rest > 0; rest &= rest - 1) allowed++
    if (allowed > before) filled++
  }
  const isAnywhere = allowed <= filled * 64 * SCATTERED || filled > parts * IN_RUNS
  return isAnywhere && filled > parts * 2 * SPARSE ? allowed / parts / 64 : 0
}
