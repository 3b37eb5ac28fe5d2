// What is told when nothing can be learned, or not now. Runs in the engine. Pure.
import { Fault } from '../../wire/fault.ts'
import { FEWEST_TO_FIT } from '../../../model/retrieval.ts'

/** Nothing can be learned from so few photos. */
export function tooFew(photos: number): Fault {
  return new Fault({
    kind: 'not-found',
    subject: 'learning',
    expected: `at least ${FEWEST_TO_FIT} indexed photos`,
    received: String(photos),
    remedy: 'Add a folder with more photos.'
  })
}

/** Deep training is refused, not left undone in silence. */
export function notYetDeep(): Fault {
  return new Fault({
    kind: 'bad-argument',
    subject: 'depth',
    expected: 'head',
    received: 'deep',
    remedy: 'Deep training is not part of Kindred yet: learn without it.'
  })
}

/** An error of ours, as it is told. */
export function internal(error: unknown): Fault {
  return new Fault({
    kind: 'bad-argument',
    subject: 'learning',
    expected: 'no internal error',
    received: error instanceof Error ? error.message : String(error),
    remedy: 'It is tried again by itself; please report this.'
  })
}
