// What the page asks about duplicates, answered from the last finding and the catalogue as it is
// now. Runs in the reader.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Handlers } from '../../wire/channel.ts'
import type { DuplicateGroup, DuplicatePhoto, Reason } from '../../wire/duplicate-messages.ts'
import type { EngineContract } from '../../wire/engine-contract.ts'
import { thumbnailName } from '../../wire/thumbnail.ts'
import { placesOf } from './kept-places.ts'
import type { Places } from './kept-places.ts'
import { OF_VERSIONS, bestFirst } from './keeper.ts'
import type { Candidate } from './keeper.ts'
import type { DuplicateFinder, Finding } from './duplicate-finder.ts'
import { pathOf } from '../photo-paths.ts'
import { groupsFrom } from './packed-groups.ts'

type Answered = Pick<
  Handlers<EngineContract>,
  'findDuplicates' | 'duplicateGroups' | 'keptPlaces'
>

/** Photos, with why the first is suggested, or the decision that they are no duplicates. */
interface Asked {
  ids: number[]
  reason?: Reason
  decision?: number
}

/** The methods that are answered by reading. */
export function duplicateHandlers(catalogue: Catalogue, finder: DuplicateFinder): Answered {
  return {
    async findDuplicates() {
      const finding = await finder.find()
      return {
        finding: finding.id,
        identical: totalsOf(finding, 'identical'),
        same: totalsOf(finding, 'same'),
        bursts: totalsOf(finding, 'bursts'),
        decided: finding.decided,
        protected: finding.protected,
        away: finding.away,
        waiting: catalogue.fingerprints.left()
      }
    },
    duplicateGroups({ finding, kind, offset, count }) {
      const found = finder.kept(finding)
      const asked: Asked[] =
        kind === 'decided'
          ? catalogue.duplicateDecisions.withPhotos().slice(offset, offset + count)
          : groupsFrom(found[kind], offset, count)
      const places = placesOf(catalogue)
      return { groups: asked.map((one) => groupOf(catalogue, places, one)) }
    },
    keptPlaces: () => ({
      places: catalogue.duplicateDecisions
        .places()
        .map(({ folder, directory, isProtected }) => ({ folder, directory, isProtected }))
    })
  }
}

/** Photos that lie in no protected folder, on drives that are there. */
export function unprotected(catalogue: Catalogue, ids: readonly number[]): number[] {
  const places = placesOf(catalogue)
  return ids.filter((id) => {
    const place = catalogue.photos.place(id)
    if (!place) return false
    const path = pathOf(place)
    return !places.isProtected(path) && !places.isAway(path)
  })
}

function totalsOf(
  finding: Finding,
  kind: 'identical' | 'same' | 'bursts'
): { groups: number; bytes: number } {
  return { groups: finding[kind].ends.length, bytes: finding[kind].bytes }
}

/** A group as it is now; without photos where it is none any more. */
function groupOf(
  catalogue: Catalogue,
  places: Places,
  { ids, reason, decision }: Asked
): DuplicateGroup {
  const there = catalogue.duplicates.facts(ids).map(places.candidate)
  const photos = there.filter(({ path }) => !places.isAway(path))
  const ordered = decision === undefined ? photos : bestFirst(photos, OF_VERSIONS)
  return {
    photos: ordered.length > 1 ? ordered.map(photoOf) : [],
    reason: reason ?? 'place',
    decision: decision ?? null
  }
}

function photoOf(photo: Candidate): DuplicatePhoto {
  const { id, name, width, height, format, rating, isProtected } = photo
  return {
    id,
    name,
    folder: [photo.folderName, photo.directory].filter((part) => part !== '').join('/'),
    width,
    height,
    bytes: photo.size,
    format,
    takenAt: photo.capturedAt,
    modifiedAt: photo.modifiedAt,
    isDamaged: photo.isDamaged === 1,
    favourite: photo.favourite === 1,
    rating,
    companions: photo.companions.length,
    isProtected,
    thumbnail: thumbnailName(photo.hash)
  }
}
