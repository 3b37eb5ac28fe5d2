// Codes of 16 bits: there are only 65,536, so in a large library each stands for many photos. The
// codes are ordered by their distance, and only photos of the nearest are looked at: the time of a
// search hardly depends on the size. The same answers to the bit as any exact index. Runs in the
// engine.
import { FlatIndex } from './flat-index.ts'
import type { Kernels } from './kernel.ts'
import type { Matches, SearchOptions } from '../code-index.ts'
import { pairTables } from '../reference-index.ts'

const CODES = 65536
const BINS = 2048
/** Codes that are read at a time. */
const READ = 65536
/** The buckets are made anew when more than this share of the codes has changed since. */
const STALE = 1 / 16

/** An exact index of codes of four books. */
export class BucketIndex extends FlatIndex {
  #built = 0 // positions below this are in the buckets, a multiple of 64
  #positions = new Uint32Array(0) // [built], by code
  #starts = new Uint32Array(CODES + 1) // of a code's positions
  readonly #changed = new Set<number>() // positions below #built that are not as in the buckets
  readonly #distances = new Float32Array(CODES)
  readonly #bins = new Uint16Array(CODES) // of a code

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

  protected override scanFor(table: Float32Array, k: number): void {
    if (this.#built === 0 || this.size < this.#from) return super.scanFor(table, k)
    const { kernel } = this.store
    const counts = this.#orderCodes(table)
    // Codes of later bins are farther than those of a bin: once k are found, none of them can
    // follow.
    for (let bin = 0, from = 0, wanted = k; bin < BINS && kernel.found() < k; wanted *= 4) {
      for (let count = 0; bin < BINS && count < wanted; bin++) count += counts[bin]!
      this.store.measure(this.#positionsIn(from, bin))
      from = bin
    }
    this.store.measure(Uint32Array.from(this.#changed).filter((at) => at < this.size))
    if (this.size > this.#built) kernel.scan(this.#built, this.size - this.#built)
  }

  /** Sets distances and bins of all codes; returns how many photos each bin has. */
  #orderCodes(table: Float32Array): Uint32Array {
    const pairs = pairTables(table)
    let least = Infinity
    let greatest = -Infinity
    for (let code = 0; code < CODES; code++) {
      const distance = Math.fround(pairs[code & 255]! + pairs[256 + (code >> 8)]!)
      this.#distances[code] = distance
      if (distance < least) least = distance
      if (distance > greatest) greatest = distance
    }
    const scale = greatest > least ? (BINS - 1) / (greatest - least) : 0
    const counts = new Uint32Array(BINS)
    for (let code = 0; code < CODES; code++) {
      // A greater distance never gets a lower bin: subtraction and product are monotonic.
      // Sums beyond f32's range are no number here, and go first.
      const bin = Math.floor((this.#distances[code]! - least) * scale) || 0
      this.#bins[code] = bin
      counts[bin]! += this.#starts[code + 1]! - this.#starts[code]!
    }
    return counts
  }

  /** Positions of codes in bins from .. to - 1 that are still as they were. */
  #positionsIn(from: number, to: number): Uint32Array {
    const found: number[] = []
    for (let code = 0; code < CODES; code++) {
      if (this.#bins[code]! < from || this.#bins[code]! >= to) continue
      for (let i = this.#starts[code]!; i < this.#starts[code + 1]!; i++) {
        const position = this.#positions[i]!
        if (position < this.size && !this.#changed.has(position)) found.push(position)
      }
    }
    return Uint32Array.from(found)
  }

  /** Sorts positions by code (a counting sort). */
  #build(): void {
    this.#built = this.size & ~63
    this.#changed.clear()
    const codes = new Uint16Array(this.#built)
    for (let from = 0; from < this.#built; from += READ) {
      const bytes = this.store.read(from, Math.min(READ, this.#built - from))
      for (let i = 0; i < bytes.length; i += 2)
        codes[from + (i >> 1)] = bytes[i]! | (bytes[i + 1]! << 8)
    }
    const starts = this.#starts.fill(0)
    for (const code of codes) starts[code + 1]!++
    for (let code = 0; code < CODES; code++) starts[code + 1]! += starts[code]!
    this.#positions = new Uint32Array(this.#built)
    const next = starts.slice()
    codes.forEach((code, position) => (this.#positions[next[code]!++] = position))
  }
}
