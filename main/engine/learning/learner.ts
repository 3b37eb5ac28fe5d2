// Learning as the engine drives it. Runs in the engine; compute does the arithmetic.
import type { Learning } from '../../wire/learning-contract.ts'
import { FEWEST_TO_FIT } from '../../../model/retrieval.ts'
import type { Context } from '../context.ts'
import type { Learner } from './api.ts'

/** Makes the learner of a library. */
export function createLearner({ catalogue, search }: Context): Learner {
  const snapshot = (): Learning => ({
    state: 'off',
    waitsFor: null,
    phase: null,
    depth: 'head',
    done: 0,
    total: 0,
    secondsLeft: null,
    trial: 0,
    trials: 0,
    curve: [],
    device: null,
    photos: catalogue.work.counts().indexed,
    photosNeeded: FEWEST_TO_FIT,
    newPhotos: 0,
    newPhotosNeeded: 0,
    last: null,
    trouble: null
  })
  return {
    wake: () => undefined,
    snapshot,
    on: () => () => undefined,
    learn: () => Promise.reject(new Error('not there yet')),
    cancel: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    power: () => undefined,
    models: () => [],
    rollback: () => Promise.resolve(),
    compare: () =>
      Promise.resolve({ before: null, after: search.serving()?.id ?? null, comparisons: [] }),
    devices: () => ({ devices: [], measuredAt: null, note: null }),
    measureDevices: () => Promise.resolve({ devices: [], measuredAt: null, note: null }),
    holdsModels: () => false,
    close: () => Promise.resolve()
  }
}
