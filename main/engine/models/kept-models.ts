// The models that are kept, as they are shown. Runs in the writer, and where a
// library is only looked at; reads only.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { KeptModel } from '../../wire/learning-contract.ts'

/** All models that can serve, the latest first. */
export function keptModels(catalogue: Catalogue): KeptModel[] {
  return catalogue.models
    .list()
    .filter((model) => model.kind === 'learned' || model.state !== 'retired' || model.servedUntil)
    .reverse()
    .map(({ id, kind, depth, state, M, K, fittedOn, createdAt, ...learned }) => {
      const { device, seconds, steps, scoreBefore, scoreAfter } = learned
      return {
        id,
        kind,
        depth,
        state,
        bits: M * Math.log2(K),
        fittedOn,
        createdAt,
        device,
        seconds,
        steps,
        scoreBefore,
        scoreAfter
      }
    })
}
