// What is said of albums. Pure; runs in the page.
import type { FolderInfo } from '../../main/wire/engine-records.ts'
import type { AskedAlbum } from './albums.svelte.ts'
import { subjectOf } from './question.ts'
import { count } from './words.ts'

/** Names that are told one by one. */
const TOLD = 3

/** "like 2 pictures, unlike 1 other, within favourites"; of a filter alone what it is. */
export function albumWords(
  { like, unlike }: { like: number; unlike: number },
  filter: readonly string[]
): string {
  const within = filter.join(', ')
  if (like === 0) return within
  const asked = `like ${like === 1 ? 'one picture' : count(like, 'picture')}`
  const others = unlike > 0 ? `, unlike ${count(unlike, 'other')}` : ''
  return `${asked}${others}${within && `, within ${within}`}`
}

/** Why an album has no photos, or what it is asked without; nothing where all is there. */
export function troubleOf(
  { name, question, filter, missing }: Omit<AskedAlbum, 'id'>,
  folders: readonly Pick<FolderInfo, 'id'>[]
): string | undefined {
  const isLost = filter.folder !== undefined && !folders.some(({ id }) => id === filter.folder)
  if (isLost)
    return `The folder that “${name}” is narrowed by is no longer in the library. Add it again, or remove the album.`
  if (missing.length === 0) return undefined
  const are = missing.length === 1 ? 'is' : 'are'
  const names = namesOf(missing)
  if (subjectOf(question))
    return `${names} ${are} no longer in the library: “${name}” is asked without until ${missing.length === 1 ? 'it is' : 'they are'} back.`
  return `“${name}” is asked with ${names}, which ${are} no longer in the library. Put one back into your folders, or remove the album.`
}

function namesOf(names: readonly string[]): string {
  const told = names.slice(0, TOLD).join(', ')
  return names.length > TOLD ? `${told} and ${names.length - TOLD} more` : told
}
