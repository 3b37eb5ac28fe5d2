// The closed set of faults: what may go wrong through no error of ours, told so that a person can
// act. Pure; used by every process. An impossible state is a Bug, never a Fault.
import * as v from 'valibot'

export const FAULT_KINDS = [
  'bad-argument', // a caller passed something the contract does not allow
  'not-found', // a file, folder, photo or model that is named is not there
  'unreadable', // the disk or its permissions refused
  'unsupported-format', // a photo format that is not decoded (yet)
  'corrupt-photo', // bytes that no decoder accepts
  'too-large', // more pixels or bytes than the limits allow
  'bad-model', // a backbone, card or quantizer that fails its checks
  'library-in-use', // another process holds the library
  'library-damaged', // the catalogue cannot be opened or migrated
  'process-lost', // the process that was asked died before it answered
  'version-mismatch', // the two ends of a port speak different contracts
  'device', // an execution provider is missing or was lost
  'cancelled' // the caller asked to stop
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

export const FaultRecord = v.object({
  kind: v.picklist(FAULT_KINDS),
  /** The file or argument it is about. */
  subject: v.string(),
  expected: v.string(),
  received: v.string(),
  /** What the person can do, as a sentence. */
  remedy: v.string()
})
export type FaultRecord = v.InferOutput<typeof FaultRecord>

/** A fault of input, disk or surroundings. `message` reads as one sentence with its remedy. */
export class Fault extends Error {
  readonly record: FaultRecord

  constructor(record: FaultRecord) {
    super(
      `${record.subject}: expected ${record.expected}, got ${record.received}.` +
        (record.remedy ? ` ${record.remedy}` : '')
    )
    this.name = 'Fault'
    this.record = record
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
  return new Fault({
    kind: 'cancelled',
    subject,
    expected: 'to run to its end',
    received: 'a request to stop',
    remedy: ''
  })
}

/** An error of ours in the middle of `subject`, which is tried again. */
export function internal(subject: string, error: unknown): Fault {
  return new Fault({
    kind: 'bad-argument',
    subject,
    expected: 'no internal error',
    received: error instanceof Error ? error.message : String(error),
    remedy: 'It is tried again by itself; please report this.'
  })
}
