// Walks the coded pixels of a JPEG without making pixels: which of them can be read, and where a
// piece goes wrong (ITU T.81, annexes F and G). Pure; bytes are untrusted.
import { Bits, huffmanTable, runTable } from './jpeg-huffman.ts'
import type { HuffmanTable, RunTable } from './jpeg-huffman.ts'
import type { Component, Frame, Piece, Scan } from './jpeg-layout.ts'

/** What the mean of a block of 8 bits is at most, times 8: half their range. */
const LARGEST_MEAN = 1024
/** Steps by which coders may round it beyond that. */
const ROUNDED_STEPS = 2
/** More bytes than this after the last pixels of a piece are no padding. */
const MOST_PADDING = 2

/** The units of a scan: all blocks of an area of the picture, or single blocks of a component. */
export interface Grid {
  across: number
  count: number
  /** Size of a unit in pixels of the whole picture. */
  width: number
  height: number
}

/** How far a piece could be read. */
export interface Walked {
  /** Units that came out, of those that were asked for. */
  units: number
  /** The byte that nothing after it should be shown of, where it is known. */
  wrongAt: number | undefined
  /** Whether nothing was wrong with it. */
  isWhole: boolean
}

/** Which numbers of the blocks of a component are not zero so far, a bit each. */
type Known = Uint8Array

/** The units of a scan of a frame. */
export function gridOf({ width, height, components }: Frame, { parts }: Pick<Scan, 'parts'>): Grid {
  const across = Math.max(...components.map((one) => one.across))
  const down = Math.max(...components.map((one) => one.down))
  const single = parts.length === 1 ? parts[0]?.component : undefined
  const unit = single
    ? { width: (8 * across) / single.across, height: (8 * down) / single.down }
    : { width: 8 * across, height: 8 * down }
  const columns = Math.ceil(width / unit.width)
  return { ...unit, across: columns, count: columns * Math.ceil(height / unit.height) }
}

interface Block {
  /** Of the scan's parts. */
  part: number
  component: Component
  dc: HuffmanTable
  ac: HuffmanTable
  runs: RunTable
  /** Of a progressive file. */
  known: Known
}

/** What the scans of a file have told so far. */
export type Told = Map<Component, Known>

/** Reads pieces of one scan, after those before it. */
export class ScanWalk {
  readonly #bytes: Uint8Array
  readonly #scan: Scan
  readonly #blocks: Block[]
  readonly #isEightBits: boolean
  readonly #means: number[]
  readonly #isProgressive: boolean
  #empty = 0 // blocks that follow without a bit of their own

  /** @returns undefined for a scan whose codes are missing or cannot be */
  static of(bytes: Uint8Array, frame: Frame, scan: Scan, told: Told): ScanWalk | undefined {
    const blocks: Block[] = []
    const [none, empty] = [new Uint16Array(0), new Uint8Array(0)]
    for (const [part, { component, dc, ac }] of scan.parts.entries()) {
      const isBits = scan.isRefinement && scan.from === 0
      const tables = {
        dc: scan.from > 0 || isBits ? none : dc && huffmanTable(dc),
        ac: frame.isProgressive && scan.from === 0 ? none : ac && huffmanTable(ac),
        runs: frame.isProgressive ? none : ac && runTable(ac)
      }
      if (!tables.dc || !tables.ac || !tables.runs) return undefined
      const known = scan.from > 0 ? knownOf(component, frame, scan, told) : empty
      const block = { part, component, dc: tables.dc, ac: tables.ac, runs: tables.runs, known }
      const count = scan.parts.length === 1 ? 1 : component.across * component.down
      for (let i = 0; i < count; i++) blocks.push(block)
    }
    return new ScanWalk(bytes, frame, scan, blocks)
  }

  private constructor(bytes: Uint8Array, frame: Frame, scan: Scan, blocks: Block[]) {
    this.#bytes = bytes
    this.#scan = scan
    this.#blocks = blocks
    this.#isEightBits = frame.bits === 8
    this.#means = scan.parts.map(() => 0)
    this.#isProgressive = frame.isProgressive
  }

  /**
   * Reads a piece of so many units from unit `first` on. `doubtful`: where it holds bytes that are
   * hardly pixels; where anything is wrong with the piece, it is they. Else decoders go on after
   * what makes no sense, as viewers do, but not where later scans build on it.
   */
  walk({ begin, end }: Piece, first: number, units: number, doubtful: number | undefined): Walked {
    const bits = new Bits(this.#bytes, begin, end)
    this.#means.fill(0)
    this.#empty = 0
    let doubtfulFrom = units
    const wrong = (came: number, wrongAt?: number): Walked =>
      doubtfulFrom < units
        ? { units: doubtfulFrom, wrongAt: doubtful, isWhole: false }
        : { units: came, wrongAt, isWhole: false }
    for (let unit = 0; unit < units; unit++) {
      if (doubtfulFrom === units && doubtful !== undefined && bits.at >= doubtful)
        doubtfulFrom = unit
      for (const block of this.#blocks) {
        const isRight = this.#read(bits, block, first + unit)
        if (bits.isSpent) return wrong(unit)
        if (!isRight) return this.#isProgressive ? wrong(unit, bits.at) : wrong(units)
      }
    }
    if (doubtfulFrom === units && !bits.isFilledUp) return wrong(units, bits.at + 1)
    const rest = this.#bytes.subarray(bits.at + 1, end)
    const isAlike = doubtfulFrom === units && rest.every((byte) => byte === rest[0])
    if (!isAlike && rest.length > MOST_PADDING) return wrong(units, bits.at + 1)
    return { units, wrongAt: undefined, isWhole: true }
  }

  #read(bits: Bits, block: Block, unit: number): boolean {
    const { isRefinement, from } = this.#scan
    if (!this.#isProgressive)
      return this.#readMean(bits, block) && bits.rest(block.runs, block.ac)
    if (from > 0 && isRefinement) return this.#refineBand(bits, block, unit)
    if (from > 0) return this.#readBand(bits, block, unit)
    if (!isRefinement) return this.#readMean(bits, block)
    bits.skip(1)
    return true
  }

  /** The mean of a block, told by how much it differs from the one before. */
  #readMean(bits: Bits, { part, component, dc }: Block): boolean {
    const size = bits.symbol(dc)
    if (size < 0 || size > 15) return false
    if (size === 0) return true
    const number = bits.number(size)
    const difference = number < 1 << (size - 1) ? number - (1 << size) + 1 : number
    const mean = this.#means[part]! + difference
    this.#means[part] = mean
    const { divisor } = component
    const largest = LARGEST_MEAN + ROUNDED_STEPS * divisor
    return !this.#isEightBits || Math.abs(mean * divisor) << this.#scan.low <= largest
  }

  /** Numbers `from` to `to` of a block of a progressive file (T.81, G.1.2.2). */
  #readBand(bits: Bits, { ac, known }: Block, unit: number): boolean {
    if (this.#empty > 0) {
      this.#empty--
      return true
    }
    const { from, to } = this.#scan
    for (let at = from; at <= to; at++) {
      const symbol = bits.symbol(ac)
      if (symbol < 0) return false
      const [zeros, size] = [symbol >> 4, symbol & 15]
      if (size === 0 && zeros < 15) {
        this.#empty = (1 << zeros) + bits.number(zeros) - 1
        return true
      }
      at += zeros
      if (at > to) return false
      bits.skip(size)
      if (size > 0) learn(known, unit, at)
    }
    return true
  }

  /** One more bit of the same numbers (T.81, G.1.2.3). */
  #refineBand(bits: Bits, { ac, known }: Block, unit: number): boolean {
    const { from, to } = this.#scan
    let at = from
    while (this.#empty === 0 && at <= to) {
      const symbol = bits.symbol(ac)
      if (symbol < 0) return false
      let [zeros, size] = [symbol >> 4, symbol & 15]
      if (size > 1) return false
      if (size === 0 && zeros < 15) {
        this.#empty = (1 << zeros) + bits.number(zeros)
        break
      }
      bits.skip(size)
      for (; at <= to; at++) {
        if (isKnown(known, unit, at)) bits.skip(1)
        else if (zeros-- === 0) break
      }
      if (size > 0 && at > to) return false
      if (size > 0) learn(known, unit, at)
      at++
    }
    if (this.#empty === 0) return true
    for (; at <= to; at++) if (isKnown(known, unit, at)) bits.skip(1)
    this.#empty--
    return true
  }
}

function knownOf(component: Component, frame: Frame, scan: Scan, told: Told): Known {
  const known = told.get(component) ?? new Uint8Array(8 * gridOf(frame, scan).count)
  told.set(component, known)
  return known
}

function isKnown(known: Known, block: number, number: number): boolean {
  return (known[8 * block + (number >> 3)]! & (1 << (number & 7))) !== 0
}

function learn(known: Known, block: number, number: number): void {
  known[8 * block + (number >> 3)]! |= 1 << (number & 7)
}
