// What is done about a fault: the one function that decides whether a photo fails, something waits,
// or everything stops, and for how long. Runs in the writer; indexing and learning ask it, about
// compute's deaths and failed runs, too. How often something is tried stands here alone. Pure.
import * as v from 'valibot'
import { isFault } from '../../wire/fault.ts'
import type { About, FaultRecord } from '../../wire/fault.ts'

/**
 * fail: for good, until the file changes (work other than `photo`: it is not tried again, see
 * MOST_ATTEMPTS). wait: the photo, or all photos of its folder, are tried again later, and the
 * others go on. stop: nothing goes on until then.
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
  /** What was tried; by default a photo was read and described. */
  work?: Work
  /** Of a run: so many photos came since it began that another would be due. */
  isOvertaken?: () => boolean
}

/**
 * Attempts in vain after which work is not tried again, by what was tried. A death of compute says
 * `process-lost`, whoever is to blame; with a photo alone in work it is most likely that photo.
 */
export const MOST_ATTEMPTS = {
  /** Compute ended while this photo alone was in work: it fails. See [Note: suspects]. */
  'photo-alone': 2,
  /** The same, before compute had told that it began with the photo. */
  'photo-alone-untold': 5,
  /** The same of a photo that is described already: this work is done without it. */
  'known-photo-alone': 3,
  /** Described photos that are looked at again: not before the next start. */
  'known-photos': 1,
  /** A call of a run that came no further than those before. */
  'call-of-run': 24,
  /** A run of learning: what is kept of it may be what fails, so it is dropped. */
  run: 6
} as const
export type Work = 'photo' | keyof typeof MOST_ATTEMPTS

/** Deaths of compute in a row without any result: all photos in work are suspects then. */
export const BARREN_DEATHS = 5

/** A file that was not where the catalogue has it is looked for at so many scans of its folder. */
export const LOOKS = 3

/** Fits of a first quantizer that fail in a row before it waits for the library to grow. */
export const FAILED_FITS = 3

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
function waitAfter(attempts: number, { first, most }: Spacing): number {
  // Beyond 2^30 the power itself grows too large.
  return Math.min(most, first * 2 ** Math.min(30, Math.max(0, attempts - 1)))
}

/** So many photos in a row, and it is not they. */
export const WIDENS = 8

/** Decides what is done about a fault. */
export function decide(
  fault: FaultRecord,
  history: History,
  spacing: Spacings = SPACING
): Decision {
  const { attempts, inARow = 1, work = 'photo' } = history
  if (work === 'run') return decideRun(fault, history)
  if (work === 'call-of-run') return decideCall(fault, attempts)
  if (work !== 'photo' && fault.kind === 'process-lost')
    return { course: attempts >= MOST_ATTEMPTS[work] ? 'fail' : 'wait', about: 'photo', after: 0 }
  if (fault.about === 'photo' && !fault.passes) return { course: 'fail', about: 'photo', after: 0 }
  const about = inARow >= WIDENS ? wider(fault) : fault.about
  const concernsAll = about === 'library' || about === 'program'
  return { course: concernsAll ? 'stop' : 'wait', about, after: waitAfter(attempts, spacing[about]) }
}

/** What may pass is waited for, unless another run would be due by now. */
function decideRun({ passes }: FaultRecord, { attempts, isOvertaken }: History): Decision {
  const isDropped = attempts >= MOST_ATTEMPTS.run && !(passes && !isOvertaken?.())
  const after = waitAfter(attempts, RUN_SPACING)
  return { course: isDropped ? 'fail' : 'wait', about: 'program', after }
}

/** A compute that died is started again, and another device may take over from a lost one. */
function decideCall({ kind }: FaultRecord, attempts: number): Decision {
  const mayGoBetter = kind === 'process-lost' || kind === 'device'
  const isTried = mayGoBetter && attempts < MOST_ATTEMPTS['call-of-run']
  return { course: isTried ? 'wait' : 'fail', about: 'program', after: 0 }
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
  return kind === 'internal' || kind === 'system-busy' ? 'program' : 'photo'
}

/**
 * True when a fit failed by itself, which the next one may do as well. Else something is in its way
 * that a fit has no part in: a full disk, a device that is lost, a compute that does not start.
 */
export function isOfFit(error: unknown): boolean {
  return !isFault(error) || isFault(error, 'internal', 'process-lost')
}
