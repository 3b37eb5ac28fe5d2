// What is told of the learner, and what it would do by itself: whether a run is wanted, and what it
// waits for. Runs in the writer; reads only.
import type { RunRow } from '../../catalogue/run-table.ts'
import type { Learning } from '../../wire/learning-contract.ts'
import { FEWEST_TO_FIT } from '../../../model/retrieval.ts'
import type { Context } from '../context.ts'
import type { DeviceChoice } from '../runs/device-choice.ts'
import { isDue, newPhotosNeeded } from '../runs/due.ts'
import { deepSeconds } from '../runs/estimate.ts'
import type { Holds } from './holds.ts'
import type { LearnerMachine } from './learner-machine.ts'
import { createCounts } from './learned-counts.ts'
import type { Counted } from './learned-counts.ts'
import type { Surroundings } from '../runs/learning-meter.ts'
import type { Retries } from './retries.ts'
import type { Waiters } from './waiters.ts'

export interface OutlookParts {
  context: Context
  devices: DeviceChoice
  holds: Holds
  retries: Retries
  waiters: Waiters
  machine: Pick<LearnerMachine<unknown, unknown>, 'state' | 'nextCommand'>
  /** True while indexing has nothing to do. */
  isIdle(): boolean
  /** Runs are started when they are due, and unfinished ones go on. */
  isByItself: boolean
}

export interface LearnerOutlook {
  /** What is told, but for what the meter knows. */
  surroundings(): Surroundings
  /** A run is wanted, and nothing stands in its way. */
  mayLearn(): boolean
  /** What could compute was not measured on this machine, and can be now. */
  mayMeasure(): boolean
}

/** Makes the outlook of a learner. */
export function createLearnerOutlook(parts: OutlookParts): LearnerOutlook {
  const { context, devices, holds, retries, waiters, machine } = parts
  const { catalogue, link, stopper } = context
  const counts = createCounts(catalogue)

  /** What a run that is wanted waits for; undefined: nothing. */
  function obstacle(): Learning['waitsFor'] | 'trouble' | undefined {
    if (holds.waitsForPower) return 'mains-power'
    if (!parts.isIdle()) return 'indexing'
    if (!link.isAtHand()) return 'compute'
    // A run under way goes on: only what it would keep meanwhile is not kept.
    const isStopped = machine.state !== 'learning' && stopper.current?.fault.about === 'library'
    return retries.trouble || isStopped ? 'trouble' : undefined
  }

  function isWanted(run: RunRow | undefined, { indexed, fresh, until }: Counted): boolean {
    if (machine.state === 'closed' || machine.nextCommand === 'close') return false
    if (run) return parts.isByItself || !waiters.isEmpty
    return parts.isByItself && isDue(indexed, fresh, until)
  }

  function stateOf(isRunWanted: boolean): Learning['state'] {
    if (machine.state === 'returning' || machine.nextCommand === 'go-back') return 'returning'
    if (!isRunWanted) return 'off'
    if (holds.isPaused) return 'paused'
    return obstacle() ? 'waiting' : 'running'
  }

  return {
    surroundings() {
      const counted = counts.recent()
      const run = catalogue.runs.unfinished()
      const state = stateOf(isWanted(run, counted))
      const waitsFor = state === 'waiting' ? obstacle() : undefined
      const isAtWork = machine.state === 'learning' || machine.state === 'halting'
      return {
        state,
        anew: state === 'returning' && catalogue.settings.describesAnew() !== undefined,
        halted: holds.isPaused,
        waitsFor: waitsFor && waitsFor !== 'trouble' ? waitsFor : null,
        depth: run?.options.depth ?? 'head',
        device: isAtWork && run ? devices.providerFor(run.options) : null,
        photos: counted.indexed,
        photosNeeded: FEWEST_TO_FIT,
        newPhotos: counted.fresh,
        newPhotosNeeded: newPhotosNeeded(counted.until),
        deepSeconds: deepSeconds(counted.indexed, devices),
        last: catalogue.runs.lastEnded()?.result ?? null,
        trouble: (retries.trouble ?? retries.notice)?.record ?? null
      }
    },
    mayLearn() {
      if (holds.isPaused || obstacle() !== undefined) return false
      return isWanted(catalogue.runs.unfinished(), counts.now())
    },
    mayMeasure() {
      const session = link.current()
      return parts.isByItself && parts.isIdle() && !!session && devices.isStale(session)
    }
  }
}
