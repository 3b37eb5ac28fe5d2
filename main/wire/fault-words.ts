// Faults in words for people: what is wrong, and what to do about it. The one place where they are
// worded, for the page and the command line. Pure.
import type { DamageKind } from './decoder-contract.ts'
import type { Closed } from './engine-records.ts'
import type { About, FaultKind, FaultRecord } from './fault.ts'

/** Two sentences; the second may be empty. */
export interface FaultWords {
  what: string
  remedy: string
}

/** Words, and whether what the fault stopped goes on by itself. */
interface Wording extends FaultWords {
  /** The remedy then has no full stop, since more follows. */
  goesOn: boolean
}

/** Words by whom the fault is about; `other` where nothing is said of them. */
type ByAbout = Partial<Record<About, Wording>> & { other: Wording }
type WordsOf = (fault: FaultRecord) => ByAbout

const REPORT = 'Please report it.'

/** Every kind has its words: one that lacks them is an error of types. */
const WORDS: Record<FaultKind, WordsOf> = {
  'bad-argument': ({ subject, expected, received }) => ({
    other: words(`${subject}: expected ${expected}, got ${received}.`)
  }),
  'not-found': ({ subject }) => ({
    photo: words(
      'No file is there any more.',
      'If it was moved within your folders, it is found there by itself.'
    ),
    folder: words(
      `There is no folder ${subject}.`,
      'Choose one that is there and that you may open.'
    ),
    library: words('There is no library yet.', 'Index a folder first.'),
    other: words(`There is no ${subject} any more.`)
  }),
  'wrong-folder': ({ expected, received }) => ({
    other: words(`This is not ${expected}: ${received}.`, 'Choose the folder with its photos.')
  }),
  'no-access': () => ({
    photo: passing('Reading is not allowed.', 'Allow it'),
    folder: passing('The folder may not be opened.', 'Allow opening it'),
    library: passing('The library may not be written.', 'Allow writing in its folder'),
    other: words('Access was refused.')
  }),
  'disk-error': () => ({
    photo: passing('The disk gives errors.', 'Check the disk, or its connection'),
    folder: passing('The disk does not answer.', 'Check the disk, or its connection'),
    library: passing('The disk of the library gives errors.', 'Check it'),
    other: passing('A disk gives errors.', 'Check it')
  }),
  'disk-full': () => ({ other: passing('The disk is full.', 'Make room') }),
  'read-only': () => ({
    folder: passing('The disk of the folder is read-only.', 'Make it writable'),
    other: passing('The disk of the library is read-only.', 'Make it writable')
  }),
  unreadable: () => ({
    photo: passing('Opening failed.'),
    folder: passing('The folder could not be opened.'),
    library: words('The library could not be written.', 'Check the disk that it is on.'),
    other: passing('A file could not be opened.')
  }),
  'system-busy': () => ({
    other: passing('Memory or open files ran out.', 'Close other programs')
  }),
  'unsupported-format': ({ received }) => ({
    other: words(
      `This is ${received}, which Kindred does not read.`,
      'A picture of it saved as JPEG is read.'
    )
  }),
  'corrupt-photo': ({ received }) => ({
    other: words(
      `The file is damaged, or it is no photo: ${received}.`,
      'Open it in another program, or bring it back from a backup.'
    )
  }),
  'too-large': ({ expected, received }) => ({
    other: words(
      `The picture is too large: ${received}, where ${expected} can be read.`,
      'A smaller copy of it is read.'
    )
  }),
  'ends-process': () => ({
    other: words(
      'Reading it ended the program each time, so it is left out.',
      'Save it anew with another program.'
    )
  }),
  'bad-model': () => ({
    other: words(
      'A file of the image model is missing or was changed.',
      'Install Kindred again, or bring the file back.'
    )
  }),
  'too-few-photos': ({ received }) => ({
    other: words(
      `Too few photos to learn from: ${received}.`,
      'Add a folder with more. If your photos are on a drive, connect it.'
    )
  }),
  'library-in-use': () => ({
    other: words(
      'Another Kindred has this library open.',
      'Close it, or the command that uses the library, and try again.'
    )
  }),
  'library-damaged': () => ({
    other: words(
      'The catalogue of the library is damaged.',
      'Start Kindred again: it makes a new one with your folders and favourites.'
    )
  }),
  'foreign-library': ({ subject }) => ({
    other: words(
      'Another program’s file is where the catalogue of the library belongs.',
      `Move ${subject} away.`
    )
  }),
  'process-lost': () => ({
    other: words('A part of Kindred ended.', 'It is started again by itself.')
  }),
  'keeps-ending': ({ received }) => ({
    other: words(
      `A part of Kindred ended ${received}.`,
      'Try again. If that does not help, install Kindred again: your library is kept.'
    )
  }),
  'version-mismatch': () => ({
    other: words(
      'The parts of Kindred, or its library, are of different versions.',
      'Close Kindred and start it again; if that does not help, install the newest.'
    )
  }),
  device: () => ({ other: passing('The device that computes could not go on.') }),
  cancelled: () => ({ other: words('It was stopped.') }),
  internal: () => ({
    photo: passing('Kindred made an error.', 'Please report it'),
    other: words('Kindred made an error.', REPORT)
  })
}

function words(what: string, remedy = ''): Wording {
  return { what, remedy, goesOn: false }
}

/** Of a fault after which the work goes on by itself; what a person can do comes first. */
function passing(what: string, remedy = ''): Wording {
  return { what, remedy, goesOn: true }
}

function wordingOf(fault: FaultRecord): Wording {
  const byAbout = WORDS[fault.kind](fault)
  return byAbout[fault.about] ?? byAbout.other
}

/** What is wrong, and what to do about it, in a program that goes on. */
export function faultWords(fault: FaultRecord): FaultWords {
  const { what, remedy, goesOn } = wordingOf(fault)
  if (!goesOn) return { what, remedy }
  const again = 'It is tried again by itself.'
  return { what, remedy: remedy === '' ? again : `${remedy}; it goes on by itself.` }
}

/** Both in one line. */
export function faultSentence(fault: FaultRecord): string {
  const { what, remedy } = faultWords(fault)
  return `${what} ${remedy}`.trim()
}

/** The same of a fault that ended a command: nothing goes on until it is run again. */
export function endingSentence(fault: FaultRecord): string {
  const { what, remedy, goesOn } = wordingOf(fault)
  if (!goesOn) return `${what} ${remedy}`.trim()
  return remedy === '' ? `${what} Try again.` : `${what} ${remedy}, and try again.`
}

/** What is wrong with a photo that is shown all the same. */
export const DAMAGE_WORDS: Record<DamageKind, string> = {
  'end-missing': 'part of it is damaged: its last rows are missing',
  'part-broken': 'part of it is damaged: some of it is not as it was',
  coarse: 'part of it is damaged: its finest details are missing'
}

/**
 * What cannot be listed: "3 subfolders of “Pictures”, the first “2019/May”,". Without `folder` it is
 * clear which one it is of.
 */
function closedSubject({ directories, first }: Closed, folder?: string): string {
  const of = folder === undefined ? '' : ` of “${folder}”`
  if (directories > 1) return `${directories} subfolders${of}, the first “${first || '/'}”,`
  if (first !== '') return `The subfolder “${first}”${of}`
  return folder === undefined ? 'The folder' : `“${folder}”`
}

/** The same with why: "The subfolder “May” cannot be read: the disk does not answer". */
export function closedClause(closed: Closed, fault: FaultRecord, folder?: string): string {
  return `${closedSubject(closed, folder)} cannot be read: ${faultClause(fault)}`
}

/** Why one or many wait, after a colon: "the disk is full". */
export function faultClause(fault: FaultRecord): string {
  const clause = faultWords(fault).what.replace(/\.$/, '')
  const isName = clause.startsWith('Kindred')
  return isName ? clause : clause.charAt(0).toLowerCase() + clause.slice(1)
}
