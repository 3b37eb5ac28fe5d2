// The coarse quantizer of inverted lists: k-means of the reconstructions of codes, worked out on
// the codes alone. A centre is the mean of its codes' codewords, so it is known by how often they
// pick each codeword; distances to it are table entries that add up.
import { K, type Codebooks } from '../../quant/codes.ts'
import { seededRandom, type Random } from '../../quant/random.ts'
import { inParts, type GiveWay } from './give-way.ts'
import { FIRST_FREE, instantiate, type Kernel, type Kernels } from './kernel.ts'

const ROUNDS = 10
/** Codes that k-means looks at for each list. */
const SAMPLED = 64
/** Codes that are assigned at a time. */
const BATCH = 8192

/** Lists of codes that are near each other. */
export class CoarseQuantizer {
  /** A multiple of 16. */
  readonly lists: number
  readonly #codebooks: Codebooks
  readonly #kernel: Kernel
  readonly #memory: WebAssembly.Memory
  readonly #tablesAt = FIRST_FREE
  readonly #sharesAt: number
  readonly #codesAt: number
  readonly #outAt: number

  /** `lists` is rounded up to a multiple of 16. Nothing is assigned before `train`. */
  constructor(kernels: Kernels, codebooks: Codebooks, lists: number) {
    const { kernel, memory } = instantiate(kernels)
    this.lists = Math.ceil(lists / 16) * 16
    this.#codebooks = codebooks
    this.#kernel = kernel
    this.#memory = memory
    const entries = codebooks.M * K
    this.#sharesAt = this.#tablesAt + entries * this.lists * 2
    this.#codesAt = this.#sharesAt + entries * this.lists * 4
    this.#outAt = this.#codesAt + Math.max((BATCH * codebooks.M) / 2, entries * 4)
    const end = this.#outAt + Math.max(BATCH * 2, this.lists * 4)
    memory.grow(Math.ceil(end / 65536) - 1)
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength
  }

  /** k-means of codes [n, M/2], of which a sample is looked at. */
  async train(codes: Uint8Array, seed: number, giveWay: GiveWay): Promise<void> {
    const { M } = this.#codebooks
    const width = M / 2
    const n = codes.length / width
    const count = Math.min(n, SAMPLED * this.lists)
    const random = seededRandom(seed)
    const sample = new Uint8Array(count * width)
    for (let i = 0; i < count; i++) {
      const at = Math.floor(((i + random()) * n) / count) * width
      sample.set(codes.subarray(at, at + width), i * width)
    }
    // At first every centre is a code of the sample.
    const first = (i: number): number => (i < this.lists ? i : -1)
    let shares = await this.#sharesOf(sample, first, random, giveWay)
    for (let round = 0; round < ROUNDS; round++) {
      await this.#writeTables(shares, giveWay)
      const lists = await this.assignAll(sample, giveWay)
      shares = await this.#sharesOf(sample, (i) => lists[i]!, random, giveWay)
    }
    await this.#writeTables(shares, giveWay)
    this.#writeShares(shares)
  }

  /** The nearest list of each of many codes [n, M/2]. */
  async assignAll(codes: Uint8Array, giveWay: GiveWay): Promise<Uint16Array> {
    const width = this.#codebooks.M / 2
    const lists = new Uint16Array(codes.length / width)
    await inParts(lists.length, BATCH, giveWay, (from, to) =>
      lists.set(this.assign(codes.subarray(from * width, to * width)), from)
    )
    return lists
  }

  /** The nearest list of each code [n, M/2]. */
  assign(codes: Uint8Array): Uint16Array {
    const { M } = this.#codebooks
    const width = M / 2
    const lists = new Uint16Array(codes.length / width)
    for (let from = 0; from < lists.length; from += BATCH) {
      const count = Math.min(BATCH, lists.length - from)
      const part = codes.subarray(from * width, (from + count) * width)
      new Uint8Array(this.#memory.buffer, this.#codesAt, part.length).set(part)
      this.#kernel.assign(this.#codesAt, count, M, this.lists, this.#tablesAt, this.#outAt)
      lists.set(new Uint16Array(this.#memory.buffer, this.#outAt, count), from)
    }
    return lists
  }

  /**
   * The mean distance of each list's codes to the query of a table [M, 16]; a view that the next
   * call overwrites.
   */
  rank(table: Float32Array): Float32Array {
    new Float32Array(this.#memory.buffer, this.#codesAt, table.length).set(table)
    this.#kernel.rank(this.#codesAt, table.length, this.#sharesAt, this.lists, this.#outAt)
    return new Float32Array(this.#memory.buffer, this.#outAt, this.lists)
  }

  /** For each list and entry, the share of the list's codes that pick it, [lists, M * 16]. */
  async #sharesOf(
    sample: Uint8Array,
    listOf: (i: number) => number,
    random: Random,
    giveWay: GiveWay
  ): Promise<Float32Array> {
    const { M } = this.#codebooks
    const width = M / 2
    const n = sample.length / width
    const shares = new Float32Array(this.lists * M * K)
    const counts = new Uint32Array(this.lists)
    function add(i: number, list: number): void {
      counts[list]!++
      for (let m = 0; m < M; m++) {
        const codeword = (sample[i * width + (m >> 1)]! >> (4 * (m & 1))) & 15
        shares[(list * M + m) * K + codeword]!++
      }
    }
    await inParts(n, BATCH, giveWay, (from, to) => {
      for (let i = from; i < to; i++) if (listOf(i) >= 0) add(i, listOf(i))
    })
    counts.forEach((count, list) => {
      if (count === 0) add(Math.floor(random() * n), list) // an empty list begins anew
      const from = list * M * K
      for (let at = from; at < from + M * K; at++) shares[at]! /= Math.max(count, 1)
    })
    return shares
  }

  /** Distances of codewords to centres, u16 [M, 16, lists]: a code's add up to that to a list. */
  async #writeTables(shares: Float32Array, giveWay: GiveWay): Promise<void> {
    const { M } = this.#codebooks
    const distances = new Float32Array(M * K * this.lists)
    let mean = 0
    for (let m = 0; m < M; m++) {
      for (let list = 0; list < this.lists; list++) {
        const row = this.#distancesTo(this.#centreOf(shares, list, m), m)
        for (let k = 0; k < K; k++) distances[(m * K + k) * this.lists + list] = row[k]!
      }
      await giveWay()
    }
    for (let entry = 0; entry < M * K; entry++) {
      const row = distances.subarray(entry * this.lists, (entry + 1) * this.lists)
      const least = row.reduce((a, b) => Math.min(a, b))
      for (let list = 0; list < this.lists; list++) mean += row[list]! -= least
    }
    // A sum of mean entries is 16,000: nearest centres are far below, far ones may saturate.
    const scale = 16_000 / (mean / (K * this.lists) || 1)
    const tables = new Uint16Array(this.#memory.buffer, this.#tablesAt, distances.length)
    distances.forEach((distance, at) => (tables[at] = Math.min(65535, distance * scale)))
  }

  #centreOf(shares: Float32Array, list: number, m: number): Float64Array {
    const { M, L, values } = this.#codebooks
    const centre = new Float64Array(L)
    for (let k = 0; k < K; k++) {
      const share = shares[(list * M + m) * K + k]!
      if (share === 0) continue
      for (let l = 0; l < L; l++) centre[l]! += share * values[(m * K + k) * L + l]!
    }
    return centre
  }

  /** Squared distances of the codewords of codebook m to a point [L]. */
  #distancesTo(point: Float64Array, m: number): Float64Array {
    const { L, values } = this.#codebooks
    const row = new Float64Array(K)
    for (let k = 0; k < K; k++)
      for (let l = 0; l < L; l++) row[k]! += (point[l]! - values[(m * K + k) * L + l]!) ** 2
    return row
  }

  /** Shares as the kernel ranks by them, [lists / 16, M * 16, 16]. */
  #writeShares(shares: Float32Array): void {
    const entries = this.#codebooks.M * K
    const out = new Float32Array(this.#memory.buffer, this.#sharesAt, shares.length)
    for (let list = 0; list < this.lists; list++)
      for (let entry = 0; entry < entries; entry++)
        out[((list >> 4) * entries + entry) * 16 + (list & 15)] = shares[list * entries + entry]!
  }
}
