// What the person chose about the page itself, kept in the page's own storage. Runs in the page.
import * as v from 'valibot'
import { SIZES } from './grid.svelte.ts'

const KEY = 'kindred.preferences'
const Stored = v.object({
  size: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(SIZES.length - 1))
})

/** Choices that outlive the window. */
export class Preferences {
  /** Which of SIZES the tiles have. */
  #size = $state(3)

  constructor() {
    const stored = v.safeParse(v.pipe(v.string(), v.parseJson(), Stored), localStorage.getItem(KEY))
    if (stored.success) this.#size = stored.output.size
  }

  get size(): number {
    return this.#size
  }

  set size(size: number) {
    this.#size = Math.max(0, Math.min(SIZES.length - 1, size))
    localStorage.setItem(KEY, JSON.stringify({ size: this.#size }))
  }
}
