// The photos that are selected in the grid. Runs in the page.
import { SvelteSet } from 'svelte/reactivity'

/** A set of photo ids, with the one that a range begins at. */
export class Selection {
  #ids = new SvelteSet<number>()
  #anchor = 0

  get size(): number {
    return this.#ids.size
  }

  has(id: number): boolean {
    return this.#ids.has(id)
  }

  /** In the order they were selected. */
  list(): number[] {
    return [...this.#ids]
  }

  toggle(id: number): void {
    this.#anchor = id
    if (!this.#ids.delete(id)) this.#ids.add(id)
  }

  /** Selects all from the one last toggled to this one, in the order of the grid. */
  extend(id: number, order: Uint32Array): void {
    const to = order.indexOf(id)
    const from = order.indexOf(this.#anchor)
    if (to < 0) return
    const first = from < 0 ? to : Math.min(from, to)
    const last = from < 0 ? to : Math.max(from, to)
    for (const one of order.subarray(first, last + 1)) this.#ids.add(one)
  }

  /** Selects every photo of the grid. */
  all(order: Uint32Array): void {
    for (const id of order) this.#ids.add(id)
    this.#anchor = order[0] ?? 0
  }

  /**
   * Selects from the one where this began to another, in the order of the grid, and nothing else;
   * `from` is where it begins if nothing was selected before.
   */
  range(from: number, id: number, order: Uint32Array): void {
    const anchor = this.#ids.size > 0 && this.#anchor > 0 ? this.#anchor : from
    this.#ids.clear()
    this.#anchor = anchor
    this.extend(id, order)
  }

  /** Selects these no more: they are gone. */
  drop(ids: readonly number[]): void {
    for (const id of ids) this.#ids.delete(id)
  }

  clear(): void {
    this.#ids.clear()
    this.#anchor = 0
  }
}
