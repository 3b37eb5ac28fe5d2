// When the photos of the library were taken, as bars over equal stretches of time. Pure; runs in
// the page.
import type { Month } from '../../../main/wire/engine-records.ts'
import type { Filter } from '../../../main/wire/filter.ts'
import { monthRange } from '../words.ts'

/** A stretch of whole months, as capture times: `until` is the first moment after it. */
export interface TimeBar {
  from: number
  until: number
  photos: number
  /** "March 2019", "January – March 2019", "2019", "2010 – 2019". */
  words: string
}

/** Bars from one to before another. */
export interface BarRange {
  first: number
  end: number
}

/** Months in a bar. All divide a century, so that bars begin where people count from. */
const STEPS = [1, 3, 12, 24, 60, 120, 240, 600, 1200]

/** Months since the year 0. */
function placeOf({ year, month }: Month): number {
  return year * 12 + month - 1
}

function startOfMonth(place: number): number {
  const at = new Date(0)
  at.setUTCFullYear(Math.floor(place / 12), place % 12, 1) // Date.UTC takes the year 70 for 1970
  return at.getTime()
}

/** Months in a row, from the first, in words. */
function words(first: number, months: number): string {
  const [year, last] = [Math.floor(first / 12), first + months - 1]
  if (months === 12) return String(year)
  return months < 12
    ? monthRange(startOfMonth(first), startOfMonth(last))
    : `${year} – ${Math.floor(last / 12)}`
}

/**
 * Bars from the first month that holds photos to the last, of the fewest months each with which
 * there are at most so many; those without photos, too.
 * @param months in any order; of those that are there twice the photos are added up
 */
export function timeBars(months: readonly Month[], most: number): TimeBar[] {
  const places = months.map(placeOf)
  const [oldest, newest] = [Math.min(...places), Math.max(...places)]
  if (places.length === 0) return []
  const barOf = (place: number, step: number): number => Math.floor(place / step)
  const amount = (step: number): number => barOf(newest, step) - barOf(oldest, step) + 1
  const step = STEPS.find((step) => amount(step) <= most) ?? STEPS.at(-1)!
  const bars = Array.from({ length: amount(step) }, (_, i) => {
    const first = (barOf(oldest, step) + i) * step
    const [from, until] = [startOfMonth(first), startOfMonth(first + step)]
    return { from, until, photos: 0, words: words(first, step) }
  })
  for (const [i, place] of places.entries())
    bars[barOf(place, step) - barOf(oldest, step)]!.photos += months[i]!.photos
  return bars
}

/** When photos are to have been taken; undefined where that does not matter. */
export interface Dates {
  from: number | undefined
  until: number | undefined
}

export const NO_DATES: Dates = { from: undefined, until: undefined }

/** Those of a filter. */
export function datesIn({ from, until }: Filter): Dates {
  return { from, until }
}

/** The bars that dates reach; all where there are none. */
export function rangeOf(bars: readonly TimeBar[], { from, until }: Dates): BarRange {
  const isWithin = (bar: TimeBar): boolean =>
    bar.until > (from ?? -Infinity) && bar.from < (until ?? Infinity)
  const first = Math.max(0, bars.findIndex(isWithin))
  return { first, end: first + bars.filter(isWithin).length }
}

/** The dates of some bars: without a start from the first bar on, without an end up to the last. */
export function datesOf(bars: readonly TimeBar[], { first, end }: BarRange): Dates {
  return {
    from: first > 0 ? bars[first]?.from : undefined,
    until: end < bars.length ? bars[end - 1]?.until : undefined
  }
}

/** Which bars have the word of their year beneath them: those with its first month, some apart. */
export function yearMarks(
  bars: readonly TimeBar[],
  apart: number
): { place: number; year: number }[] {
  const marks: { place: number; year: number }[] = []
  for (const [place, { from }] of bars.entries()) {
    const start = new Date(from)
    const isFirst = start.getUTCMonth() === 0
    const isApart = place - (marks.at(-1)?.place ?? -Infinity) >= apart
    const hasRoom = place + apart <= bars.length || marks.length === 0
    if (isFirst && isApart && hasRoom) marks.push({ place, year: start.getUTCFullYear() })
  }
  return marks
}
