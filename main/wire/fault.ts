// The closed set of faults: what may go wrong through no error of ours, told so that each process
// can decide what to do about it. Pure; used by every process. An impossible state is a Bug, never
// a Fault. A fault holds no sentences: fault-words.ts makes them, for the page and the command
// line.
import * as v from 'valibot'

/** Whom a fault is about: one photo, all photos of a folder, the library's own files, Kindred. */
export const ABOUT = ['photo', 'folder', 'library', 'program'] as const
export type About = (typeof ABOUT)[number]

interface Nature {
  about: About
  /** It may go away while nothing of Kindred changes: what waits for it is tried again. */
  passes: boolean
}

/** Every kind, and what holds for it where the fault itself does not say otherwise. */
const NATURES = {
  /** A caller passed something the contract does not allow. */
  'bad-argument': { about: 'program', passes: false },
  /** A file, folder, photo or model that is named is not there. */
  'not-found': { about: 'photo', passes: true },
  /** A folder that a person named is not the one that is looked for. */
  'wrong-folder': { about: 'folder', passes: false },
  /** Permissions refused. */
  'no-access': { about: 'photo', passes: true },
  /** A disk, drive or share gives errors, or does not answer. */
  'disk-error': { about: 'photo', passes: true },
  /** No room is left. */
  'disk-full': { about: 'library', passes: true },
  /** What has to be written cannot be written. */
  'read-only': { about: 'library', passes: true },
  /** The system refused for another reason. */
  unreadable: { about: 'photo', passes: true },
  /** The system is short of memory, or of files that may be open. */
  'system-busy': { about: 'program', passes: true },
  /** A photo format that is not decoded (yet). */
  'unsupported-format': { about: 'photo', passes: false },
  /** Bytes that no decoder accepts. */
  'corrupt-photo': { about: 'photo', passes: false },
  /** More pixels or bytes than the limits allow. */
  'too-large': { about: 'photo', passes: false },
  /** A photo that ended the process which worked on it, each time. */
  'ends-process': { about: 'photo', passes: false },
  /** A backbone, card or quantizer that fails its checks. */
  'bad-model': { about: 'program', passes: false },
  /** Fewer photos than can be learned from. */
  'too-few-photos': { about: 'program', passes: true },
  /** Another process holds the library. */
  'library-in-use': { about: 'library', passes: true },
  /** The catalogue is damaged; the next start replaces it. */
  'library-damaged': { about: 'library', passes: false },
  /** Another program's database is where the catalogue belongs. */
  'foreign-library': { about: 'library', passes: false },
  /** The process that was asked died before it answered. */
  'process-lost': { about: 'program', passes: true },
  /** A process that ends each time it is started. */
  'keeps-ending': { about: 'program', passes: false },
  /** The two ends of a port speak different contracts. */
  'version-mismatch': { about: 'program', passes: false },
  /** An execution provider is missing, was lost or could not compute. */
  device: { about: 'program', passes: true },
  /** The caller asked to stop. */
  cancelled: { about: 'program', passes: true },
  /** An error of ours, to be reported. */
  internal: { about: 'program', passes: false }
} as const satisfies Record<string, Nature>

export type FaultKind = keyof typeof NATURES

/** All kinds of faults. */
export const FAULT_KINDS = Object.keys(NATURES) as readonly FaultKind[]

export const FaultRecord = v.object({
  kind: v.picklist(FAULT_KINDS),
  about: v.picklist(ABOUT),
  passes: v.boolean(),
  /** The file, folder or argument it is about. */
  subject: v.string(),
  /** For logs: what was expected, and what came instead. */
  expected: v.string(),
  received: v.string()
})
export type FaultRecord = v.InferOutput<typeof FaultRecord>

/** A fault as it is made: `about` and `passes` are those of its kind where they are left out. */
export type FaultParts = Omit<FaultRecord, 'about' | 'passes'> & Partial<Nature>

/** A fault of input, disk or surroundings. `message` is for logs. */
export class Fault extends Error {
  readonly record: FaultRecord

  constructor({ kind, subject, expected, received, ...nature }: FaultParts) {
    super(`${subject}: expected ${expected}, got ${received}.`)
    this.name = 'Fault'
    const { about = NATURES[kind].about, passes = NATURES[kind].passes } = nature
    this.record = { kind, about, passes, subject, expected, received }
  }

  get kind(): FaultKind {
    return this.record.kind
  }
}

/** A state that cannot be: an error of ours. Never caught to be hidden. */
export class Bug extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Bug'
  }
}

/** True for a Fault of one of the kinds given (of any kind when none is given). */
export function isFault(error: unknown, ...kinds: FaultKind[]): error is Fault {
  return error instanceof Fault && (kinds.length === 0 || kinds.includes(error.kind))
}

/** The fault that a cancelled request ends with. */
export function cancelled(subject: string): Fault {
  const [expected, received] = ['to run to its end', 'a request to stop']
  return new Fault({ kind: 'cancelled', subject, expected, received })
}

/**
 * A Fault as it is, any other error as one of ours in the middle of `subject`. A photo is never to
 * blame for one: it is tried again.
 */
export function faultOf(error: unknown, subject: string, about: About = 'program'): Fault {
  if (error instanceof Fault) return error
  const received = error instanceof Error ? error.message : String(error)
  const [expected, passes] = ['no internal error', about === 'photo']
  return new Fault({ kind: 'internal', about, passes, subject, expected, received })
}
