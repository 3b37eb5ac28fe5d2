// What the accuracy bench trains: the grid, and one list of jobs. Pure.
import type { Setting } from '../../../model/learning.ts'
import type { Folder, Grid, Job } from './jobs.ts'

const neighbours = (
  name: string,
  temperature: number,
  neighbourShare: number,
  similarityRatio: number
): Grid => ({
  name,
  loss: 'spq',
  pairs: 'neighbours',
  temperature,
  neighbourShare,
  similarityRatio
})

/** Settings beside the app's own choice. Names stand in the table. */
export const GRIDS: Record<string, readonly Grid[]> = {
  none: [],
  /** The app's own candidates, and the papers' pairs. */
  small: [
    { ...neighbours('papers', 0.2, 0, 2), pairs: 'views' },
    neighbours('views', 0.2, 0, 0.85),
    neighbours('a', 0.15, 0.5, 0.92),
    neighbours('b', 0.2, 0.5, 0.92),
    neighbours('c', 0.2, 0.8, 0.85),
    neighbours('d', 0.3, 0.8, 0.85)
  ]
}
GRIDS.large = [
  ...(GRIDS.small ?? []),
  neighbours('fine', 0.1, 0.5, 0.92),
  neighbours('near', 0.2, 0.8, 0.9),
  neighbours('b90', 0.2, 0.5, 0.9),
  neighbours('wide', 0.25, 0.8, 0.85),
  { ...neighbours('c-local', 0.2, 0.8, 0.85), local: { groups: 32, members: 8, near: 50 } },
  { ...neighbours('c-sscq', 0.2, 0.8, 0.85), loss: 'sscq' }
]

/** A setting in a few signs. */
export function textOf(setting: Setting): string {
  const { pairs, temperature, neighbourShare, similarityRatio, loss } = setting
  const share = pairs === 'views' ? 0 : neighbourShare
  const name = loss === 'spq' ? '' : 'sscq '
  return `${name}temperature ${temperature} neighbours ${share} ratio ${similarityRatio}`
}

export interface Wanted {
  folders: readonly Folder[]
  bits: readonly Job['bits'][]
  seeds: readonly number[]
  grid: readonly Grid[]
}

/** Each folder as a library, and all of them as one, if there are several. */
export function librariesOf(folders: readonly Folder[]): Folder[][] {
  const alone = folders.map((folder) => [folder])
  return folders.length > 1 ? [...alone, [...folders]] : alone
}

/**
 * All jobs, seed by seed, so that what is done early says something of everything; those of one
 * library, bits and seed follow each other, so that its data is read once.
 */
export function jobsOf({ folders, bits, seeds, grid }: Wanted): Job[] {
  const trains: Job['train'][] = ['start', 'automatic', ...grid]
  return seeds.flatMap((seed) =>
    librariesOf(folders).flatMap((library) =>
      bits.flatMap((each) =>
        trains.map((train) => ({ folders: library, bits: each, seed, train }))
      )
    )
  )
}
