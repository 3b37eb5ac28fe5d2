// What the parts of the writer share, for tests of single parts. Test code only.
import type { Catalogue } from '../../main/catalogue/catalogue.ts'
import type { ComputeLink } from '../../main/engine/lines/compute-link.ts'
import type { Context } from '../../main/engine/context.ts'
import { SPACING } from '../../main/engine/faults/decision.ts'
import { StepAside } from '../../main/wire/step-aside.ts'
import { BACKBONE } from './library.ts'
import { readerOf } from './reader-line.ts'
import { stopperOf } from './stopper.ts'

/** A real reader and stopper, nobody to give way to, and nobody who is told. */
export function contextOf(
  catalogue: Catalogue,
  link: ComputeLink,
  own: Partial<Context> = {}
): Context {
  return {
    catalogue,
    link,
    reader: readerOf(catalogue, BACKBONE),
    stopper: own.stopper ?? stopperOf(catalogue),
    spacing: SPACING,
    thumbnails: '/nowhere',
    tuned: '/nowhere',
    aside: new StepAside(),
    giveWay: () => Promise.resolve(),
    onPending: () => undefined,
    onKept: () => undefined,
    onMoved: () => undefined,
    onFitting: () => undefined,
    ...own
  }
}
