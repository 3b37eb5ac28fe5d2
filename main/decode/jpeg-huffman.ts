// The Huffman codes of a JPEG (ITU T.81, annexes C and F): their tables, and the bits of a piece of
// coded pixels. Pure; bytes are untrusted: beyond the end of a piece come zeros.

/** Codes as a file defines them. */
export interface HuffmanCodes {
  /** How many there are of 1 to 16 bits. */
  counts: Uint8Array
  /** What they stand for, shortest first. */
  symbols: Uint8Array
}

/**
 * By the next 16 bits: the length of the code that they begin with times 256, plus its symbol; 0
 * where they begin with none.
 */
export type HuffmanTable = Uint16Array

const LOOKED_AT = 16
/** Codes whose tables are kept, 136 kB each: the two kinds of two components, of four cameras. */
const MOST_KEPT = 16

/** The table of these codes, which nobody may change; undefined for codes that cannot be. */
export const huffmanTable = remembering(({ counts, symbols }: HuffmanCodes) => {
  const table: HuffmanTable = new Uint16Array(1 << LOOKED_AT)
  let [next, symbol] = [0, 0]
  for (let length = 1; length <= LOOKED_AT; length++) {
    const room = 1 << (LOOKED_AT - length)
    for (let i = 0; i < (counts[length - 1] ?? 0); i++, next += room) {
      if (next + room > table.length) return undefined
      table.fill((length << 8) | (symbols[symbol++] ?? 0), next, next + room)
    }
  }
  return table
})

/**
 * What was made of the last few codes is kept: nearly all files of a camera have the same, most
 * those of annex K.
 */
function remembering<Made>(make: (codes: HuffmanCodes) => Made): (codes: HuffmanCodes) => Made {
  const kept = new Map<string, { made: Made }>() // the latest last
  return (codes) => {
    const key = String.fromCharCode(codes.counts.length, ...codes.counts, ...codes.symbols)
    const known = kept.get(key) ?? { made: make(codes) }
    kept.delete(key)
    kept.set(key, known)
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest)
    return known.made
  }
}

/** Bits that a row of `RunTable` stands for. */
const RUN_BITS = 12
/** Bits that the buffer has at least after it was filled, of 32. */
const HELD = 25

/**
 * By the next 12 bits, several symbols at once, each with the number that follows it: their bits,
 * how many of the 63 numbers of a block they tell times 32, and 4096 where they end the block. 0
 * where a code is longer.
 */
export type RunTable = Uint16Array

/**
 * Symbols here are how many zeros come before a number times 16, and the bits of the number.
 * Undefined for codes that cannot be.
 */
export const runTable = remembering((codes: HuffmanCodes) => {
  const table = huffmanTable(codes)
  if (!table) return undefined
  const runs: RunTable = new Uint16Array(1 << RUN_BITS)
  for (let next = 0; next < runs.length; next++) {
    let [used, told, ended] = [0, 0, 0]
    while (used < RUN_BITS) {
      const entry = table[(next << (used + 4)) & 0xffff]!
      const length = entry >> 8
      if (length === 0 || used + length > RUN_BITS) break
      const [zeros, size] = [(entry >> 4) & 15, entry & 15]
      ended = size === 0 && zeros < 15 ? 4096 : 0
      if (used + length + size > HELD || (ended === 0 && told + zeros + 1 > 63)) break
      used += length + size
      if (ended > 0) break
      told += zeros + 1
    }
    runs[next] = used | (told << 5) | ended
  }
  return runs
})

/** Reads the bits of a piece. */
export class Bits {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number
  #buffer = 0
  /** Bits in the buffer, and how many of all that were put there came after the end. */
  #count = 0
  #added = 0

  constructor(bytes: Uint8Array, begin: number, end: number) {
    this.#bytes = bytes
    this.#at = begin
    this.#end = end
  }

  /** Bits were asked for that are not there. */
  get isSpent(): boolean {
    return this.#added > this.#count
  }

  /** The byte that the next bit is in, or the end. */
  get at(): number {
    return this.#at - (Math.max(0, this.#count - this.#added) >> 3)
  }

  /** Whether the bits left of a byte are alike: coders end a piece by filling its last byte up. */
  get isFilledUp(): boolean {
    const left = Math.max(0, this.#count - this.#added) & 7
    const ones = (1 << left) - 1
    const bits = (this.#buffer >>> (this.#count - left)) & ones
    return bits === 0 || bits === ones
  }

  /** The next symbol; -1 where there is no code. */
  symbol(table: HuffmanTable): number {
    if (this.#count < 16) this.#fill()
    const entry = table[(this.#buffer >>> (this.#count - 16)) & 0xffff]!
    this.#count -= entry >> 8
    return entry === 0 ? -1 : entry & 0xff
  }

  /** The next bits, at most 16, as a number. */
  number(count: number): number {
    if (this.#count < count) this.#fill()
    this.#count -= count
    return (this.#buffer >>> this.#count) & ((1 << count) - 1)
  }

  skip(count: number): void {
    let left = count
    while (this.#count < left) {
      left -= this.#count
      this.#count = 0
      this.#fill()
    }
    this.#count -= left
  }

  /** Reads the 63 numbers of a block that follow its mean; false where they make no sense. */
  rest(runs: RunTable, table: HuffmanTable): boolean {
    let [told, count] = [0, this.#count]
    while (told < 63) {
      if (count < HELD) {
        this.#count = count
        this.#fill()
        count = this.#count
      }
      const run = runs[(this.#buffer >>> (count - RUN_BITS)) & ((1 << RUN_BITS) - 1)]!
      const tells = (run >> 5) & 127
      if (run !== 0 && told + tells < 63) {
        count -= run & 31
        told += tells
        if (run < 4096) continue
        this.#count = count
        return true
      }
      // The block may end within these bits: one symbol at a time.
      const entry = table[(this.#buffer >>> (count - 16)) & 0xffff]!
      const symbol = entry & 0xff
      count -= entry >> 8
      if (entry === 0 || symbol === 0) {
        this.#count = count
        return entry !== 0
      }
      told += (symbol >> 4) + 1
      this.#count = count
      this.skip(symbol & 15)
      count = this.#count
    }
    return told === 63
  }

  /** Fills the buffer to `HELD` bits or more. */
  #fill(): void {
    while (this.#count < HELD) {
      let byte = 0
      if (this.#at < this.#end) {
        byte = this.#bytes[this.#at++]!
        // A byte of all ones is followed by a zero, or by a marker.
        if (byte === 0xff && this.#bytes[this.#at] === 0) this.#at++
        else if (byte === 0xff) {
          this.#at = this.#end
          byte = 0
          this.#added += 8
        }
      } else this.#added += 8
      this.#buffer = (this.#buffer << 8) | byte
      this.#count += 8
    }
  }
}
