// Faults as the command line tells them: the words of the page, and behind them what was expected
// and what came, for whoever types commands. Pure.
import type { Wait } from '../wire/engine-records.ts'
import type { FaultRecord } from '../wire/fault.ts'
import { closedClause, endingSentence, faultClause } from '../wire/fault-words.ts'
import { faultSentence, faultWords } from '../wire/fault-words.ts'

/** A fault that ended a command, in one line. */
export function faultLine(fault: FaultRecord): string {
  const { kind, subject, expected, received } = fault
  if (kind === 'bad-argument') return endingSentence(fault)
  return `${subject}: ${endingSentence(fault)} (expected ${expected}, got ${received})`
}

/** What photos wait for, or what of a folder cannot be listed, in one line. */
export function waitLine({ fault, folder, photos, closed }: Wait): string {
  const { remedy } = faultWords(fault)
  if (closed) return `${closedClause(closed, fault, folder ?? undefined)}. ${remedy}`.trim()
  const who = `${photos} ${photos === 1 ? 'photo waits' : 'photos wait'}`
  const where = folder === null ? '' : ` in ${folder}`
  return `${who}${where}: ${faultClause(fault)}. ${remedy}`.trim()
}

/** The same as data. */
export function waitAnswer({ fault, folder, photos, closed, retryAt }: Wait): object {
  const why = { kind: fault.kind, reason: faultSentence(fault), retryAt }
  return { photos, folder, ...(closed && { closed }), ...why }
}
