// Photos that are there more than once, in three kinds: equal files, the same picture in several
// versions, several shots of one moment. Runs in the thread of duplicates; all of it was found
// before and is only looked up. A photo of one kind comes into the next only if it is the one to
// keep.
//
// [Note: groups without chains] Where A is as B and B is as C, A and C may be different pictures.
// So a group is a photo to keep and those that are as it themselves: photos are taken best first,
// and each that is in no group yet begins one with all that are as it and in none.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { PhotoFacts } from '../../catalogue/duplicate-table.ts'
import type { DuplicateKind, Reason } from '../../wire/duplicate-messages.ts'
import { OF_COPIES, OF_SHOTS, OF_VERSIONS, bestFirst, reasonFor } from './keeper.ts'
import type { Candidate } from './keeper.ts'
import { placesOf } from './kept-places.ts'
import { apartBy } from './told-apart.ts'
import type { Apart } from './told-apart.ts'
import { shotsAlike } from './shots.ts'
import type { Serving } from './shots.ts'

/** Photos of which one would do. */
export interface FoundGroup {
  kind: DuplicateKind
  /** The one to keep comes first. */
  photos: Candidate[]
  reason: Reason
  /** What the files of the others take that may go, bytes. */
  bytes: number
}

/** All groups, and what is in none of them though it is there more than once. */
export interface FoundDuplicates {
  /** Those that win the most space first. */
  groups: FoundGroup[]
  /** Decisions that photos which are there are no duplicates. */
  decided: number
  /** Photos beside the one to keep that stay, since their folder is protected. */
  protected: number
  /** Photos whose drive or folder is not there. */
  away: number
}

export interface DuplicateQuestion {
  /** Only photos below this path. */
  within?: string | undefined
  /** Paths of folders whose photos are kept rather than others, before those that are stored. */
  preferred?: readonly string[] | undefined
}

/** Photos whose facts are read at once. */
const AT_ONCE = 5000
/** Told at the beginning of each kind and at its end, as shares of the work. */
export const STEPS = { identical: 5, same: 25, bursts: 100 }

/**
 * Finds all groups. @param serving what shots are compared by. @param tell told how far it is, of
 * STEPS.bursts; what it throws ends the work
 */
export function duplicatesOf(
  catalogue: Catalogue,
  serving: Serving,
  question: DuplicateQuestion,
  tell: (done: number) => void = () => undefined
): FoundDuplicates {
  const { duplicates, duplicateDecisions } = catalogue
  const places = placesOf(catalogue, question)
  const apart = apartBy(duplicateDecisions.byContent())
  const away = new Set<number>()
  const read = (ids: readonly number[]): Candidate[] => {
    const facts: PhotoFacts[] = []
    for (let from = 0; from < ids.length; from += AT_ONCE)
      facts.push(...duplicates.facts(ids.slice(from, from + AT_ONCE)))
    const asked = facts.map(places.candidate).filter(({ path }) => places.isAsked(path))
    for (const { id, path } of asked) if (places.isAway(path)) away.add(id)
    return asked.filter(({ id }) => !away.has(id))
  }
  const superfluous = new Set<number>()
  const leaveOut = (groups: readonly FoundGroup[]): readonly FoundGroup[] => {
    for (const { photos } of groups) for (const { id } of photos.slice(1)) superfluous.add(id)
    return groups
  }
  const left = (photos: readonly Candidate[]): Candidate[] =>
    photos.filter(({ id }) => !superfluous.has(id))

  tell(0)
  const copied = leaveOut(copies(read(duplicates.copied())))
  const identical = copied.filter(({ photos }) => !apart.areWanted(photos[0]?.hash ?? ''))
  tell(STEPS.identical)
  const pairs = duplicates.pairs()
  const same = leaveOut(versions(left(read(duplicates.paired())), pairs, apart))
  tell(STEPS.same)
  const share = (STEPS.bursts - STEPS.same) / 100
  const { photos, isAlike } = shotsAlike(
    catalogue,
    serving,
    pairs,
    (ids) => left(read(ids)),
    (percent) => tell(Math.round(STEPS.same + share * percent))
  )
  const alike = (photo: Candidate): Candidate[] => apart.notFrom(photo, isAlike(photo))
  const bursts = groupsOf('bursts', bestFirst(photos, OF_SHOTS), alike, OF_SHOTS)
  tell(STEPS.bursts)
  const all = [...identical, ...same, ...bursts]
  const isProtected = all.flatMap((group) => group.photos.slice(1)).filter((one) => one.isProtected)
  return {
    // Where nothing may go there is nothing to decide.
    groups: all.filter(hasWhatMayGo).sort((a, b) => b.bytes - a.bytes),
    decided: duplicateDecisions.withPhotos().length,
    protected: isProtected.length,
    away: away.size
  }
}

function hasWhatMayGo({ photos }: FoundGroup): boolean {
  return photos.slice(1).some(({ isProtected }) => !isProtected)
}

function copies(photos: readonly Candidate[]): FoundGroup[] {
  const byHash = new Map<string, Candidate[]>()
  for (const photo of photos) byHash.set(photo.hash, [...(byHash.get(photo.hash) ?? []), photo])
  return [...byHash.values()].flatMap((all) =>
    grouped('identical', bestFirst(all, OF_COPIES), OF_COPIES)
  )
}

/** Two shots of a camera are no versions of one picture, however alike they are. */
function versions(
  photos: readonly Candidate[],
  pairs: ReadonlyMap<string, ReadonlySet<string>>,
  apart: Apart
): FoundGroup[] {
  const ordered = bestFirst(photos, OF_VERSIONS)
  const byHash = new Map(ordered.map((photo) => [photo.hash, photo]))
  const alike = (photo: Candidate): Candidate[] => {
    const others = [...(pairs.get(photo.hash) ?? [])].flatMap((other) => {
      const found = byHash.get(other)
      return found && !areTwoShots(photo, found) ? [found] : []
    })
    return apart.notFrom(photo, others)
  }
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
): FoundGroup[] {
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
): FoundGroup[] {
  const [keeper, next] = photos
  if (!keeper || !next) return []
  const mayGo = photos.slice(1).filter(({ isProtected }) => !isProtected)
  const bytes = mayGo.reduce((sum, { size }) => sum + size, 0)
  // It is set apart from the best of those that may go.
  return [{ kind, photos, reason: reasonFor(keeper, mayGo[0] ?? next, reasons), bytes }]
}
