// Whether the models that are there must stay as they are. Runs in the writer; reads only.
import type { Context } from '../context.ts'
import { hasOutgrown } from './fit-due.ts'

/**
 * True while an unfinished run stands on the models that are there, with so many photos indexed:
 * none may be fitted then.
 */
export function holdsModels({ catalogue, reader }: Context, indexed: number): boolean {
  const chosen = catalogue.runs.unfinished()?.base
  const base = chosen ? catalogue.models.get(chosen) : undefined
  if (base?.backbone !== reader.backbone()) return false
  return !hasOutgrown(indexed, base.fittedOn, false)
}
