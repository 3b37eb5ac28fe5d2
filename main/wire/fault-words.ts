// Faults in words for people: what is wrong, and what to do about it. The one place where they are
// worded, for the page and the command line. Pure.
import type { About, FaultKind, FaultRecord } from './fault.ts'

/** Two sentences; either may be empty. */
export interface FaultWords {
  what: string
  remedy: string
}

/** Words by whom the fault is about; `other` where nothing is said of them. */
type ByAbout = Partial<Record<About, FaultWords>> & { other: FaultWords }
type WordsOf = (fault: FaultRecord) => ByAbout

const AGAIN = 'It is tried again by itself.'
const GOES_ON = 'it goes on by itself.'
const REPORT = 'Please report it.'

/** Every kind has its words: one that lacks them is an error of types. */
const WORDS: Record<FaultKind, WordsOf> = {
  'bad-argument': ({ subject, expected, received }) => ({
    other: words(`${subject}: expected ${expected}, got ${received}.`)
  }),
  'not-found': ({ subject }) => ({
    photo: words(
      'The file is no longer there.',
      'If it was moved within your folders, it is found there by itself.'
    ),
    folder: words(
      `There is no folder ${subject}.`,
      'Choose one that is there and that you may open.'
    ),
    library: words('There is no library yet.', 'Index a folder first.'),
    other: words(`There is no ${subject} any more.`)
  }),
  'no-access': () => ({
    photo: words('The file may not be read.', `Allow reading it; ${GOES_ON}`),
    folder: words('The folder may not be opened.', `Allow opening it; ${GOES_ON}`),
    library: words('The library may not be written.', `Allow writing in its folder; ${GOES_ON}`),
    other: words('Access was refused.')
  }),
  'disk-error': () => ({
    photo: words('The disk gives errors.', `Check the disk, or its connection; ${GOES_ON}`),
    folder: words('The disk does not answer.', `Check the disk, or its connection; ${GOES_ON}`),
    library: words('The disk of the library gives errors.', `Check it; ${GOES_ON}`),
    other: words('A disk gives errors.', `Check it; ${GOES_ON}`)
  }),
  'disk-full': () => ({ other: words('The disk is full.', `Make room; ${GOES_ON}`) }),
  'read-only': () => ({
    other: words('The disk of the library is read-only.', `Make it writable; ${GOES_ON}`)
  }),
  unreadable: () => ({
    photo: words('The file could not be opened.', AGAIN),
    folder: words('The folder could not be opened.', AGAIN),
    library: words('The library could not be written.', 'Check the disk that it is on.'),
    other: words('A file could not be opened.', AGAIN)
  }),
  'system-busy': () => ({
    other: words('Memory or open files ran out.', `Close other programs; ${GOES_ON}`)
  }),
  'unsupported-format': ({ received }) => ({
    other: words(
      `This is ${received}, which Kindred does not read yet.`,
      'A copy saved as JPEG is read.'
    )
  }),
  'corrupt-photo': () => ({
    other: words(
      'The file is damaged, or it is no photo.',
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
  'library-damaged': ({ subject }) => ({
    other: words(
      'The catalogue of the library cannot be read.',
      `Move ${subject} away; Kindred then makes a new one from your photos.`
    )
  }),
  'process-lost': () => ({
    other: words('A part of Kindred ended.', 'It is started again by itself.')
  }),
  'keeps-ending': () => ({
    other: words(
      'A part of Kindred ended each time it was started.',
      'Try again. If that does not help, install Kindred again: your library is kept.'
    )
  }),
  'version-mismatch': () => ({
    other: words(
      'The parts of Kindred, or its library, are of different versions.',
      'Close Kindred and start it again; if that does not help, install the newest.'
    )
  }),
  device: () => ({ other: words('The device that computes could not go on.', AGAIN) }),
  cancelled: () => ({ other: words('It was stopped.') }),
  internal: () => ({
    photo: words('Kindred made an error.', `${AGAIN} ${REPORT}`),
    other: words('Kindred made an error.', REPORT)
  })
}

function words(what: string, remedy = ''): FaultWords {
  return { what, remedy }
}

/** What is wrong, and what to do about it. */
export function faultWords(fault: FaultRecord): FaultWords {
  const byAbout = WORDS[fault.kind](fault)
  return byAbout[fault.about] ?? byAbout.other
}

/** Both in one line. */
export function faultSentence(fault: FaultRecord): string {
  const { what, remedy } = faultWords(fault)
  return remedy === '' ? what : `${what} ${remedy}`
}

/** Why something waits, after a colon: "the disk is full". */
export function faultClause(fault: FaultRecord): string {
  const clause = faultWords(fault).what.replace(/\.$/, '')
  return /^(A|The) /.test(clause) ? clause.charAt(0).toLowerCase() + clause.slice(1) : clause
}
