// What the catalogue keeps of runs that end: their result, what counts as learned then, what is
// left of one that is dropped. Runs in the writer.
import * as v from 'valibot'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { RunRow } from '../../catalogue/run-table.ts'
import { Bits } from '../../wire/learning-contract.ts'
import type { LearnResult } from '../../wire/learning-contract.ts'
import { isDue } from './due.ts'
import { isProven } from './run-parts.ts'

/** The run is over; what was there when it began is not new any more. */
export function endRun(catalogue: Catalogue, run: RunRow, result: LearnResult): void {
  catalogue.transaction(() => {
    catalogue.runs.end(run.id, result, Date.now())
    countAsLearned(catalogue, run)
  })
}

/** What was there when the run began was learned from, or declined. */
export function countAsLearned(catalogue: Catalogue, { startedAt: at }: RunRow): void {
  const photos = catalogue.work.counts().indexed - catalogue.vectors.madeSince(at)
  catalogue.settings.setLearnedUntil({ at, photos })
}

/** What is there now was declined: nothing is learned by itself until there is more. */
export function countAllAsLearned(catalogue: Catalogue): void {
  const photos = catalogue.work.counts().indexed
  catalogue.settings.setLearnedUntil({ at: Date.now(), photos })
}

/** Who goes back to a model wants codes of its size from then on. */
export function rememberBits(catalogue: Catalogue, model: number): void {
  const { M, K } = catalogue.models.get(model) ?? { M: 0, K: 1 }
  const bits = M * Math.log2(K)
  if (v.is(Bits, bits)) catalogue.settings.setBits(bits)
}

/** Ends a run without a result. What it has trained goes; what it has proven is only kept. */
export function dropRun(catalogue: Catalogue, { id, model, outcome }: RunRow): void {
  catalogue.transaction(() => {
    if (model && isProven(outcome)) catalogue.models.retireCandidate(model)
    else if (model) catalogue.models.erase(model)
    catalogue.runs.end(id, null, Date.now())
  })
}

/** Photos that came since the run began would start another one. */
export function isOvertaken(catalogue: Catalogue, { startedAt: at }: RunRow): boolean {
  const { indexed } = catalogue.work.counts()
  const fresh = catalogue.vectors.madeSince(at)
  return isDue(indexed, fresh, { at, photos: indexed - fresh })
}
