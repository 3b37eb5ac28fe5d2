// Codes of 16 bits: there are only 65,536, so in a large library each stands for many photos. The
// codes are gone through from the nearest on, and only their photos are looked at: the time of a
// search hardly depends on the size. The same answers to the bit as any exact index.
import { FlatIndex } from './flat-index.ts'
import type { Kernels } from './kernel.ts'
import type { Matches, SearchOptions } from '../code-index.ts'
import { pairTables } from '../reference-index.ts'

const CODES = 65536
/** The buckets are made anew when more than this share of the codes has changed since. */
const STALE = 1 / 16

/** An exact index of codes of four codebooks. */
export class BucketIndex extends FlatIndex {
  #built = 0 // positions below this are in the buckets, a multiple of 64
  #positions = new Uint32Array(0) // [built], by code
  #starts = new Uint32Array(CODES + 1) // of a code's positions
  readonly #changed = new Set<number>() // positions below #built that are not as in the buckets
  readonly #from: number

  /** `from`: the size from which on buckets are faster than a scan. */
  constructor(kernels: Kernels, from = 500_000) {
    super(kernels, 4)
    this.#from = from
  }

  override get bytes(): number {
    const tables = this.#positions.byteLength + this.#starts.byteLength + 24 * this.#changed.size
    return super.bytes + tables
  }

  protected override changed(position: number): void {
    if (position < this.#built) this.#changed.add(position)
  }

  override search(table: Float32Array, k: number, options?: SearchOptions): Matches {
    const waiting = this.#changed.size + Math.abs(this.size - this.#built)
    if (this.size >= this.#from && waiting > this.size * STALE) this.#build()
    return super.search(table, k, options)
  }

  protected override scanFor(table: Float32Array, k: number, areMarked: boolean): void {
    const pairs = pairTables(table)
    // What a filter allows may be far from the query: nearly all codes would be gone through.
    const isServing = !areMarked && this.#built > 0 && this.size >= this.#from
    if (!isServing || !pairs.every(isModest)) return super.scanFor(table, k, areMarked)
    const { kernel } = this.store
    const nearest = nearestCodes(pairs)
    let positions: number[] = []
    let code = nearest.next()
    // Once k are found, only codes as near as the last one looked at can follow.
    for (let wanted = k; !code.done && kernel.found() < k; wanted *= 2) {
      let distance = -Infinity
      while (!code.done && (positions.length < wanted || code.value.distance === distance)) {
        distance = code.value.distance
        this.#addPositions(code.value.code, positions)
        code = nearest.next()
      }
      this.store.measure(Uint32Array.from(positions))
      positions = []
    }
    const changed = Uint32Array.from(this.#changed).filter((position) => position < this.size)
    this.store.measure(changed)
    if (this.size > this.#built) kernel.scan(this.#built, this.size - this.#built)
  }

  /** Adds the positions of a code that are still as they were. */
  #addPositions(code: number, positions: number[]): void {
    for (let i = this.#starts[code]!; i < this.#starts[code + 1]!; i++) {
      const position = this.#positions[i]!
      if (position < this.size && !this.#changed.has(position)) positions.push(position)
    }
  }

  /** Sorts positions by code (a counting sort). */
  #build(): void {
    this.#built = this.size & ~63
    this.#changed.clear()
    const codes = new Uint16Array(this.#built)
    let from = 0
    for (const { codes: bytes } of this.store.read({ position: 0, count: this.#built }))
      for (let i = 0; i < bytes.length; i += 2) codes[from++] = bytes[i]! | (bytes[i + 1]! << 8)
    const starts = this.#starts.fill(0)
    for (const code of codes) starts[code + 1]!++
    for (let code = 0; code < CODES; code++) starts[code + 1]! += starts[code]!
    this.#positions = new Uint32Array(this.#built)
    const next = starts.slice()
    codes.forEach((code, position) => (this.#positions[next[code]!++] = position))
  }
}

/** Sums of two such numbers are finite. */
function isModest(entry: number): boolean {
  return Math.abs(entry) < 1e38
}

/**
 * All codes in the order of their distances, by tables of both bytes [2, 256]: with each table in
 * order, the next nearest is always the first that is left in one of the rows so far begun (the
 * multi-sequence algorithm of Babenko and Lempitsky, "The inverted multi-index", 2012).
 */
function* nearestCodes(pairs: Float32Array): Generator<{ code: number; distance: number }> {
  const rows = orderOf(pairs.subarray(0, 256))
  const columns = orderOf(pairs.subarray(256))
  const distanceAt = (row: number, column: number): number =>
    column === 256 ? Infinity : Math.fround(pairs[rows[row]!]! + pairs[256 + columns[column]!]!)
  const next = [0] // column that is left first, of each row begun
  const distances = [distanceAt(0, 0)]
  for (let count = 0; count < CODES; count++) {
    let row = 0
    for (let other = 1; other < next.length; other++)
      if (distances[other]! < distances[row]!) row = other
    const column = next[row]!
    yield { code: rows[row]! | (columns[column]! << 8), distance: distances[row]! }
    next[row] = column + 1
    distances[row] = distanceAt(row, column + 1)
    if (column > 0 || row === 255) continue
    next.push(0)
    distances.push(distanceAt(row + 1, 0))
  }
}

/** Indices of the entries, the least first. */
function orderOf(entries: Float32Array): number[] {
  return Array.from(entries.keys()).sort((a, b) => entries[a]! - entries[b]!)
}
