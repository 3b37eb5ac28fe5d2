// Runs what an event or a timer starts in the engine. Nobody awaits that, so a fault thrown there
// would end the process, which a full disk, for example, must not do. Pure.
import { isFault } from '../../wire/fault.ts'
import type { Fault } from '../../wire/fault.ts'

/**
 * The same work, but a Fault is given to `onFault`, and undefined comes back then. Errors of ours
 * are thrown on.
 */
export function guarded<A extends unknown[], T>(
  onFault: (fault: Fault) => void,
  work: (...args: A) => T
): (...args: A) => T | undefined {
  return (...args) => {
    try {
      return work(...args)
    } catch (error) {
      if (!isFault(error)) throw error
      onFault(error)
      return undefined
    }
  }
}
