// Photos that are there more than once, as they are told to the page and on the command line: the
// three kinds of groups, why one of a group is suggested to be kept, and the messages. Pure.
import * as v from 'valibot'
import { ThumbnailName } from './thumbnail.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const id = v.pipe(v.number(), v.integer(), v.minValue(1))

/** Equal files; the same picture in other files; several shots of one moment. */
export const DUPLICATE_KINDS = ['identical', 'same', 'bursts'] as const
export type DuplicateKind = (typeof DUPLICATE_KINDS)[number]

/** Why a photo is suggested to be kept: what sets it apart from the best that may go. */
export const REASONS = [
  'protected', // it lies in a protected folder
  'folder', // it lies in a folder that the person prefers
  'marked', // it is a favourite, or rated higher
  'whole', // no part of it is damaged
  'sharp', // its details are sharper
  'size', // it has more pixels
  'format', // its format keeps more
  'dated', // its camera's date is in it
  'bytes', // its file is larger
  'companions', // files beside it belong to it
  'first', // it was taken, or written, first
  'place' // its path is shorter, or first in order
] as const
export type Reason = (typeof REASONS)[number]

/** The reason in words, to stand in brackets or after a colon. */
export const REASON_WORDS: Record<Reason, string> = {
  protected: 'in a protected folder',
  folder: 'in a preferred folder',
  marked: 'favourite or rated higher',
  whole: 'not damaged',
  sharp: 'sharper',
  size: 'more pixels',
  format: 'a format that keeps more',
  dated: 'has its camera’s date',
  bytes: 'larger file',
  companions: 'files beside it belong to it',
  first: 'taken or written first',
  place: 'shorter path'
}

/** A folder of the library, or a directory in it, whose photos are rather kept. */
export const KeptPlace = v.object({
  folder: id,
  /** Relative to the folder, '/' between names; '' for all of it. */
  directory: v.pipe(v.string(), v.maxLength(4096)),
  /** What lies below it is never suggested for the trash. */
  isProtected: v.boolean()
})
export type KeptPlace = v.InferOutput<typeof KeptPlace>

/** Kept places at most. */
export const MOST_PLACES = 200
/** The first counts before the next. */
const KeptPlaces = v.pipe(v.array(KeptPlace), v.maxLength(MOST_PLACES))

/** A photo of a group. */
export const DuplicatePhoto = v.object({
  id,
  name: v.string(),
  folder: v.string(), // its folder's name and directory, to be shown
  width: count,
  height: count,
  bytes: count,
  format: v.nullable(v.string()),
  takenAt: v.nullable(v.number()), // ms since 1970, as its camera's clock showed it
  modifiedAt: v.number(), // of its file, ms since 1970
  isDamaged: v.boolean(),
  favourite: v.boolean(),
  rating: count,
  companions: count, // files beside it that belong to it
  isProtected: v.boolean(),
  thumbnail: ThumbnailName
})
export type DuplicatePhoto = v.InferOutput<typeof DuplicatePhoto>

/** Photos of which one would do; without those that left since they were found. */
export const DuplicateGroup = v.object({
  /** The one that is suggested to be kept comes first. */
  photos: v.array(DuplicatePhoto),
  reason: v.picklist(REASONS), // what sets the first apart from the best that may go
  /** The decision that these are no duplicates; null for groups that were found. */
  decision: v.nullable(id)
})
export type DuplicateGroup = v.InferOutput<typeof DuplicateGroup>

/** Groups of one kind, and the bytes that go if only the suggested ones stay. */
const KindTotals = v.object({ groups: count, bytes: count })

/** What was found. */
export const DuplicateTotals = v.object({
  /** Which finding: its groups are asked for by this. */
  finding: id,
  identical: KindTotals,
  same: KindTotals,
  bursts: KindTotals,
  /** Decisions that some photos are no duplicates. */
  decided: count,
  /** Photos beside the one to keep that are left alone, since their folder is protected. */
  protected: count,
  /** Photos that are left out, since their drive or folder is not there. */
  away: count,
  /** Photos, equal ones once, that are still to be compared. */
  waiting: count
})
export type DuplicateTotals = v.InferOutput<typeof DuplicateTotals>

/** Groups of one message, at most. */
export const MOST_GROUPS = 200
/** Photos that are told to be no duplicates of each other, at most. */
const MOST_DECIDED = 10_000

const nothing = v.object({})

/** What the page asks; `engine-contract.ts` has them among its methods. */
export const duplicateMethods = {
  /**
   * Finds them in the background, anew where the library changed since; how far it is comes by the
   * event `duplicates`. Rejects with cancelled when another finding takes its place.
   */
  findDuplicates: { argument: nothing, result: DuplicateTotals },
  /**
   * Groups of a finding from `offset` on, those that win the most space first; 'decided': those
   * that a person said are no duplicates, the latest first. A group that is none any more has no
   * photos. Throws Fault not-found for a finding that is not kept any more.
   */
  duplicateGroups: {
    argument: v.object({
      finding: id,
      kind: v.picklist([...DUPLICATE_KINDS, 'decided']),
      offset: count,
      count: v.pipe(count, v.maxValue(MOST_GROUPS))
    }),
    result: v.object({ groups: v.array(DuplicateGroup) })
  },
  /** Remembers, by their contents, that photos are no duplicates of each other. */
  setNotDuplicates: {
    argument: v.object({ ids: v.pipe(v.array(id), v.minLength(2), v.maxLength(MOST_DECIDED)) }),
    result: v.object({ decision: id })
  },
  /** Forgets that again. */
  forgetDecision: { argument: v.object({ decision: id }), result: nothing },
  keptPlaces: { argument: nothing, result: v.object({ places: KeptPlaces }) },
  /** Puts these in the place of all that there were. */
  setKeptPlaces: { argument: v.object({ places: KeptPlaces }), result: nothing }
} as const

/** How far the finding is, told at most five times a second. */
export const DuplicateProgress = v.object({ done: count, total: count })
export type DuplicateProgress = v.InferOutput<typeof DuplicateProgress>
