// Inverted lists for millions of codes: a search scans only the lists that are nearest to it, so it
// misses a few of the nearest in return for a twentieth of the time. Until there are enough codes
// it is one list, and exact. Runs in the engine; no disk.
import type { Codebooks } from '../../quant/codes.ts'
import type { CodeIndex, Matches, SearchOptions } from '../code-index.ts'
import { Top } from '../top.ts'
import { checkCodes, checkSearch } from './checks.ts'
import { Coarse } from './coarse.ts'
import { Filtered, type Searched } from './filtered.ts'
import type { Kernels } from './kernel.ts'
import { Store, type Run } from './store.ts'

/** Positions of a list come in pieces of so many. */
const PIECE = 256
/** Codes that are moved to their lists at a time. */
const MOVED = 65536

export interface InvertedOptions {
  /**
   * Codes from which on there are lists. The `append` that reaches it makes them, of all codes that
   * there are by then; one that doubles them makes them anew: so codes that came in the order of
   * time, or of what they show, do not end in the lists of the first of them.
   */
  from?: number // default 2,000,000
  /** Lists; by default about a third of the square root of the codes. */
  lists?: number
  /** Lists that a search scans; more find more (see the search bench for shares found). */
  probes?: number // default 32
  seed?: number
}

interface List {
  pieces: number[] // piece p is positions p * 256 .. p * 256 + 255
  size: number
}

/** An index that is exact below `from` codes and approximate from there on. */
export class InvertedIndex implements CodeIndex {
  readonly M: number
  readonly #kernels: Kernels
  readonly #codebooks: Codebooks
  readonly #options: Required<Omit<InvertedOptions, 'lists'>> & Pick<InvertedOptions, 'lists'>
  readonly #filtered: Filtered
  readonly #origin: number | undefined
  #store: Store
  #coarse: Coarse | undefined
  #lists: List[] = [{ pieces: [], size: 0 }]
  #listOfPiece: number[] = []
  #size = 0
  #scanned = 0
  #invertedAt = 0 // codes when the lists were made

  /** `origin`: where the first code lies; above its default only to test far addresses. */
  constructor(
    kernels: Kernels,
    codebooks: Codebooks,
    options: InvertedOptions = {},
    origin?: number
  ) {
    this.M = codebooks.M
    this.#origin = origin
    this.#kernels = kernels
    this.#codebooks = codebooks
    this.#options = { from: 2_000_000, probes: 32, seed: 1, ...options }
    this.#filtered = new Filtered(kernels)
    this.#store = new Store(kernels, codebooks.M, origin)
  }

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    const positions = this.#listOfPiece.length * PIECE
    const extra = (this.#coarse?.bytes ?? 0) + this.#filtered.bytes
    return this.#store.bytesOf(positions) + extra
  }

  /** Whether searches are approximate: lists were made. */
  get isInverted(): boolean {
    return this.#coarse !== undefined
  }

  /** Codes in the lists that the last search scanned: its time hangs on them. */
  get scanned(): number {
    return this.#scanned
  }

  /** Lists that a search scans from now on. */
  set probes(probes: number) {
    this.#options.probes = probes
  }

  append(ids: Uint32Array, codes: Uint8Array): void {
    checkCodes(ids, codes, this.M)
    if (this.#coarse) {
      const last = lastOfEach(ids)
      const own = pickCodes(codes, last, this.M / 2)
      this.#replace(pick(ids, last), own, this.#coarse.assign(own))
    } else this.#add(ids, codes, new Uint16Array(ids.length))
    if (this.#size >= Math.max(this.#options.from, 2 * this.#invertedAt)) this.#invert()
  }

  remove(ids: Uint32Array): void {
    this.#filtered.forget()
    const { places } = this.#store
    for (const id of ids) {
      const position = places.get(id)
      if (position < 0) continue
      const list = this.#lists[this.#listOfPiece[Math.floor(position / PIECE)]!]!
      list.size--
      this.#size--
      this.#store.fill(position, positionIn(list, list.size))
      places.delete(id)
    }
  }

  search(table: Float32Array, k: number, { filter }: SearchOptions = {}): Matches {
    checkSearch(table, k, this.M)
    const most = Math.min(k, this.#size)
    if (most === 0) return { ids: new Uint32Array(0), distances: new Float32Array(0) }
    this.#scanned = 0
    if (filter) return this.#filtered.search(this.#searched(), table, most, filter)
    const order = this.#nearestLists(table, this.#options.probes)
    this.#store.open(table, most)
    for (const list of order) this.#scan(list)
    if (this.#store.kernel.found() < most) {
      // Too few in these lists: then in all others.
      const scanned = new Set(order)
      this.#lists.forEach((_, list) => {
        if (!scanned.has(list)) this.#scan(list)
      })
    }
    return this.#store.close()
  }

  /** What a filter allows may lie in any list: all are scanned, and kin within it are exact. */
  #searched(): Searched {
    return {
      store: this.#store,
      runs: () => this.#allRuns(),
      scan: (table) => {
        for (const list of this.#nearestLists(table, this.#lists.length)) this.#scan(list)
      }
    }
  }

  #nearestLists(table: Float32Array, probes: number): number[] {
    if (!this.#coarse) return [0]
    const top = new Top(Math.min(probes, this.#lists.length))
    this.#coarse.rank(table).forEach((distance, list) => top.offer(list, distance))
    return [...top.sorted().ids]
  }

  #scan(number: number): void {
    const list = this.#lists[number]!
    this.#scanned += list.size
    for (const { position, count } of runsOf(list)) this.#store.kernel.scan(position, count)
  }

  *#allRuns(): Generator<Run> {
    for (const list of this.#lists) yield* runsOf(list)
  }

  /** Puts codes of ids, each named once, into lists; one that is held may be in another so far. */
  #replace(ids: Uint32Array, codes: Uint8Array, lists: Uint16Array): void {
    this.#reserveFor(lists) // else codes are gone already when there is no room for the new ones
    this.remove(ids)
    this.#add(ids, codes, lists)
  }

  /** Makes room for one code more for each time that a list is named. Throws RangeError. */
  #reserveFor(lists: Uint16Array): void {
    const more = new Uint32Array(this.#lists.length)
    for (const list of lists) more[list]!++
    const pieces = this.#lists.reduce((sum, { size, pieces: { length } }, list) => {
      return sum + Math.max(length, Math.ceil((size + more[list]!) / PIECE))
    }, 0)
    this.#store.reserve(pieces * PIECE)
  }

  /** Puts codes into lists, or over the code of an id that is held. */
  #add(ids: Uint32Array, codes: Uint8Array, lists: Uint16Array): void {
    this.#reserveFor(lists)
    this.#filtered.forget()
    const { places } = this.#store
    const positions = new Uint32Array(ids.length)
    const isNew = new Uint8Array(ids.length)
    ids.forEach((id, i) => {
      const held = places.get(id)
      const position = held < 0 ? this.#nextIn(lists[i]!) : held
      positions[i] = position
      if (held >= 0) return
      isNew[i] = 1
      places.set(id, position)
    })
    this.#store.put(positions, ids, codes, isNew)
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

  /** Makes the lists and moves every code into its own, list after list. */
  #invert(): void {
    const { ids, codes } = this.#held()
    this.#store = new Store(this.#kernels, this.M, this.#origin) // the former one may go
    const { lists = Math.sqrt(ids.length) / 3, seed } = this.#options
    this.#coarse = new Coarse(this.#kernels, this.#codebooks, lists)
    this.#coarse.train(codes, seed)
    const listOf = this.#coarse.assign(codes)
    const order = orderByList(listOf, this.#coarse.lists)
    this.#lists = Array.from({ length: this.#coarse.lists }, () => ({ pieces: [], size: 0 }))
    this.#listOfPiece = []
    this.#size = 0
    this.#invertedAt = ids.length
    for (let from = 0; from < order.length; from += MOVED) {
      const part = order.subarray(from, from + MOVED)
      this.#add(pick(ids, part), pickCodes(codes, part, this.M / 2), pick(listOf, part))
    }
  }

  /** All ids [size] and their codes [size, M/2], list after list. */
  #held(): { ids: Uint32Array; codes: Uint8Array } {
    const ids = new Uint32Array(this.#size)
    const codes = new Uint8Array((this.#size * this.M) / 2)
    let at = 0
    for (const run of this.#allRuns())
      for (const part of this.#store.read(run)) {
        ids.set(part.ids, at)
        codes.set(part.codes, (at * this.M) / 2)
        at += part.ids.length
      }
    return { ids, codes }
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

/** Indices in the order of their lists (a counting sort). */
function orderByList(listOf: Uint16Array, lists: number): Uint32Array {
  const next = new Uint32Array(lists + 1)
  for (const list of listOf) next[list + 1]!++
  for (let list = 0; list < lists; list++) next[list + 1]! += next[list]!
  const order = new Uint32Array(listOf.length)
  listOf.forEach((list, i) => (order[next[list]!++] = i))
  return order
}

/** Where each id is named last, in order. */
function lastOfEach(ids: Uint32Array): Uint32Array {
  const last = new Map<number, number>()
  ids.forEach((id, i) => last.set(id, i))
  return Uint32Array.from(last.values()).sort()
}

function pick<T extends Uint16Array | Uint32Array>(values: T, places: Uint32Array): T {
  const out = values.slice(0, places.length) as T
  places.forEach((place, i) => (out[i] = values[place]!))
  return out
}

function pickCodes(codes: Uint8Array, places: Uint32Array, width: number): Uint8Array {
  const out = new Uint8Array(places.length * width)
  places.forEach((place, i) => {
    for (let j = 0; j < width; j++) out[i * width + j] = codes[place * width + j]!
  })
  return out
}

function positionIn({ pieces }: List, index: number): number {
  return pieces[Math.floor(index / PIECE)]! * PIECE + (index % PIECE)
}
