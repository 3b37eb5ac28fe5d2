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
