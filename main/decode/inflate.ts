// Inflates a damaged zlib stream as far as it goes (RFC 1950, 1951). The platform's own streams and
// the libraries throw away what came out last when they meet an error, each in its own way; what
// came out is what is asked for here. Pure; bytes are untrusted.

/** Of codes of 15 bits at most: by the next 15 bits, the symbol times 16 plus the code's length. */
type Table = Uint16Array

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258
]
const LENGTH_BITS = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
]
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12_289, 16_385, 24_577
]
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

export interface Inflated {
  /** What came out, at most as much as was asked for; zeros after that. */
  bytes: Uint8Array
  /** How many bytes came out. */
  length: number
  /** The stream ends as it should, with the checksum of what came out. */
  isWhole: boolean
}

class Wrong extends Error {}

/** Inflates `size` bytes of a zlib stream. */
export function inflate(stream: Uint8Array, size: number): Inflated {
  const run = new Run(stream, size)
  let isWhole = false
  try {
    isWhole = run.toItsEnd()
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
  }
  const { bytes, length } = run
  return { bytes, length, isWhole }
}

class Run {
  readonly bytes: Uint8Array
  length = 0
  readonly #stream: Uint8Array
  #at = 2 // after the header
  #buffer = 0
  #count = 0

  constructor(stream: Uint8Array, size: number) {
    this.#stream = stream
    this.bytes = new Uint8Array(size)
  }

  toItsEnd(): boolean {
    const [kind, flags] = [this.#stream[0] ?? 0, this.#stream[1] ?? 0]
    if ((kind & 15) !== 8 || (kind * 256 + flags) % 31 !== 0 || (flags & 32) !== 0) return false
    for (let isLast = 0; isLast === 0;) {
      isLast = this.#bits(1)
      const block = this.#bits(2)
      if (block === 0) this.#stored()
      else if (block === 1) this.#coded(FIXED.literals, FIXED.distances)
      else if (block === 2) this.#coded(...this.#tables())
      else throw new Wrong()
    }
    this.#at -= this.#count >> 3
    const sum = [0, 1, 2, 3].reduce((all, i) => all * 256 + (this.#stream[this.#at + i] ?? 0), 0)
    return this.length === this.bytes.length && sum === adler32(this.bytes)
  }

  /** Takes up to 16 bits; beyond the end of the stream there are none. */
  #bits(count: number): number {
    this.#fill()
    if (this.#count < count) throw new Wrong()
    const bits = this.#buffer & ((1 << count) - 1)
    this.#buffer >>>= count
    this.#count -= count
    return bits
  }

  #fill(): void {
    while (this.#count <= 16 && this.#at < this.#stream.length) {
      this.#buffer |= this.#stream[this.#at++]! << this.#count
      this.#count += 8
    }
  }

  #symbol(table: Table): number {
    this.#fill()
    const entry = table[this.#buffer & 0x7fff]!
    const length = entry & 15
    if (length === 0 || length > this.#count) throw new Wrong()
    this.#buffer >>>= length
    this.#count -= length
    return entry >> 4
  }

  #put(byte: number): void {
    if (this.length === this.bytes.length) throw new Wrong()
    this.bytes[this.length++] = byte
  }

  #stored(): void {
    this.#bits(this.#count & 7)
    const [size, check] = [this.#bits(16), this.#bits(16)]
    if ((size ^ check) !== 0xffff) throw new Wrong()
    for (let i = 0; i < size; i++) this.#put(this.#bits(8))
  }

  #coded(literals: Table, distances: Table): void {
    for (;;) {
      const symbol = this.#symbol(literals)
      if (symbol < 256) {
        this.#put(symbol)
        continue
      }
      if (symbol === 256) return
      const base = LENGTH_BASE[symbol - 257]
      if (base === undefined) throw new Wrong()
      const length = base + this.#bits(LENGTH_BITS[symbol - 257]!)
      const code = this.#symbol(distances)
      const far = DISTANCE_BASE[code]
      if (far === undefined) throw new Wrong()
      const distance = far + this.#bits(Math.max(0, (code >> 1) - 1))
      if (distance > this.length) throw new Wrong()
      for (let i = 0; i < length; i++) this.#put(this.bytes[this.length - distance]!)
    }
  }

  #tables(): [literals: Table, distances: Table] {
    const [literals, distances, codes] = [this.#bits(5) + 257, this.#bits(5) + 1, this.#bits(4) + 4]
    const ofLengths = new Uint8Array(19)
    for (const at of ORDER.slice(0, codes)) ofLengths[at] = this.#bits(3)
    const table = tableOf(ofLengths)
    const lengths = new Uint8Array(literals + distances)
    for (let at = 0; at < lengths.length;) {
      const symbol = this.#symbol(table)
      if (symbol < 16) {
        lengths[at++] = symbol
        continue
      }
      const value = symbol === 16 ? lengths[at - 1] : 0
      const times = symbol === 16 ? 3 + this.#bits(2) : this.#more(symbol)
      if (value === undefined || at + times > lengths.length) throw new Wrong()
      lengths.fill(value, at, at + times)
      at += times
    }
    return [tableOf(lengths.subarray(0, literals)), tableOf(lengths.subarray(literals))]
  }

  #more(symbol: number): number {
    return symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7)
  }
}

/** Codes of these lengths, as deflate numbers them. */
function tableOf(lengths: Uint8Array): Table {
  const table = new Uint16Array(1 << 15)
  let next = 0
  for (let length = 1; length <= 15; length++, next <<= 1) {
    for (const [symbol, its] of lengths.entries()) {
      if (its !== length) continue
      if (next >= 1 << length) throw new Wrong()
      let turned = 0 // codes come with their first bit lowest
      for (let bit = 0; bit < length; bit++) turned |= ((next >> bit) & 1) << (length - 1 - bit)
      for (let at = turned; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length
      next++
    }
  }
  return table
}

const FIXED = {
  literals: tableOf(
    Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))
  ),
  distances: tableOf(new Uint8Array(30).fill(5))
}

/** The checksum of a zlib stream. */
export function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0]
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(at + 3800, bytes.length) // both sums stay below 2^32
    for (; at < end; at++) b += a += bytes[at]!
    a %= 65_521
    b %= 65_521
  }
  return b * 65_536 + a
}
