// What is told when nothing can be learned, or not now. Runs in the writer. Pure.
import { Fault } from '../../wire/fault.ts'
import { FEWEST_TO_FIT } from '../../../model/retrieval.ts'

/** Nothing can be learned from so few photos. */
export function tooFew(photos: number): Fault {
  return new Fault({
    kind: 'too-few-photos',
    passes: false,
    subject: 'learning',
    expected: `at least ${FEWEST_TO_FIT} indexed photos`,
    received: String(photos)
  })
}

/** Too few photos of a sample have all that a run needs of them. */
export function tooFewSeen(photos: number): Fault {
  return new Fault({
    kind: 'too-few-photos',
    subject: 'learning',
    expected: `at least ${FEWEST_TO_FIT} photos that can be read`,
    received: String(photos)
  })
}

/** Deep training starts from the codes that are there, and keeps their length. */
export function otherBits(bits: number, wanted: number): Fault {
  return new Fault({
    kind: 'bad-argument',
    subject: 'bits',
    expected: `${bits}, as the model has that it begins with`,
    received: String(wanted)
  })
}
