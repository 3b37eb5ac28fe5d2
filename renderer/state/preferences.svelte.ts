// What the person chose about the page itself, kept in the page's own storage. Runs in the page.
import * as v from 'valibot'
import { SIZES } from './grid.svelte.ts'

const KEY = 'kindred.preferences'
const Stored = v.object({
  size: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(SIZES.length - 1)),
  strictness: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.5),
  fold: v.optional(v.boolean(), true),
  info: v.optional(v.boolean(), false)
})

/** Choices that outlive the window. */
export class Preferences {
  /** Which of SIZES the tiles have. */
  #size = $state(3)
  #strictness = $state(0.5)
  #fold = $state(true)
  #info = $state(false)

  constructor() {
    const stored = v.safeParse(v.pipe(v.string(), v.parseJson(), Stored), localStorage.getItem(KEY))
    if (!stored.success) return
    this.#size = stored.output.size
    this.#strictness = stored.output.strictness
    this.#fold = stored.output.fold
    this.#info = stored.output.info
  }

  get size(): number {
    return this.#size
  }

  set size(size: number) {
    this.#size = Math.max(0, Math.min(SIZES.length - 1, size))
    this.#keep()
  }

  /** 0: kin are of the same kind; 1: they show the same thing. */
  get strictness(): number {
    return this.#strictness
  }

  set strictness(strictness: number) {
    this.#strictness = Math.max(0, Math.min(1, strictness))
    this.#keep()
  }

  /** Near-identical pictures are one of the kin. */
  get fold(): boolean {
    return this.#fold
  }

  set fold(fold: boolean) {
    this.#fold = fold
    this.#keep()
  }

  /** All that is known of the large photo is told beside it. */
  get showsInfo(): boolean {
    return this.#info
  }

  set showsInfo(showsInfo: boolean) {
    this.#info = showsInfo
    this.#keep()
  }

  #keep(): void {
    const kin = { strictness: this.#strictness, fold: this.#fold }
    const chosen = { size: this.#size, ...kin, info: this.#info }
    localStorage.setItem(KEY, JSON.stringify(chosen))
  }
}
