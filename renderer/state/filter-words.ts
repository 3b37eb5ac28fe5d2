// Filters in words, and dates as the date fields of the page write them. Pure; runs in the page.
import type { FolderInfo } from '../../main/wire/engine-records.ts'
import { FORMAT_NAMES } from '../../main/wire/filter.ts'
import type { Filter, Near } from '../../main/wire/filter.ts'
import { distance, placeWords } from './facts-words.ts'
import { count, day } from './words.ts'

const DAY = 86_400_000 // ms

/** What narrows, in the words of its chips. */
export function filterWords(filter: Filter, folders: readonly FolderInfo[]): string[] {
  const marks = [filter.favourites ? 'favourites' : '', leastRating(filter.rating)]
  const traits = traitWords(filter).map(({ words }) => words)
  return [placeName(filter, folders), dateWords(filter), ...marks, ...traits].filter(Boolean)
}

/** When photos are to have been taken, in words; nothing for any time. */
export function dateWords({ from, until }: Pick<Filter, 'from' | 'until'>): string {
  if (from !== undefined && until !== undefined) return span(from, until)
  if (from !== undefined) return `since ${day(from)}`
  return until === undefined ? '' : `until ${day(until - DAY)}`
}

/** The radii that are offered around a place, kilometres. */
export const RADII = [1, 10, 100] as const

/** What photos are to be, and each in words. */
export type Trait = 'camera' | 'format' | 'orientation' | 'megapixels' | 'placed' | 'near'

/** What of a filter says what photos are to be, each in the words of its chip. */
export function traitWords(filter: Filter): { trait: Trait; words: string }[] {
  const { camera, format, orientation, megapixels, placed, near } = filter
  const chips: [Trait, string | undefined][] = [
    ['format', format && FORMAT_NAMES[format]],
    ['orientation', orientation],
    ['megapixels', megapixels ? megapixelWords(megapixels) : undefined],
    ['placed', placed === undefined ? undefined : `${placed ? 'with' : 'without'} a place`],
    ['near', near && `${distance(near.kilometres)} around ${placeWords(near)}`],
    ['camera', camera]
  ]
  return chips.flatMap(([trait, words]) => (words ? [{ trait, words }] : []))
}

/** "5 megapixels or more". */
export function megapixelWords(least: number): string {
  return `${count(least, 'megapixel')} or more`
}

/** Whether two filters by place are the same. */
export function isSamePlace(one: Near | undefined, other: Near | undefined): boolean {
  return (
    one?.latitude === other?.latitude &&
    one?.longitude === other?.longitude &&
    one?.kilometres === other?.kilometres
  )
}

/** "★★★ and better"; nothing for any rating. */
function leastRating(least = 0): string {
  return least === 0 ? '' : `${'★'.repeat(least)}${least === 5 ? '' : ' and better'}`
}

/** The folder or directory that narrows, by its own name; nothing where none does. */
export function placeName(filter: Filter, folders: readonly FolderInfo[]): string {
  if (filter.folder === undefined) return ''
  const name = filter.directory?.split('/').at(-1)
  return name || (folders.find((folder) => folder.id === filter.folder)?.name ?? 'a folder')
}

function span(from: number, until: number): string {
  const last = until - DAY
  const [first, end] = [new Date(from), new Date(until)]
  const isYear = isStartOfYear(first) && isStartOfYear(end)
  if (isYear && end.getUTCFullYear() - first.getUTCFullYear() === 1)
    return String(first.getUTCFullYear())
  return from === last ? day(from) : `${day(from)} to ${day(last)}`
}

function isStartOfYear(date: Date): boolean {
  return date.getUTCMonth() === 0 && date.getUTCDate() === 1
}

/** The date of a date field ("2019-07-21") as a capture time; undefined for an empty field. */
export function startOf(field: string): number | undefined {
  const at = Date.parse(`${field}T00:00:00Z`)
  return Number.isNaN(at) ? undefined : at
}

/** The end of that day: the first moment that no longer belongs to it. */
export function endOf(field: string): number | undefined {
  const at = startOf(field)
  return at === undefined ? undefined : at + DAY
}

/** A start as a date field writes it; empty for none. */
export function fieldOf(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString().slice(0, 10)
}

/** An end, which the field shows as its last day. */
export function lastDayField(until: number | undefined): string {
  return until === undefined ? '' : fieldOf(until - DAY)
}

/** A year's first moment and the next year's. */
export function yearSpan(year: number): { from: number; until: number } {
  return { from: Date.UTC(year, 0, 1), until: Date.UTC(year + 1, 0, 1) }
}
