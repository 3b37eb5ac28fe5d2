// Where photos lie, as far as duplicates are concerned: in which order of places they are kept,
// whether they are protected, and whether their drive or folder is there. Runs in the reader
// and in the thread of duplicates.
import { join } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { PhotoFacts } from '../../catalogue/duplicate-table.ts'
import { sharpnessOf } from '../../../model/retrieval.ts'
import { isInside, pathOf } from '../photo-paths.ts'
import type { Candidate } from './keeper.ts'

export interface Places {
  /** A photo as it is compared with others. */
  candidate(photo: PhotoFacts): Candidate
  /** It is asked for. */
  isAsked(path: string): boolean
  /** It lies in a folder, or on a drive, that is not there. */
  isAway(path: string): boolean
  isProtected(path: string): boolean
}

/** The places as they are now. @param preferred come before those that are stored */
export function placesOf(
  { duplicateDecisions, folders, mounts }: Catalogue,
  { within, preferred = [] }: {
    within?: string | undefined
    preferred?: readonly string[] | undefined
  } = {}
): Places {
  const stored = duplicateDecisions
    .places()
    .map(({ root, directory, ...place }) => ({ ...place, path: join(root, directory) }))
  const order = [...preferred, ...stored.map(({ path }) => path)]
  const guarded = stored.filter((place) => place.isProtected).map(({ path }) => path)
  const away = folders.list().flatMap(({ id, path, present }) => {
    if (!present) return [path]
    const drives = mounts.ofFolder(id).filter((drive) => drive.away)
    return drives.map(({ directory }) => join(path, directory))
  })
  const isIn = (all: readonly string[]) => (path: string) => all.some((one) => isInside(path, one))
  const isProtected = isIn(guarded)
  return {
    candidate(photo) {
      const path = pathOf(photo)
      const place = order.findIndex((folder) => isInside(path, folder))
      const sharpness = sharpnessOf(photo.fingerprint)
      const rank = place < 0 ? order.length : place
      return { ...photo, path, preferred: rank, isProtected: isProtected(path), sharpness }
    },
    isAsked: (path) => within === undefined || isInside(path, within),
    isAway: isIn(away),
    isProtected
  }
}
