// Codes in inverted lists, each of codes that are near each other: a search looks only through the
// lists that are nearest to it, within a filter through all. Codes of a list lie in pieces.
import type { CodeIndex, Matches, SearchOptions } from '../code-index.ts'
import { TopK } from '../top-k.ts'
import { checkCodes, checkSearch } from './checks.ts'
import type { CoarseQuantizer } from './coarse-quantizer.ts'
import { FilteredSearch, type SearchTarget } from './filtered-search.ts'
import type { Kernels } from './kernel.ts'
import { Store, type Run } from './store.ts'

/** Positions of a list come in pieces of so many. */
const PIECE = 256

interface List {
  pieces: number[] // piece p is positions p * 256 .. p * 256 + 255
  size: number
}

export interface ListsOptions {
  /** Lists that a search looks through. */
  probes: number
  /** Where the first code lies; left out but to test far addresses. */
  origin?: number | undefined
}

/** An index by the lists of a coarse quantizer that is trained; approximate, exact in filters. */
export class InvertedLists implements CodeIndex {
  readonly M: number
  readonly store: Store
  /** Lists that a search looks through from now on. */
  probes: number
  readonly #coarse: CoarseQuantizer
  readonly #filtered: FilteredSearch
  readonly #searched: SearchTarget
  readonly #lists: List[]
  readonly #listOfPiece: number[] = []
  #size = 0
  #scanned = 0

  constructor(
    kernels: Kernels,
    M: number,
    coarse: CoarseQuantizer,
    { probes, origin }: ListsOptions
  ) {
    this.M = M
    this.probes = probes
    this.store = new Store(kernels, M, origin)
    this.#coarse = coarse
    this.#filtered = new FilteredSearch(kernels)
    this.#lists = Array.from({ length: coarse.lists }, () => ({ pieces: [], size: 0 }))
    this.#searched = {
      store: this.store,
      runs: () => this.runs(),
      // What a filter allows may lie in any list: all are scanned, and kin within it are exact.
      scan: (table) => {
        for (const list of this.#nearest(table, this.#lists.length)) this.#scan(list)
      }
    }
  }

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    const codes = this.store.bytesOf(this.#listOfPiece.length * PIECE)
    return codes + this.#coarse.bytes + this.#filtered.bytes
  }

  /** Codes in the lists that the last search looked through; its time depends on them. */
  get scanned(): number {
    return this.#scanned
  }

  append(ids: Uint32Array, codes: Uint8Array): void {
    checkCodes(ids, codes, this.M)
    const last = lastOfEach(ids)
    const [own, ownCodes] = [pick(ids, last), pickCodes(codes, last, this.M / 2)]
    const lists = this.#coarse.assign(ownCodes)
    this.#reserveFor(lists) // else codes are gone already when there is no room for the new ones
    this.remove(own) // one that is held may be in another list so far
    this.fill(own, ownCodes, lists)
  }

  remove(ids: Uint32Array): void {
    this.#filtered.forget()
    for (const id of ids) {
      const position = this.store.positions.get(id)
      if (position < 0) continue
      const list = this.#lists[this.#listOfPiece[Math.floor(position / PIECE)]!]!
      list.size--
      this.#size--
      this.store.remove(id, position, positionIn(list, list.size))
    }
  }

  search(table: Float32Array, k: number, { filter }: SearchOptions = {}): Matches {
    checkSearch(table, k, this.M)
    const most = Math.min(k, this.#size)
    if (most === 0) return { ids: new Uint32Array(0), distances: new Float32Array(0) }
    this.#scanned = 0
    if (filter) return this.#filtered.search(this.#searched, table, most, filter)
    const order = this.#nearest(table, this.probes)
    this.store.open(table, most)
    for (const list of order) this.#scan(list)
    if (this.store.kernel.found() < most) {
      // Too few in these lists: then in all others.
      const scanned = new Set(order)
      this.#lists.forEach((_, list) => {
        if (!scanned.has(list)) this.#scan(list)
      })
    }
    return this.store.close()
  }

  /** Where codes lie, list after list. */
  *runs(): Generator<Run> {
    for (const list of this.#lists) yield* runsOf(list)
  }

  /** Puts codes of ids that are not held, each named once, into lists that are known. */
  fill(ids: Uint32Array, codes: Uint8Array, lists: Uint16Array): void {
    this.#reserveFor(lists)
    this.#filtered.forget()
    const positions = Uint32Array.from(lists, (list) => this.#nextIn(list))
    ids.forEach((id, i) => this.store.positions.set(id, positions[i]!))
    this.store.put(positions, ids, codes, new Uint8Array(ids.length).fill(1))
  }

  /** Makes room for one code more for each time that a list is named. Throws RangeError. */
  #reserveFor(lists: Uint16Array): void {
    const more = new Uint32Array(this.#lists.length)
    for (const list of lists) more[list]!++
    const pieces = this.#lists.reduce((sum, { size, pieces: { length } }, list) => {
      return sum + Math.max(length, Math.ceil((size + more[list]!) / PIECE))
    }, 0)
    this.store.reserve(pieces * PIECE)
  }

  #nextIn(number: number): number {
    const list = this.#lists[number]!
    if (list.size === list.pieces.length * PIECE) {
      list.pieces.push(this.#listOfPiece.length)
      this.#listOfPiece.push(number)
    }
    this.#size++
    return positionIn(list, list.size++)
  }

  #nearest(table: Float32Array, probes: number): number[] {
    const top = new TopK(Math.min(probes, this.#lists.length))
    this.#coarse.rank(table).forEach((distance, list) => top.offer(list, distance))
    return [...top.sorted().ids]
  }

  #scan(number: number): void {
    const list = this.#lists[number]!
    this.#scanned += list.size
    for (const { position, count } of runsOf(list)) this.store.kernel.scan(position, count)
  }
}

/** The pieces of a list; those that lie side by side go together. */
function* runsOf({ pieces, size }: List): Generator<Run> {
  for (let i = 0, next = 0; i * PIECE < size; i = next) {
    do next++
    while (pieces[next] === pieces[next - 1]! + 1)
    const count = Math.min(next * PIECE, size) - i * PIECE
    if (count > 0) yield { position: pieces[i]! * PIECE, count }
  }
}

function positionIn({ pieces }: List, index: number): number {
  return pieces[Math.floor(index / PIECE)]! * PIECE + (index % PIECE)
}

/** Where each id is named last, in order. */
function lastOfEach(ids: Uint32Array): Uint32Array {
  const last = new Map<number, number>()
  ids.forEach((id, i) => last.set(id, i))
  return Uint32Array.from(last.values()).sort()
}

/** Those of `values` that are at `places`, in that order. */
export function pick<T extends Uint16Array | Uint32Array>(values: T, places: Uint32Array): T {
  const out = values.slice(0, places.length) as T
  places.forEach((place, i) => (out[i] = values[place]!))
  return out
}

/** The same of codes of `width` bytes. */
export function pickCodes(codes: Uint8Array, places: Uint32Array, width: number): Uint8Array {
  const out = new Uint8Array(places.length * width)
  places.forEach((place, i) => {
    for (let j = 0; j < width; j++) out[i * width + j] = codes[place * width + j]!
  })
  return out
}
