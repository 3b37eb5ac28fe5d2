// Long calls of compute, made again after its deaths and on another device when one is lost. Runs
// in the engine.
import { isFault } from '../../wire/fault.ts'
import type { Context } from '../context.ts'
import type { DeviceChoice } from './devices.ts'

/** Deaths of compute without a new checkpoint, until the run gives up. */
const BARREN_DEATHS = 24

/**
 * Makes an attempt until it ends. `attempt` tells when it has come further than those before it.
 * Rejects with what no other attempt would change, or when the signal aborts.
 */
export async function persistently<T>(
  { giveWay }: Context,
  devices: DeviceChoice,
  attempt: (onFurther: () => void) => Promise<T>,
  signal: AbortSignal
): Promise<T> {
  let barren = 0
  let isFurther = false
  for (;;) {
    await giveWay(signal)
    try {
      return await attempt(() => (isFurther = true))
    } catch (error) {
      if (signal.aborted) throw error
      if (isFault(error, 'device') && devices.lose(error)) continue // another one takes over
      if (!isFault(error, 'process-lost')) throw error
      barren = isFurther ? 0 : barren + 1
      isFurther = false
      if (barren >= BARREN_DEATHS) throw error
    }
  }
}
