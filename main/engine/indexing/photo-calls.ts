// Many photos through calls of compute, a few in flight, in the background: what comes back is kept
// at once, so that a kill costs the calls in flight. Runs in the writer.
import type { Refused } from '../../wire/compute-contract.ts'
import { Fault, isFault } from '../../wire/fault.ts'
import type { Session } from '../lines/compute-session.ts'
import type { Context } from '../context.ts'
import { decide } from '../faults/decision.ts'

/** Photos of a call, and calls in flight. */
const BATCH = 48
const IN_FLIGHT = 2

/**
 * Calls compute for all of these photos, indexing going first. After a death of compute the photos
 * that were in work are called for again, half as many a call; one that it dies of alone is left
 * out. Rejects with the Fault that keeps compute from working, or when the signal aborts.
 * @param call one call for a batch; keeps what comes of it
 */
export async function callForPhotos(
  { link, giveWay }: Context,
  ids: readonly number[],
  call: (session: Session, batch: readonly number[]) => Promise<void>,
  onDone: (photos: number) => void,
  signal: AbortSignal
): Promise<void> {
  const waiting: (readonly number[])[] = []
  for (let from = 0; from < ids.length; from += BATCH) waiting.push(ids.slice(from, from + BATCH))

  async function see(batch: readonly number[]): Promise<void> {
    for (let deaths = 1; ; deaths++) {
      await giveWay(signal)
      try {
        await call(await link.session(signal), batch)
        break
      } catch (error) {
        if (!isFault(error, 'process-lost') || signal.aborted) throw error
        if (batch.length > 1) {
          const half = batch.length >> 1
          waiting.unshift(batch.slice(0, half), batch.slice(half))
          return
        }
        const history = { attempts: deaths, work: 'known-photo-alone' } as const
        if (decide(error.record, history).course === 'fail') break
      }
    }
    onDone(batch.length)
  }

  async function worker(): Promise<void> {
    for (let batch = waiting.shift(); batch && !signal.aborted; batch = waiting.shift())
      await see(batch)
  }

  const workers = Array.from({ length: IN_FLIGHT }, worker)
  try {
    await Promise.all(workers)
  } finally {
    waiting.length = 0 // one failed: the other ends with what it has in work
    await Promise.allSettled(workers)
  }
  signal.throwIfAborted()
}

/**
 * The outcomes of photos that could be worked on. Throws the Fault of a refusal that stops the
 * work: a device that fails, say, is no reason to leave photos out.
 */
export function withoutRefused<T extends { outcome: string }>(
  outcomes: readonly (T | Refused)[]
): T[] {
  return outcomes.flatMap((one) => {
    if (!isRefused(one)) return [one]
    if (decide(one.fault, { attempts: 1 }).course === 'stop') throw new Fault(one.fault)
    return []
  })
}

function isRefused(one: { outcome: string } | Refused): one is Refused {
  return one.outcome === 'refused'
}
