// What is done about a fault: the one function that decides whether a photo fails, something waits,
// or everything stops, and for how long. Runs in the engine; indexing and learning ask it. Pure.
import * as v from 'valibot'
import type { About, FaultRecord } from '../../wire/fault.ts'

/**
 * fail: for good, until the file changes. wait: the photo, or all photos of its folder, are tried
 * again later, and the others go on. stop: nothing goes on until then.
 */
export interface Decision {
  course: 'fail' | 'wait' | 'stop'
  /** Whom it concerns: more than the fault says once the same happens again and again. */
  about: About
  /** Until it is tried again, ms. */
  after: number
}

/** What happened before: times it was tried in vain, this one counted. */
export interface History {
  attempts: number
  /** The same fault of other photos without one that went well in between, this one counted. */
  inARow?: number
}

/** How long to wait, ms: at first, twice as long after each attempt, at most. */
const Spacing = v.object({ first: v.number(), most: v.number() })
export type Spacing = v.InferOutput<typeof Spacing>

/** How long to wait, by whom a fault is about. */
export const Spacings = v.object({
  photo: Spacing,
  folder: Spacing,
  library: Spacing,
  program: Spacing
})
export type Spacings = v.InferOutput<typeof Spacings>

const SECOND = 1000
const MINUTE = 60 * SECOND

/** A photo costs a try, its folder one photo, the library one small file, a program one photo. */
export const SPACING: Spacings = {
  photo: { first: 30 * SECOND, most: 60 * MINUTE },
  folder: { first: 10 * SECOND, most: 10 * MINUTE },
  library: { first: 2 * SECOND, most: MINUTE },
  program: { first: 5 * SECOND, most: 10 * MINUTE }
}

/** A run of learning that failed, whatever the fault was: it costs far more than a photo. */
export const RUN_SPACING: Spacing = { first: 30 * SECOND, most: 60 * MINUTE }

/** How long to wait, ms, after so many attempts in vain. */
export function waitAfter(attempts: number, { first, most }: Spacing): number {
  // Beyond 2^30 the power itself grows too large.
  return Math.min(most, first * 2 ** Math.min(30, Math.max(0, attempts - 1)))
}

/** So many photos in a row, and it is not they. */
export const WIDENS = 8

/** Decides what is done about a fault. */
export function decide(
  fault: FaultRecord,
  { attempts, inARow = 1 }: History,
  spacing: Spacings = SPACING
): Decision {
  if (fault.about === 'photo' && !fault.passes) return { course: 'fail', about: 'photo', after: 0 }
  const about = inARow >= WIDENS ? wider(fault) : fault.about
  const concernsAll = about === 'library' || about === 'program'
  return { course: concernsAll ? 'stop' : 'wait', about, after: waitAfter(attempts, spacing[about]) }
}

/**
 * Whether a photo's fault may be all of its folder's: the disk did not answer. Where it said that
 * the file is closed or not there, it did.
 */
export function mayBeOfFolder({ kind, about }: FaultRecord): boolean {
  return about === 'folder' || kind === 'disk-error' || kind === 'unreadable'
}

/** Whom a fault is about when many photos meet it, one after the other. */
function wider(fault: FaultRecord): About {
  const { kind, about } = fault
  if (about !== 'photo') return about
  if (mayBeOfFolder(fault)) return 'folder'
  return kind === 'internal' ? 'program' : 'photo'
}
