// Faults as the command line tells them: the words of the page, and behind them what was expected
// and what came, for whoever types commands. Pure.
import type { Wait } from '../wire/engine-records.ts'
import type { FaultRecord } from '../wire/fault.ts'
import { endingSentence, faultClause, faultSentence, faultWords } from '../wire/fault-words.ts'

/** A fault that ended a command, in one line. */
export function faultLine(fault: FaultRecord): string {
  const { kind, subject, expected, received } = fault
  if (kind === 'bad-argument') return endingSentence(fault)
  return `${subject}: ${endingSentence(fault)} (expected ${expected}, got ${received})`
}

/** What photos wait for, in one line. */
export function waitLine({ fault, folder, photos }: Wait): string {
  const who = `${photos} ${photos === 1 ? 'photo waits' : 'photos wait'}`
  const where = folder === null ? '' : ` in ${folder}`
  return `${who}${where}: ${faultClause(fault)}. ${faultWords(fault).remedy}`.trim()
}

/** The same as data. */
export function waitAnswer({ fault, folder, photos, retryAt }: Wait): object {
  return { photos, folder, kind: fault.kind, reason: faultSentence(fault), retryAt }
}
