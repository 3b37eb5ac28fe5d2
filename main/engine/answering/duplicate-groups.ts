// Photos that are there more than once, in three views: equal files, the same picture in several
// versions, several shots of one moment. Runs in the reader; all of it was found before and is only
// looked up. A photo of one view comes into the next only if it is the one to keep.
//
// [Note: groups without chains] Where A is as B and B is as C, A and C may be different pictures.
// So a group is a photo to keep and those that are as it themselves: photos are taken best first,
// and each that is in no group yet begins one with all that are as it and in none.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { PhotoFacts } from '../../catalogue/duplicate-table.ts'
import { isInside, pathOf } from '../photo-paths.ts'
import { sharpnessOf } from '../../../model/retrieval.ts'
import { OF_COPIES, OF_SHOTS, OF_VERSIONS, bestFirst, reasonFor } from './keeper.ts'
import type { Candidate, Reason } from './keeper.ts'
import type { Search } from './search.ts'
import { shotsAlike } from './shots.ts'

export const KINDS = ['identical', 'same', 'bursts'] as const
/** Equal files; the same picture in other files; several shots of one moment. */
export type DuplicateKind = (typeof KINDS)[number]

/** Photos of which one would do. */
export interface DuplicateGroup {
  kind: DuplicateKind
  /** The one to keep comes first. */
  photos: Candidate[]
  reason: Reason
  /** What the files of the others take, bytes. */
  bytes: number
}

export interface DuplicateQuestion {
  /** Only photos below this path. */
  within?: string | undefined
  /** Paths of folders whose photos are kept rather than others, the first rather than the next. */
  preferred?: readonly string[] | undefined
}

/** Photos whose facts are read at once. */
const AT_ONCE = 5000

/** All groups, those that win the most space first. */
export function duplicatesOf(
  catalogue: Catalogue,
  search: Search,
  question: DuplicateQuestion
): DuplicateGroup[] {
  const { duplicates } = catalogue
  const read = (ids: readonly number[]): Candidate[] => {
    const facts: PhotoFacts[] = []
    for (let from = 0; from < ids.length; from += AT_ONCE)
      facts.push(...duplicates.facts(ids.slice(from, from + AT_ONCE)))
    return facts.flatMap((one) => asked(one, question))
  }
  const superfluous = new Set<number>()
  const leaveOut = (groups: readonly DuplicateGroup[]): readonly DuplicateGroup[] => {
    for (const { photos } of groups) for (const { id } of photos.slice(1)) superfluous.add(id)
    return groups
  }
  const left = (photos: readonly Candidate[]): Candidate[] =>
    photos.filter(({ id }) => !superfluous.has(id))

  const identical = leaveOut(copies(read(duplicates.copied())))
  const pairs = duplicates.pairs()
  const same = leaveOut(versions(left(read(duplicates.paired())), pairs))
  const { photos, isAlike } = shotsAlike(catalogue, search, pairs, (ids) => left(read(ids)))
  const bursts = groupsOf('bursts', bestFirst(photos, OF_SHOTS), isAlike, OF_SHOTS)
  return [...identical, ...same, ...bursts].sort((a, b) => b.bytes - a.bytes)
}

/** A photo as it is compared; none where it is not asked for. */
function asked(photo: PhotoFacts, { within, preferred = [] }: DuplicateQuestion): Candidate[] {
  const path = pathOf(photo)
  if (within !== undefined && !isInside(path, within)) return []
  const place = preferred.findIndex((folder) => isInside(path, folder))
  const sharpness = sharpnessOf(photo.fingerprint)
  return [{ ...photo, path, preferred: place < 0 ? preferred.length : place, sharpness }]
}

function copies(photos: readonly Candidate[]): DuplicateGroup[] {
  const byHash = new Map<string, Candidate[]>()
  for (const photo of photos) byHash.set(photo.hash, [...(byHash.get(photo.hash) ?? []), photo])
  return [...byHash.values()].flatMap((all) =>
    grouped('identical', bestFirst(all, OF_COPIES), OF_COPIES)
  )
}

/** Two shots of a camera are no versions of one picture, however alike they are. */
function versions(
  photos: readonly Candidate[],
  pairs: ReadonlyMap<string, ReadonlySet<string>>
): DuplicateGroup[] {
  const ordered = bestFirst(photos, OF_VERSIONS)
  const byHash = new Map(ordered.map((photo) => [photo.hash, photo]))
  const alike = (photo: Candidate): Candidate[] =>
    [...(pairs.get(photo.hash) ?? [])].flatMap((other) => {
      const found = byHash.get(other)
      return found && !areTwoShots(photo, found) ? [found] : []
    })
  return groupsOf('same', ordered, alike, OF_VERSIONS)
}

type Dated = Pick<Candidate, 'capturedAt' | 'capturedFrom'>

function areTwoShots(a: Dated, b: Dated): boolean {
  const isCamera = ({ capturedFrom }: Dated): boolean =>
    capturedFrom === 'exif' || capturedFrom === 'xmp'
  return isCamera(a) && isCamera(b) && a.capturedAt !== b.capturedAt
}

/** See [Note: groups without chains]. @param alike photos that are as this one, in any order */
function groupsOf(
  kind: DuplicateKind,
  ordered: readonly Candidate[],
  alike: (photo: Candidate) => readonly Candidate[],
  reasons: readonly Reason[]
): DuplicateGroup[] {
  const free = new Set(ordered)
  return ordered.flatMap((photo) => {
    if (!free.has(photo)) return []
    const others = bestFirst(
      alike(photo).filter((other) => other !== photo && free.has(other)),
      reasons
    )
    for (const one of [photo, ...others]) free.delete(one)
    return grouped(kind, [photo, ...others], reasons)
  })
}

/** A group of photos in order; none of a photo that is alone. */
function grouped(
  kind: DuplicateKind,
  photos: Candidate[],
  reasons: readonly Reason[]
): DuplicateGroup[] {
  const [keeper, next] = photos
  if (!keeper || !next) return []
  const bytes = photos.slice(1).reduce((sum, { size }) => sum + size, 0)
  return [{ kind, photos, reason: reasonFor(keeper, next, reasons), bytes }]
}
