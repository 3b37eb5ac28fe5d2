// The memory of a SIMD index: codes and ids at positions (see [Note: layout of the codes] in
// memory-layout.as.ts), the way from id to position, and searches over ranges of positions. Which
// position a code gets is the index's business.
import type { Matches } from '../code-index.ts'
import { FIRST_FREE, TABLE_ADDRESS, instantiate, type Kernel, type Kernels } from './kernel.ts'
import { PositionMap } from './position-map.ts'

const SEGMENT = 65536
const WASM_PAGE = 65536
/** Codes that are handed to the kernel at a time. */
const BATCH = 8192
/** And read back. */
const READ = 65536
/** Positions that are listed at a time. */
const LISTED = 16384

/** As the kernel's `begin` takes it. */
const SEARCH_KINDS = { all: 0, marked: 1, sparse: 2, read: 3 }

/** Codes side by side, from a multiple of 64 on. */
export interface Run {
  position: number
  count: number
}

/** A filter whose photos are marked in a store. */
export interface Marks {
  readonly filter: Uint8Array
  readonly count: number
  /** Groups of 64 codes that hold any of them, and all groups. */
  readonly groups: number
  readonly allGroups: number
}

/**
 * Codes of M codebooks and their ids in one WebAssembly memory of at most 4 GiB of addresses. A
 * code takes M / 2 bytes of them, and 4.25 for its id and its group's head, whether they are
 * written or not. So there is room for 687 million codes of M = 4, 520 of 8, 350 of 16 and 212 of
 * 32; lists keep up to 255 places each free. `reserve` refuses more with a RangeError that says so,
 * before anything is changed.
 */
export class Store {
  readonly M: number
  readonly width: number // bytes a code
  readonly kernel: Kernel
  readonly positions = new PositionMap()
  /** Told of every id whose code is written, goes, or moves to another position. */
  onChange: ((id: number) => void) | undefined
  readonly #memory: WebAssembly.Memory
  readonly #origin: number
  readonly #segmentBytes: number
  #segments = 0
  #found = 0 // address of the results of the open search
  #list = 0 // and of positions to be measured

  /** `origin`: where the first code lies; above its default only to test far addresses. */
  constructor(kernels: Kernels, M: number, origin = FIRST_FREE) {
    const { kernel, memory } = instantiate(kernels)
    this.M = M
    this.width = M / 2
    this.kernel = kernel
    this.#memory = memory
    this.#origin = origin
    this.#segmentBytes = kernel.segmentSize(M) >>> 0
    kernel.configure(M, origin)
  }

  /** Bytes resident of the codes below `positions`, of their ids and the way to them. */
  bytesOf(positions: number): number {
    const groups = Math.ceil(positions / 64)
    const ids = this.kernel.idPages(positions) * 4096
    return groups * (64 * this.width + 16) + ids + this.positions.bytes
  }

  /** Makes room for codes at positions below `positions`. Throws RangeError beyond 4 GiB. */
  reserve(positions: number): void {
    const segments = Math.ceil(positions / SEGMENT)
    if (segments <= this.#segments) return
    this.#grow(this.#origin + segments * this.#segmentBytes + BATCH * (this.width + 4))
    this.#segments = segments
  }

  /** How many of the ids are not held (one named twice counts twice). */
  countNew(ids: Uint32Array): number {
    return ids.reduce((count, id) => (this.positions.get(id) < 0 ? count + 1 : count), 0)
  }

  /**
   * Writes codes [n, M/2] of ids [n] to positions [n]; positions that follow each other go
   * together. Where `isNew` is set, the id is put there too.
   */
  put(positions: Uint32Array, ids: Uint32Array, codes: Uint8Array, isNew: Uint8Array): void {
    if (this.onChange) for (const id of ids) this.onChange(id)
    for (let from = 0; from < ids.length; from += BATCH) {
      const to = Math.min(ids.length, from + BATCH)
      const codesAt = this.scratch((to - from) * (this.width + 4))
      const idsAt = codesAt + Math.ceil(((to - from) * this.width) / 4) * 4
      this.bytesAt(codesAt, (to - from) * this.width).set(
        codes.subarray(from * this.width, to * this.width)
      )
      this.wordsAt(idsAt, to - from).set(ids.subarray(from, to))
      for (let i = from, next = from; i < to; i = next) {
        const goesOn = (): boolean =>
          positions[next] === positions[next - 1]! + 1 && isNew[next] === isNew[i]
        do next++
        while (next < to && goesOn())
        const first = positions[i]!
        this.kernel.write(first, next - i, codesAt + (i - from) * this.width)
        if (isNew[i] === 1) this.kernel.name(first, next - i, idsAt + (i - from) * 4)
      }
    }
  }

  /** Writes codes [n, M/2] of ids [n], all of them new, to positions from `position` on. */
  putRun(position: number, ids: Uint32Array, codes: Uint8Array): void {
    for (let from = 0; from < ids.length; from += BATCH) {
      const count = Math.min(BATCH, ids.length - from)
      const idsAt = this.scratch(count * (4 + this.width))
      const codesAt = idsAt + count * 4
      const part = codes.subarray(from * this.width, (from + count) * this.width)
      this.wordsAt(idsAt, count).set(ids.subarray(from, from + count))
      this.bytesAt(codesAt, part.length).set(part)
      this.kernel.write(position + from, count, codesAt)
      this.kernel.name(position + from, count, idsAt)
    }
  }

  /** Takes the code of an id out; the last one of its run, at `last`, gets its position. */
  remove(id: number, position: number, last: number): void {
    if (position !== last) {
      const moved = this.kernel.idOf(last) >>> 0
      this.kernel.move(last, position, this.scratch(this.width))
      this.positions.set(moved, position)
      this.onChange?.(moved)
    }
    this.positions.delete(id)
    this.onChange?.(id)
  }

  /** Marks the codes that a filter allows, of those in `runs`. */
  mark(filter: Uint8Array, runs: Iterable<Run>): Marks {
    const address = this.scratch(sizeOf(filter))
    const bits = this.#putFilter(address, filter)
    let [marked, groups, allGroups] = [0, 0, 0]
    for (const { position, count } of runs) {
      marked += this.kernel.mark(position, count, address, bits)
      groups += this.kernel.markedGroups()
      allGroups += Math.ceil(count / 64)
    }
    return { filter, count: marked, groups, allGroups }
  }

  /** Returns how many bits it has. */
  #putFilter(address: number, filter: Uint8Array): number {
    const held = this.bytesAt(address, sizeOf(filter))
    held.set(filter)
    held.fill(0, filter.length)
    return (held.length - 8) * 8
  }

  /** Positions of the marked codes in `runs`, `count` of them. */
  listMarked(runs: Iterable<Run>, count: number): Uint32Array {
    const address = this.scratch(count * 4)
    let listed = 0
    for (const run of runs)
      listed += this.kernel.listMarked(run.position, run.count, address + listed * 4)
    return this.wordsAt(address, listed).slice()
  }

  /**
   * Codes [n, M/2] and ids [n] of a run, or of those of it that are marked, in parts. A part is
   * memory of the store: it lasts until the next is asked for.
   */
  *read(
    { position, count }: Run,
    areMarked = false
  ): Generator<{ codes: Uint8Array; ids: Uint32Array }> {
    const end = position + count
    for (; position < end; position += READ) {
      const most = Math.min(READ, end - position)
      const idsAt = this.scratch(most * (4 + this.width))
      const codesAt = idsAt + most * 4
      const { read, readMarked } = this.kernel
      const n = areMarked ? readMarked(position, most, codesAt, idsAt) : most
      if (!areMarked) read(position, most, codesAt, idsAt)
      yield {
        codes: this.bytesAt(codesAt, n * this.width),
        ids: this.wordsAt(idsAt, n)
      }
    }
  }

  /** The codes [n, M/2] of ids that are held. */
  codesOf(ids: Uint32Array): Uint8Array {
    const codes = new Uint8Array(ids.length * this.width)
    ids.forEach((id, i) => {
      for (const part of this.read({ position: this.positions.get(id), count: 1 }))
        codes.set(part.codes, i * this.width)
    })
    return codes
  }

  /**
   * Opens a search for k >= 1, of all codes, of those that are marked (`sparse`: many groups hold
   * none) or of those that a filter allows that was not marked (`read`; it allows about a `share`
   * of all). Between this and `close` nothing else may use the scratch.
   */
  open(
    table: Float32Array,
    k: number,
    wanted: keyof typeof SEARCH_KINDS = 'all',
    filter: Uint8Array = new Uint8Array(0),
    share = 0
  ): void {
    const space = 16 * k + 16
    this.#found = this.scratch(space + LISTED * 4 + sizeOf(filter))
    this.#list = this.#found + space
    const filterAt = this.#list + LISTED * 4
    if (filter.length > 0)
      this.kernel.readFilter(filterAt, this.#putFilter(filterAt, filter), share)
    this.floatsAt(TABLE_ADDRESS, table.length).set(table)
    this.kernel.begin(k, this.#found, SEARCH_KINDS[wanted])
  }

  /** In an open search, measures the codes at positions that are listed, marked or not. */
  measure(positions: Uint32Array): void {
    for (let from = 0; from < positions.length; from += LISTED) {
      const part = positions.subarray(from, from + LISTED)
      this.wordsAt(this.#list, part.length).set(part)
      this.kernel.measure(this.#list, part.length)
    }
  }

  /** Ends a search: what it found, best first. */
  close(): Matches {
    const count = this.kernel.finish()
    const words = this.wordsAt(this.#found, 2 * count)
    const numbers = this.floatsAt(this.#found, 2 * count)
    const ids = new Uint32Array(count)
    const distances = new Float32Array(count)
    for (let i = 0; i < count; i++) {
      distances[i] = numbers[2 * i]!
      ids[i] = words[2 * i + 1]!
    }
    return { ids, distances }
  }

  /** The address of `bytes` bytes behind all codes, free until the next call. */
  scratch(bytes: number): number {
    const at = this.#origin + this.#segments * this.#segmentBytes
    this.#grow(at + bytes)
    return at
  }

  #grow(bytes: number): void {
    if (bytes > 2 ** 32) throw new RangeError(`codes: expected at most 4 GiB, got ${bytes} bytes`)
    const missing = Math.ceil((bytes - this.#memory.buffer.byteLength) / WASM_PAGE)
    if (missing > 0) this.#memory.grow(missing)
  }

  /** Views are made anew for each use: growing the memory detaches them. */
  bytesAt(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, length)
  }

  wordsAt(address: number, length: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, address, length)
  }

  floatsAt(address: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, length)
  }
}

/** Bytes of a filter in whole words, and 8 of zeros behind it. */
function sizeOf(filter: Uint8Array): number {
  return Math.ceil(filter.length / 8) * 8 + 8
}
