// Training as compute does it: one run at a time on the main thread, between all other calls, and
// what a device that failed in it is told as. Compute's main thread.
import { ProviderError } from '../../model/learning.ts'
import { Fault, isFault } from '../wire/fault.ts'

/** Runs work that trains on a provider, after whatever trains now. */
export type OneTraining = <T>(
  provider: string,
  signal: AbortSignal,
  work: () => Promise<T>
) => Promise<T>

/** One run after the other; one that was given up ends at its next step. */
export function oneTrainingAtATime(): OneTraining {
  let last: Promise<unknown> = Promise.resolve()
  return (provider, signal, work) => {
    const running = last.then(work).catch((error: unknown) => {
      if (!isOfDevice(error, provider, signal)) throw error
      throw lostDevice(provider, error)
    })
    last = running.catch(() => undefined)
    return running
  }
}

/** On the processor errors are ours; elsewhere the device may be gone, at any step. */
function isOfDevice(error: unknown, provider: string, signal: AbortSignal): error is Error {
  if (error instanceof ProviderError) return true
  const isOurs = error instanceof RangeError || isFault(error) || signal.aborted
  return provider !== 'cpu' && !isOurs && error instanceof Error
}

function lostDevice(provider: string, { message }: Error): Fault {
  return new Fault({
    kind: 'device',
    subject: provider,
    expected: 'a device that goes on',
    received: message
  })
}
