// What a command is. Runs in the page.
import type { IconName } from '../parts/icon-paths.ts'
import type { Kindred } from './kindred.svelte.ts'
import type { Target } from './target.ts'

export const GROUPS = ['Photo', 'Rating', 'File', 'Selection', 'Compare', 'Duplicates', 'View', 'Go'] as const

export interface Command {
  id: string
  name: string
  group: (typeof GROUPS)[number]
  /** The first are shown; the others do the same. */
  keys: readonly string[]
  icon?: IconName
  /** It is for photos, so it is in their menu. */
  isOfPhotos: boolean
  applies(kindred: Kindred, target: Target): boolean
  run(kindred: Kindred, target: Target): unknown
}

type Row = Pick<Command, 'id' | 'name' | 'run'> & Partial<Command>

/** It is done with some photos. */
const ofSome = (_: Kindred, { ids }: Target): boolean => ids.length > 0
/** It is done with one photo. */
export const ofOne = (_: Kindred, { ids }: Target): boolean => ids.length === 1

/** A command for photos. */
export const photo = (row: Row): Command => ({
  keys: [],
  group: 'Photo',
  isOfPhotos: true,
  applies: ofSome,
  ...row
})

/** A command for the files of photos. */
export const file = (row: Row): Command => photo({ group: 'File', ...row })

/** A command for the page. */
export const page = (row: Row): Command => ({
  keys: [],
  group: 'View',
  isOfPhotos: false,
  applies: () => true,
  ...row
})
