// The SIMD twin of the reference index: the same answers to the bit, tens of times faster. Codes lie
// one after the other; a removed one is replaced by the last. Runs in the engine; no disk.
import type { CodeIndex, Matches, SearchOptions } from '../code-index.ts'
import { KERNEL_BOOKS, type Kernels } from './kernel.ts'
import { Store } from './store.ts'
import { allowedIds, checkCodes, checkSearch } from './checks.ts'

/** Where a filter allows fewer of the codes than this share, they are measured one by one. */
const FEW = 1 / 256

/** What -1, the position of an id that is not held, is as a u32. */
const ABSENT = 0xffffffff

/** An exact index that scans all codes. */
export class FlatIndex implements CodeIndex {
  readonly M: number
  readonly store: Store
  #size = 0

  /** Throws RangeError when there is no kernel for M (4, 8, 16 or 32). */
  constructor(kernels: Kernels, M: number, origin?: number) {
    if (!KERNEL_BOOKS.includes(M))
      throw new RangeError(`M: expected one of ${KERNEL_BOOKS.join(', ')}, got ${M}`)
    this.M = M
    this.store = new Store(kernels, M, origin)
  }

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    return this.store.bytesOf(this.#size)
  }

  /** Exact distances that the last search computed: what its speed hangs on besides the size. */
  get evaluations(): number {
    return this.store.kernel.evaluations()
  }

  append(ids: Uint32Array, codes: Uint8Array): void {
    checkCodes(ids, codes, this.M)
    const { places } = this.store
    const before = this.#size
    const positions = new Uint32Array(ids.length)
    const isNew = new Uint8Array(ids.length)
    ids.forEach((id, i) => {
      const held = places.get(id)
      positions[i] = held < 0 ? this.#size : held
      if (held >= 0) return
      isNew[i] = 1
      places.set(id, this.#size++)
    })
    if (this.#size > before) this.store.reserve(this.#size)
    this.store.put(positions, ids, codes, (i) => isNew[i] === 1)
  }

  remove(ids: Uint32Array): void {
    const { places } = this.store
    for (const id of ids) {
      const position = places.get(id)
      if (position < 0) continue
      this.store.fill(position, --this.#size)
      places.delete(id)
    }
  }

  search(table: Float32Array, k: number, { filter }: SearchOptions = {}): Matches {
    checkSearch(table, k, this.M)
    const most = Math.min(k, this.#size)
    if (most === 0) return { ids: new Uint32Array(0), distances: new Float32Array(0) }
    const few = filter && allowedIds(filter, Math.max(512, this.#size * FEW))
    if (few) return this.store.measure(table, most, this.#positionsOf(few))
    this.store.open(table, most, filter)
    this.store.kernel.scan(0, this.#size)
    return this.store.close()
  }

  #positionsOf(ids: Uint32Array): Uint32Array {
    return Uint32Array.from(ids, (id) => this.store.places.get(id)).filter((at) => at !== ABSENT)
  }
}
