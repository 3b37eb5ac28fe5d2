// Dates as cameras and programs spell them in metadata. Pure. A spelling that leaves a doubt, the
// day before the month say, is no date.
import { hourOf, moment } from '../wire/photo-date.ts'

type Three = [number, number, number]

const DATE = /^(\d{4})[\s:/.-]+(\d{1,2})[\s:/.-]+(\d{1,2})(?!\d)/
const COMPACT_DATE = /^(\d{4})(\d\d)(\d\d)(?=$|\D|\d{4}(?:\d\d)?(?!\d))/
const NAMED_DATE = /^(?:[a-z]{3,9}\.?,?\s+)?(\d{1,2})\s+([a-z]{3})[a-z]*\.?,?\s+(\d{4})(?!\d)/i
// The sign between hour and minute stands before the second, too: else a time zone follows.
const SECOND = String.raw`\s*\k<sign>\s*(?<second>\d{1,2})(?:[.,](?<digits>\d+))?`
const TIME = new RegExp(
  String.raw`^(?<hour>\d{1,2})\s*(?<sign>[:.-])\s*(?<minute>\d{1,2})(?:${SECOND})?(?!\d)\s*` +
    '(?<half>am|pm)?',
  'i'
)
const COMPACT_TIME = 
  /^(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)?(?:[.,](?<digits>\d+))?(?!\d)/
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/**
 * The moment that a text names, as the clock showed it that wrote it: a time zone in the text
 * changes nothing. `fraction`: the digits of a fraction of its second. Null for none.
 */
export function parseDateText(text: unknown, fraction?: unknown): number | null {
  if (typeof text !== 'string') return null
  const trimmed = text.replaceAll('\0', '').trim()
  const date = dateOf(trimmed)
  if (!date) return null
  const rest = date.rest.replace(/^[\sT:,_-]+/i, '')
  if (!/\d/.test(rest)) return moment(date.day) // no time, or blanks in its place
  const parts = (TIME.exec(rest) ?? COMPACT_TIME.exec(rest))?.groups
  if (!parts) return null
  const { hour, minute, second = 0, digits = digitsOf(fraction), half } = parts
  const ms = digits ? Math.floor(Number(`0.${digits}`) * 1000) : 0
  const hours = hourOf(Number(hour), halfOf(half))
  return moment(date.day, [hours, Number(minute), Number(second), ms])
}

function dateOf(text: string): { day: Three; rest: string } | undefined {
  const parts = DATE.exec(text) ?? COMPACT_DATE.exec(text)
  if (parts) {
    const day: Three = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
    return { day, rest: text.slice(parts[0].length) }
  }
  const named = NAMED_DATE.exec(text)
  if (!named) return undefined
  const month = MONTHS.indexOf((named[2] ?? '').toLowerCase()) + 1
  const day: Three = [Number(named[3]), month, Number(named[1])]
  return { day, rest: text.slice(named[0].length) }
}

function digitsOf(fraction: unknown): string | undefined {
  return typeof fraction === 'string' ? /^\s*(\d+)/.exec(fraction)?.[1] : undefined
}

function halfOf(text: string | undefined): 'am' | 'pm' | undefined {
  const half = text?.toLowerCase()
  return half === 'am' || half === 'pm' ? half : undefined
}
