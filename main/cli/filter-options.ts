// What narrows the kin on the command line: options, and the filter that they make.
import * as v from 'valibot'
import type { LibraryAnswers } from '../engine/api.ts'
import { Fault } from '../wire/fault.ts'
import { FORMAT_NAMES, Filter, ORIENTATIONS } from '../wire/filter.ts'
import type { Command } from './parser.ts'

/** The options, as they are given. */
export const FilterOptions = v.object({
  within: v.optional(v.string()),
  from: v.optional(v.string()),
  until: v.optional(v.string()),
  favourites: v.optional(v.boolean(), false),
  rating: v.optional(v.string()),
  camera: v.optional(v.string()),
  kind: v.optional(v.string()),
  orientation: v.optional(v.string()),
  leastMegapixels: v.optional(v.string()),
  near: v.optional(v.string())
})
type FilterOptions = v.InferOutput<typeof FilterOptions>

/** Adds them to a command. */
export function withFilter(command: Command): Command {
  return command
    .option('--within <folder>', 'only photos below this folder of the library')
    .option('--from <date>', 'only photos taken on this day, month or year (2024-05-01) or later')
    .option('--until <date>', 'only photos taken on this day, month or year or earlier')
    .option('--favourites', 'only favourites')
    .option('--rating <stars>', 'only photos with so many stars, 1 to 5, or more')
    .option('--camera <name>', 'only photos by this camera, named as status names it')
    .option('--kind <format>', `only files of this kind: ${Object.keys(FORMAT_NAMES).join(', ')}`)
    .option('--orientation <shape>', `only photos of this shape: ${ORIENTATIONS.join(', ')}`)
    .option('--least-megapixels <n>', 'only photos of so many megapixels or more')
    .option('--near <place>', 'only photos taken near a place: latitude,longitude,kilometres')
}

/** The filter that they make. Throws Fault bad-argument. */
export async function filterOf(answers: LibraryAnswers, given: FilterOptions): Promise<Filter> {
  const { camera, kind, orientation, leastMegapixels, near, rating } = given
  return {
    ...(given.within !== undefined && (await answers.filterOf(given.within))),
    ...(given.from !== undefined && { from: periodOf('--from', given.from).from }),
    ...(given.until !== undefined && { until: periodOf('--until', given.until).until }),
    ...(given.favourites && { favourites: true }),
    ...(rating !== undefined && {
      rating: part('rating', '--rating', numberOf(rating), 'a number of stars from 1 to 5', rating)
    }),
    ...(camera !== undefined && { camera: cameraOf(answers, camera) }),
    ...(kind !== undefined && {
      format: part('format', '--kind', kind.toLowerCase(), Object.keys(FORMAT_NAMES).join(', '), kind)
    }),
    ...(orientation !== undefined && {
      orientation: part(
        'orientation', '--orientation', orientation, ORIENTATIONS.join(', '), orientation
      )
    }),
    ...(leastMegapixels !== undefined && {
      megapixels: part(
        'megapixels', '--least-megapixels', numberOf(leastMegapixels), 'a number', leastMegapixels
      )
    }),
    ...(near !== undefined && { near: nearOf(near) })
  }
}

/** A part of the filter, if it is one. */
function part<K extends keyof Filter>(
  name: K,
  option: string,
  value: unknown,
  expected: string,
  received: string
): NonNullable<Filter[K]> {
  const parsed = v.safeParse(Filter, { [name]: value })
  const found = parsed.success ? parsed.output[name] : undefined
  if (found === undefined || found === null) throw badOption(option, expected, received)
  return found
}

/** A camera of the library, in whatever capitals it is written. */
function cameraOf(answers: LibraryAnswers, name: string): string {
  const cameras = answers.status().cameras.map(({ camera }) => camera)
  const found = cameras.find((one) => one.toLowerCase() === name.trim().toLowerCase())
  if (found !== undefined) return found
  const expected = cameras.length > 0 ? `one of ${cameras.join(', ')}` : 'a camera of the library'
  throw badOption('--camera', expected, name)
}

function nearOf(text: string): NonNullable<Filter['near']> {
  const [latitude, longitude, kilometres, ...more] = text.split(',').map(numberOf)
  const near = more.length === 0 ? { latitude, longitude, kilometres } : undefined
  const expected = 'latitude, longitude and kilometres, as 48.137,11.575,10'
  return part('near', '--near', near, expected, text)
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

/** First ms of a day, month or year, and the first after it; times of photos are local, as UTC. */
function periodOf(option: string, text: string): { from: number; until: number } {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text) ?? []
  if (year === undefined || Number.isNaN(Date.parse(text)))
    throw badOption(option, 'a date as 2024, 2024-05 or 2024-05-01', text)
  const [y, m, d] = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)]
  const until =
    month === undefined
      ? Date.UTC(y + 1, 0)
      : day === undefined
        ? Date.UTC(y, m + 1)
        : Date.UTC(y, m, d + 1)
  return { from: Date.UTC(y, m, d), until }
}

/** What is wrong with the value of an option. */
export function badOption(subject: string, expected: string, received: string): Fault {
  return new Fault({ kind: 'bad-argument', subject, expected, received })
}
