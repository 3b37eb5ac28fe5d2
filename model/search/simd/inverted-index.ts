// The index of a library that may grow to millions of codes: the flat one until there are so many,
// then inverted lists, which miss a few of the nearest in return for a fraction of the time.
import type { Codebooks } from '../../quant/codes.ts'
import type { CodeIndex, Matches, SearchOptions } from '../code-index.ts'
import { giveWayOnce, type GiveWay } from './give-way.ts'
import { FlatIndex } from './flat-index.ts'
import type { Kernels } from './kernel.ts'
import { InvertedLists } from './inverted-lists.ts'
import { makeLists } from './make-lists.ts'

export interface InvertedOptions {
  /**
   * Codes from which on there are lists. The `append` that reaches it begins to make them, of all
   * codes that there are when its caller next waits for something; one that doubles them begins to
   * make them anew: so codes that came in the order of time, or of what they show, do not end in
   * the lists of the first of them. Until lists are made, what was there before goes on answering.
   */
  from?: number // default 2,000,000
  /** Lists; by default about a third of the square root of the codes. */
  lists?: number
  /** Lists that a search looks through; more find more (see the search bench for shares found). */
  probes?: number // default 32
  seed?: number
  /** Called after each part of making lists, some milliseconds long; by default `setImmediate`. */
  giveWay?: GiveWay
  /**
   * Told why lists could not be made (there was no room, say): what was there before goes on, and
   * they are tried again when the codes have doubled. By default nobody catches the error.
   */
  onFailure?: (error: unknown) => void
}

/** An index that is exact below `from` codes and approximate from there on. */
export class InvertedIndex implements CodeIndex {
  readonly M: number
  readonly #kernels: Kernels
  readonly #codebooks: Codebooks
  readonly #options: InvertedOptions & { from: number; probes: number }
  readonly #origin: number | undefined
  #index: FlatIndex | InvertedLists
  #making: Promise<void> | undefined
  #madeOf = 0 // codes when lists were made, or begun

  /** `origin`: where the first code lies; above its default only to test far addresses. */
  constructor(
    kernels: Kernels,
    codebooks: Codebooks,
    options: InvertedOptions = {},
    origin?: number
  ) {
    this.M = codebooks.M
    this.#kernels = kernels
    this.#codebooks = codebooks
    this.#options = { from: 2_000_000, probes: 32, ...options }
    this.#origin = origin
    this.#index = new FlatIndex(kernels, codebooks.M, origin)
  }

  get size(): number {
    return this.#index.size
  }

  get bytes(): number {
    return this.#index.bytes
  }

  /** Exact distances that the last search computed. */
  get evaluations(): number {
    return this.#index.store.kernel.evaluations()
  }

  /** Whether searches are approximate: lists were made. */
  get isInverted(): boolean {
    return this.#index instanceof InvertedLists
  }

  /** Codes that the last search looked through; the time it took depends on them. */
  get scanned(): number {
    return this.#index instanceof InvertedLists ? this.#index.scanned : this.size
  }

  /** Lists that a search looks through from now on. */
  set probes(probes: number) {
    this.#options.probes = probes
    if (this.#index instanceof InvertedLists) this.#index.probes = probes
  }

  /** Resolves when no lists are being made: at once where there are none to make. */
  async settled(): Promise<void> {
    while (this.#making) await this.#making
  }

  append(ids: Uint32Array, codes: Uint8Array): void {
    this.#index.append(ids, codes)
    this.#makeWhereDue()
  }

  remove(ids: Uint32Array): void {
    this.#index.remove(ids)
  }

  search(table: Float32Array, k: number, options?: SearchOptions): Matches {
    return this.#index.search(table, k, options)
  }

  #makeWhereDue(): void {
    if (this.#making || this.size < Math.max(this.#options.from, 2 * this.#madeOf)) return
    this.#madeOf = this.size // where it fails, too
    const { onFailure } = this.#options
    const made = onFailure ? this.#make().catch(onFailure) : this.#make()
    this.#making = made.finally(() => {
      this.#making = undefined
      this.#makeWhereDue() // the codes may have doubled meanwhile
    })
  }

  async #make(): Promise<void> {
    const { probes, seed = 1, giveWay = giveWayOnce } = this.#options
    await giveWay()
    this.#madeOf = this.size
    const options = {
      kernels: this.#kernels,
      codebooks: this.#codebooks,
      lists: this.#options.lists ?? Math.sqrt(this.size) / 3,
      seed,
      probes,
      origin: this.#origin,
      giveWay
    }
    await makeLists(this.#index, options, (lists) => {
      lists.probes = this.#options.probes // another may have been asked for meanwhile
      this.#index = lists
    })
  }
}
