// What was done with files, in words. Pure; runs in the page.
import type { FaultKind, FaultRecord } from '../../main/wire/fault.ts'
import { endingSentence } from '../../main/wire/fault-words.ts'
import type { Done, FileResult } from './file-work.svelte.ts'
import { count, number } from './words.ts'

const DONE: Record<Done, string> = {
  show: 'shown',
  open: 'opened',
  'open-with': 'opened',
  'copy-path': 'copied to the clipboard',
  move: 'moved',
  copy: 'copied',
  trash: 'moved to the trash',
  'trash-duplicates': 'moved to the trash',
  undo: 'put back'
}

/** Why a file stayed where it was, where that is said otherwise than of a photo that is read. */
const STAYED: Partial<Record<FaultKind, string>> = {
  'not-found': 'It is not where it was. If it lies in your folders it is found there by itself.',
  'no-access': 'Its folder or the other one may not be written to. Allow it, and try again.',
  'read-only': 'A disk is read-only. Make it writable, or choose a folder on another one.',
  unreadable: 'The system refused. Try again, or use the file manager.'
}

/** What was refused in the trash; a disk of another computer has none, for example. */
const TRASH_REFUSED = 'The system’s trash does not take it. Use the file manager.'

/** An undo throws away only what was copied. */
const CHANGED = 'It was changed since it was copied, so it stays. If it may go, throw it away there.'

/** Only files that are called pictures are handed to other programs. */
const NOT_OPENED =
  'It was not opened: its name is none of a picture, or no program for it is installed. ' +
  'Show it in the file manager.'

/** One sentence on what was done; a second one on what was not, with what to do. */
export function resultWords({ what, answer }: FileResult): string {
  if (answer.outcome === 'refused') return whyNot(what, answer.fault)
  const { done, total, failed, fault, stopped } = answer
  const verb = total === 1 || done === 1 ? 'was' : 'were'
  if (what === 'copy-path')
    return `${done === 1 ? 'The path is' : `${number(done)} paths are`} on the clipboard.`
  const said =
    done === total
      ? `${count(total, 'photo')} ${verb} ${DONE[what]}.`
      : `${number(done)} of ${count(total, 'photo')} ${verb} ${DONE[what]}.`
  if (failed === 0 || !fault)
    return stopped && done < total ? `${said} You stopped the rest.` : said
  if (total === 1) return whyNot(what, fault)
  return `${said} ${fault.subject}: ${whyNot(what, fault)}`
}

function whyNot(what: Done, fault: FaultRecord): string {
  if (what.startsWith('trash') && fault.kind === 'unreadable') return TRASH_REFUSED
  if (what === 'undo' && fault.kind === 'bad-argument') return CHANGED
  if (fault.kind === 'unsupported-format') return NOT_OPENED
  const isOfReading = what === 'open' || what === 'open-with' || what === 'show'
  return (isOfReading ? undefined : STAYED[fault.kind]) ?? endingSentence(fault)
}
