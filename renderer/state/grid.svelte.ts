// What of the library is in view: the rows, the place scrolled to, the photo that has the focus.
// Runs in the page. It keeps its place over any change of width, tile size or library; it does not
// touch the DOM: the component writes `elementTop` to the element and reports its scrolling.
//
// [Note: own window] The rows' tops are known exactly, which a list library has no use for: virtua
// (used for the list of failures) guesses each row's height and measures it when it is shown, so
// the scrollbar and the place kept are only near; and it lays out one box of the full height, which
// ends at 2^25 pixels, before the half of a million photos in a narrow window.

import { untrack } from 'svelte'
import { nameAt } from '../../main/wire/thumbnail.ts'
import {
  NO_ROWS,
  layRows,
  rowAt,
  rowCount,
  rowHeight,
  rowOf,
  stepFrom,
  totalHeight
} from './rows.ts'
import type { Rows, Step } from './rows.ts'
import * as scroll from './scroll.ts'
import { NO_LAYOUT } from './library.svelte.ts'
import type { Layout } from './library.svelte.ts'

export const GAP = 6 // pixels between tiles
const EDGE = 12 // pixels above the first row and below the last
/** Row heights to choose from, pixels. */
export const SIZES = [88, 120, 160, 210, 280, 380] as const
/** In a narrow window rows are lower: this share of its width at most. */
const TALLEST = 0.3
/** This share of the viewport is kept ready above and below it. */
const AHEAD = 0.75
/** Faster than this, pictures that fly by are not loaded. */
const HURRY = 8 // pixels a millisecond
const HURRY_ENDS = 60 // ms without scrolling
const SCROLLING_ENDS = 900 // ms without scrolling

/** Rows, place and focus of the grid; sizes and places in CSS pixels. */
export class Grid {
  #layout = $state.raw<Layout>(NO_LAYOUT)
  #rows = $state.raw<Rows>(NO_ROWS)
  #width = 0
  #target = 210
  #viewport = $state(0)
  #place = $state(0) // content pixels above the viewport
  #top = $state(0) // the element's scroll position that stands for it
  #focused = $state(0) // photo id
  #isHurried = $state(false)
  #isScrolling = $state(false)
  #lastScroll = 0
  #calm: ReturnType<typeof setTimeout> | undefined
  #rest: ReturnType<typeof setTimeout> | undefined

  get ids(): Uint32Array {
    return this.#layout.ids
  }

  get aspects(): Float32Array {
    return this.#layout.aspects
  }

  /** What the thumbnail of the photo at a place in the library is called. */
  thumbnailAt(place: number): string | undefined {
    return nameAt(this.#layout.thumbnails, place)
  }

  get rows(): Rows {
    return this.#rows
  }

  /** Height of the element that holds the rows, CSS pixels. */
  height = $derived(scroll.elementHeight(this.#total()))
  /** Where the component must put the element's scroll position. */
  elementTop = $derived(this.#top)
  /**
   * Rows to be shown, with some above and below the viewport. The focused photo's row is among
   * them.
   */
  shown = $derived.by(() => {
    const rows = this.#rows
    if (rowCount(rows) === 0 || this.#viewport === 0) return []
    const ahead = this.#viewport * AHEAD
    const first = rowAt(rows, this.#place - EDGE - ahead)
    const last = rowAt(rows, this.#place - EDGE + this.#viewport + ahead)
    const shown = Array.from({ length: last - first + 1 }, (_, i) => first + i)
    const kept = this.focusedIndex < 0 ? first : rowOf(rows, this.focusedIndex)
    if (kept < first) shown.unshift(kept)
    if (kept > last) shown.push(kept)
    return shown
  })
  /** The photos in view: first, and one past the last. */
  inView = $derived.by((): [number, number] => {
    const rows = this.#rows
    if (rowCount(rows) === 0) return [0, 0]
    const first = rowAt(rows, this.#place - EDGE)
    const last = rowAt(rows, this.#place - EDGE + this.#viewport)
    return [rows.starts[first] ?? 0, rows.starts[last + 1] ?? 0]
  })
  focusedIndex = $derived(this.#layout.ids.indexOf(this.#focused))

  /** The photo that the Tab key leads to. */
  get focused(): number {
    return this.#focused
  }

  /** The scrollbar is being dragged: what flies by is not worth loading. */
  get isHurried(): boolean {
    return this.#isHurried
  }

  /** The person is scrolling, or was just now. */
  get isScrolling(): boolean {
    return this.#isScrolling
  }

  /** Where a row lies in the element, pixels from its top. */
  rowTop(row: number): number {
    return (this.#rows.tops[row] ?? 0) + EDGE + this.#top - this.#place
  }

  // These three are called in effects, which must not run again for what they change.
  setLayout(layout: Layout): void {
    untrack(() => {
      const after = this.#layout.ids.subarray(Math.max(this.focusedIndex, 0))
      this.#relay(layout, this.#width, this.#target)
      if (this.focusedIndex < 0) this.#focused = firstOf(after, layout.ids)
    })
  }

  setSize(width: number, viewport: number): void {
    untrack(() => {
      this.#viewport = viewport
      if (width !== this.#width) this.#relay(this.#layout, width, this.#target)
      else this.#put(this.#place)
    })
  }

  setTarget(target: number): void {
    untrack(() => {
      if (target !== this.#target) this.#relay(this.#layout, this.#width, target)
    })
  }

  /** The element was scrolled by the person (or has echoed what was written to it). */
  scrolled(top: number): void {
    if (Math.abs(top - this.#top) < 1) return
    const span = this.#span()
    const place = scroll.placeAfter(span, this.#place, this.#top, top)
    const now = performance.now()
    const elapsed = Math.max(1, now - this.#lastScroll)
    this.#isHurried = elapsed < 200 && Math.abs(place - this.#place) > HURRY * elapsed
    this.#lastScroll = now
    this.#isScrolling = true
    clearTimeout(this.#rest)
    this.#rest = setTimeout(() => (this.#isScrolling = false), SCROLLING_ENDS)
    clearTimeout(this.#calm)
    this.#calm = setTimeout(() => this.#settle(), HURRY_ENDS)
    this.#place = place
    this.#top = scroll.isOffTrack(span, place, top) ? scroll.elementTop(span, place) : top
  }

  focus(id: number): void {
    this.#focused = id
  }

  /** Moves the focus a step and scrolls so that it can be seen. Returns the photo's id. */
  step(step: Step): number {
    const index = stepFrom(
      this.#rows,
      this.aspects,
      Math.max(0, this.focusedIndex),
      step,
      this.#viewport
    )
    this.#focused = this.ids[index] ?? 0
    this.reveal(index)
    return this.#focused
  }

  /** Scrolls as little as is needed for a photo to be wholly in view. */
  reveal(index: number): void {
    const row = rowOf(this.#rows, index)
    const top = (this.#rows.tops[row] ?? 0) + EDGE
    const bottom = top + rowHeight(this.#rows, row)
    if (top - EDGE < this.#place) this.#put(top - EDGE)
    else if (bottom + EDGE > this.#place + this.#viewport) this.#put(bottom + EDGE - this.#viewport)
  }

  /** Scrolls to a photo that is wholly out of view; one that is cut stays where it is. */
  revealHidden(index: number): void {
    const [first, end] = this.inView
    if (index >= 0 && (index < first || index >= end)) this.reveal(index)
  }

  /** The Tab key leads to what is in view, wherever one scrolled by other means. */
  focusWhatIsInView(): void {
    const [first, end] = this.inView
    if (this.focusedIndex < first || this.focusedIndex >= end) {
      const row = rowOf(this.#rows, first)
      const isCut = (this.#rows.tops[row] ?? 0) + EDGE < this.#place
      const next = this.#rows.starts[row + 1] ?? 0
      this.#focused = this.ids[isCut && next < end ? next : first] ?? 0
    }
  }

  #total(): number {
    return totalHeight(this.#rows) + 2 * EDGE
  }

  #span(): scroll.Span {
    return { total: this.#total(), viewport: this.#viewport }
  }

  #put(place: number): void {
    const span = this.#span()
    this.#place = Math.round(scroll.clamp(place, span))
    this.#top = Math.round(scroll.elementTop(span, this.#place))
  }

  #settle(): void {
    this.#isHurried = false
    this.#put(this.#place)
  }

  /** Lays the rows anew and keeps the photo that is first in view where it was. */
  #relay(layout: Layout, width: number, target: number): void {
    const row = rowAt(this.#rows, this.#place - EDGE)
    const id = this.ids[this.#rows.starts[row] ?? 0]
    const above = this.#place - EDGE - (this.#rows.tops[row] ?? 0)
    const share = above / Math.max(1, rowHeight(this.#rows, row))
    const isAtTop = this.#place < 1
    const isOther = layout.filter !== this.#layout.filter
    this.#layout = layout
    this.#width = width
    this.#target = target
    const height = Math.min(target, width * TALLEST)
    this.#rows = width > 0 ? layRows(layout.aspects, width, height, GAP) : NO_ROWS
    const index = isAtTop || id === undefined ? -1 : layout.ids.indexOf(id)
    const next = rowOf(this.#rows, Math.max(0, index))
    const top = (this.#rows.tops[next] ?? 0) + EDGE
    const within = Math.min(share, 1) * rowHeight(this.#rows, next)
    // If the photo is gone, the place in pixels is the best that is known; what another filter
    // shows begins at its top.
    if (isAtTop || (isOther && index < 0)) this.#put(0)
    else this.#put(index < 0 ? this.#place : top + within)
  }
}

/** The first of some photos that is among others, or else the first of those; 0 for none. */
function firstOf(some: Uint32Array, others: Uint32Array): number {
  const there = new Set(others)
  return some.find((id) => there.has(id)) ?? others[0] ?? 0
}
