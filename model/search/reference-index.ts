// The reference scan of PQ codes, in plain TypeScript: what a SIMD twin must equal to the bit.
// Codes lie one after the other; a removed one is replaced by the last.
import { K } from '../quant/codes.ts'
import type { CodeIndex, Matches, SearchOptions } from './code-index.ts'
import { TopK } from './top-k.ts'

const FIRST_CAPACITY = 1024

/** An empty index of codes of M codebooks. Throws RangeError when M is not even and above 0. */
export function createReferenceIndex(M: number): CodeIndex {
  return new ReferenceIndex(M)
}

class ReferenceIndex implements CodeIndex {
  readonly M: number
  readonly #width: number // bytes a code
  readonly #places = new Map<number, number>() // id to its place
  #ids = new Uint32Array(FIRST_CAPACITY)
  #codes: Uint8Array // [capacity, M/2]

  constructor(M: number) {
    if (!Number.isInteger(M) || M < 2 || M % 2 !== 0)
      throw new RangeError(`M: expected an even number above 0, got ${M}`)
    this.M = M
    this.#width = M / 2
    this.#codes = new Uint8Array(FIRST_CAPACITY * this.#width)
  }

  get size(): number {
    return this.#places.size
  }

  get bytes(): number {
    // A Map entry of two small numbers takes about 24 bytes in V8.
    return this.#codes.byteLength + this.#ids.byteLength + 24 * this.size
  }

  append(ids: Uint32Array, codes: Uint8Array): void {
    const width = this.#width
    if (codes.length !== ids.length * width)
      throw new RangeError(`codes: expected ${ids.length * width} bytes, got ${codes.length}`)
    this.#reserve(this.size + ids.length)
    ids.forEach((id, i) => {
      const place = this.#places.get(id) ?? this.size
      this.#places.set(id, place)
      this.#ids[place] = id
      this.#codes.set(codes.subarray(i * width, (i + 1) * width), place * width)
    })
  }

  remove(ids: Uint32Array): void {
    const width = this.#width
    for (const id of ids) {
      const place = this.#places.get(id)
      if (place === undefined) continue
      const last = this.size - 1
      const moved = this.#ids[last]!
      this.#ids[place] = moved
      this.#codes.copyWithin(place * width, last * width, (last + 1) * width)
      this.#places.set(moved, place)
      this.#places.delete(id)
    }
  }

  search(table: Float32Array, k: number, options: SearchOptions = {}): Matches {
    if (table.length !== this.M * K || !table.every(Number.isFinite))
      throw new RangeError(`table: expected ${this.M * K} finite numbers, got ${table.length}`)
    if (!Number.isInteger(k) || k < 0) throw new RangeError(`k: expected a whole number, got ${k}`)
    const { filter } = options
    const top = new TopK(Math.min(k, this.size))
    scan(this.#codes, this.#ids, this.size, pairTables(table), (id, distance) => {
      if (!filter || ((filter[id >>> 3] ?? 0) >> (id & 7)) & 1) top.offer(id, distance)
      return top.limit
    })
    return top.sorted()
  }

  #reserve(count: number): void {
    let capacity = this.#ids.length
    if (count <= capacity) return
    while (capacity < count) capacity *= 2
    const [ids, codes] = [this.#ids, this.#codes]
    this.#ids = new Uint32Array(capacity)
    this.#ids.set(ids)
    this.#codes = new Uint8Array(capacity * this.#width)
    this.#codes.set(codes)
  }
}

/** Tables [M, 16] merged to [M/2, 256], one entry a byte (see the note in code-index.ts). */
export function pairTables(table: Float32Array): Float32Array {
  const pairs = new Float32Array((table.length / K / 2) * 256)
  for (let i = 0; i < pairs.length; i++) {
    const low = (i >> 8) * 2 * K + (i & 15)
    const high = ((i >> 8) * 2 + 1) * K + ((i >> 4) & 15)
    pairs[i] = table[low]! + table[high]!
  }
  return pairs
}

/** Offers each code whose distance is not above the limit that the last offer gave back. */
function scan(
  codes: Uint8Array,
  ids: Uint32Array,
  size: number,
  pairs: Float32Array,
  offer: (id: number, distance: number) => number
): void {
  const width = pairs.length / 256
  let limit = Infinity
  for (let i = 0, at = 0; i < size; i++) {
    let distance = pairs[codes[at++]!]!
    for (let base = 256; base < width * 256; base += 256)
      distance = Math.fround(distance + pairs[base + codes[at++]!]!)
    if (distance <= limit) limit = offer(ids[i]!, distance)
  }
}
