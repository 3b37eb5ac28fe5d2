// When a photo was taken, and how that is known. All dates are what a clock showed: ms since 1970
// if that clock had shown UTC, so that photos of several cameras sort by the hour their takers saw.
// Pure.
import * as v from 'valibot'

/**
 * Where a date comes from: EXIF or XMP in the photo, an XMP file beside it, the file's name, or
 * the time at which the file was last written.
 */
const DATE_SOURCES = ['exif', 'xmp', 'sidecar', 'name', 'file'] as const
export const DateSource = v.picklist(DATE_SOURCES)
export type DateSource = v.InferOutput<typeof DateSource>

export const PhotoDate = v.object({
  at: v.number(), // ms since 1970, as a clock showed it
  source: DateSource
})
export type PhotoDate = v.InferOutput<typeof PhotoDate>

export const DAY = 86_400_000 // ms

/** The first photograph. */
const FIRST = Date.UTC(1826, 0)

/** The days that clocks start with which were never set. */
const UNSET = [Date.UTC(1904, 0), Date.UTC(1970, 0), Date.UTC(1980, 0)]
/** Instants of such a day are up to so much earlier on the clock of another time zone, ms. */
const ZONES = 14 * 3_600_000
/** The earliest time of file systems that count in 32 bits. */
const LEAST_32_BITS = -(2 ** 31) * 1000

/** What this computer's clock showed at an instant, ms since 1970. NaN for no instant. */
export function wallClockOf(instant: number): number {
  const date = new Date(instant)
  return Date.UTC(
    date.getFullYear(),
    date.getMonth(),
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
    date.getMilliseconds()
  )
}

/** True unless a date lies in the future, before photography, or is what an unset clock shows. */
export function isPlausible(at: number, now = Date.now()): boolean {
  if (!(at >= FIRST && at <= wallClockOf(now) + DAY)) return false
  return !UNSET.some((day) => at >= day - ZONES && at < day + DAY)
}

/** True for a date that will count once it has come: it lies more than a day ahead. */
export function isAhead(at: number, now = Date.now()): boolean {
  return Number.isFinite(at) && at > wallClockOf(now) + DAY
}

/** The time of a file that lies ahead, as a clock will show it; null for any other. */
export function fileAhead(modifiedAt: number, now = Date.now()): number | null {
  const at = wallClockOf(modifiedAt)
  return isAhead(at, now) ? at : null
}

/** The first of some times; null for none. */
export function earliest(...times: readonly (number | null)[]): number | null {
  const known = times.filter((at) => at !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** The date that the time of a file stands for, `modifiedAt` ms since 1970; null for none. */
export function fileDate(modifiedAt: number, now = Date.now()): number | null {
  const at = wallClockOf(modifiedAt)
  return modifiedAt > LEAST_32_BITS + DAY && isPlausible(at, now) ? at : null
}

/**
 * A moment by the parts a clock shows, month and day from 1; null where there is no such moment.
 */
export function moment(
  [year, month, day]: readonly [number, number, number],
  [hour, minute, second, ms]: readonly [number, number, number, number] = [0, 0, 0, 0]
): number | null {
  const time = Date.UTC(year, month - 1, day, hour, minute, second, ms)
  const date = new Date(time)
  // Date.UTC would carry a 13th month over, and takes the years 0 to 99 for 1900 to 1999.
  const exists =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day && date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute && second < 60
  return exists ? time : null
}

/** The hour on a clock of 24 by that of a clock of 12; NaN for one that it does not have. */
export function hourOf(hour: number, half: 'am' | 'pm' | undefined): number {
  if (half === undefined) return hour
  if (hour < 1 || hour > 12) return hour <= 23 && half === 'pm' ? hour : NaN
  return (hour % 12) + (half === 'pm' ? 12 : 0)
}
