// The SIMD twin of the reference index: the same answers to the bit, tens of times faster. Codes
// lie one after the other; a removed one is replaced by the last.
import type { CodeIndex, Matches, SearchOptions } from '../code-index.ts'
import { checkCodes, checkSearch } from './checks.ts'
import { FilteredSearch, type SearchTarget } from './filtered-search.ts'
import { KERNEL_CODEBOOKS, type Kernels } from './kernel.ts'
import { Store, type Run } from './store.ts'

/** An exact index that scans all codes. */
export class FlatIndex implements CodeIndex {
  readonly M: number
  readonly store: Store
  readonly #filtered: FilteredSearch
  readonly #searched: SearchTarget
  #size = 0

  /**
   * `origin` is where the first code lies, above its default only to test far addresses. Throws
   * RangeError when there is no kernel for M.
   */
  constructor(kernels: Kernels, M: number, origin?: number) {
    if (!KERNEL_CODEBOOKS.includes(M))
      throw new RangeError(`M: expected one of ${KERNEL_CODEBOOKS.join(', ')}, got ${M}`)
    this.M = M
    this.store = new Store(kernels, M, origin)
    this.#filtered = new FilteredSearch(kernels)
    this.#searched = {
      store: this.store,
      runs: () => this.runs(),
      scan: (table, k) => this.scanFor(table, k, true)
    }
  }

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    return this.store.bytesOf(this.#size) + this.#filtered.bytes
  }

  /** Exact distances that the last search computed; its time depends on them and on the size. */
  get evaluations(): number {
    return this.store.kernel.evaluations()
  }

  append(ids: Uint32Array, codes: Uint8Array): void {
    checkCodes(ids, codes, this.M)
    this.#filtered.forget()
    const held = this.store.positions
    this.store.reserve(this.#size + this.store.countNew(ids))
    const positions = new Uint32Array(ids.length)
    const isNew = new Uint8Array(ids.length)
    ids.forEach((id, i) => {
      const before = held.get(id)
      const position = before < 0 ? this.#size++ : before
      positions[i] = position
      this.changed(position)
      if (before >= 0) return
      isNew[i] = 1
      held.set(id, position)
    })
    this.store.put(positions, ids, codes, isNew)
  }

  remove(ids: Uint32Array): void {
    this.#filtered.forget()
    const { positions } = this.store
    for (const id of ids) {
      const position = positions.get(id)
      if (position < 0) continue
      this.store.remove(id, position, --this.#size)
      this.changed(position)
    }
  }

  search(table: Float32Array, k: number, { filter }: SearchOptions = {}): Matches {
    checkSearch(table, k, this.M)
    const most = Math.min(k, this.#size)
    if (most === 0) return { ids: new Uint32Array(0), distances: new Float32Array(0) }
    if (filter) return this.#filtered.search(this.#searched, table, most, filter)
    this.store.open(table, most)
    this.scanFor(table, most, false)
    return this.store.close()
  }

  /** Where codes lie. */
  runs(): Run[] {
    return [{ position: 0, count: this.#size }]
  }

  /** Looks through all codes for the open search, or through those that are marked. */
  protected scanFor(_table: Float32Array, _k: number, _areMarked: boolean): void {
    this.store.kernel.scan(0, this.#size)
  }

  /** Told of every position whose code or id was written. */
  protected changed(_position: number): void {}
}
