// Decides which photos are edited versions of the one beside them that their name speaks of: see
// [Note: edited versions]. Runs in the writer, when photos were described and after a scan; what is
// still to be decided is in the catalogue.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Shown } from '../../catalogue/photo-table.ts'
import { DAY } from '../../wire/photo-date.ts'
import { withOriginal } from './companions.ts'
import { handOn } from './heirs.ts'

/** Dates of one picture differ by no more, ms: some programs write times of another zone. */
const MOST_APART = DAY
/** An edited version has so many of its original's pixels at least, and so many times at most. */
const LEAST_PIXELS = 1 / 16
const MOST_PIXELS = 4

type Told = Pick<Shown, 'width' | 'height' | 'capturedAt' | 'capturedFrom'>

/**
 * True for two photos that may well show one picture: taken at the same time, as their metadata
 * says, or, where one lacks that, of sizes that an edit may bring about.
 */
export function isEditOf(edit: Told, original: Told): boolean {
  const [at, before] = [takenAt(edit), takenAt(original)]
  if (at !== undefined && before !== undefined) return Math.abs(at - before) <= MOST_APART
  const share = (edit.width * edit.height) / (original.width * original.height)
  return share >= LEAST_PIXELS && share <= MOST_PIXELS
}

/** When metadata says that a photo was taken: names and files do not count. */
function takenAt({ capturedAt, capturedFrom }: Told): number | undefined {
  return capturedFrom === 'name' || capturedAt === null ? undefined : capturedAt
}

/** Decides what can be decided; the photos that are companions from now on, and their owners. */
export function decideEdits(catalogue: Catalogue, now: number): number[] {
  const left: number[] = []
  const owners: number[] = []
  for (const pair of catalogue.companions.undecided())
    catalogue.transaction(() => {
      const edit = catalogue.photos.shown(pair.edit)
      const original = catalogue.photos.shown(pair.original)
      if (!edit || !original) return // it is the original of another version by now
      const isEdit = isEditOf(edit, original)
      catalogue.companions.decide(pair.edit, isEdit)
      if (!isEdit) return
      const companions = withOriginal(edit, original.name, original)
      catalogue.companions.set(pair.edit, { companions, original: original.name })
      catalogue.files.leave(pair.original, now)
      left.push(pair.original)
      owners.push(pair.edit)
    })
  handOn(catalogue, left)
  return [...left, ...owners]
}
