// How long to wait before a process that died is started again, and when not to any more. Used by
// app and the command line, which start processes. Pure.
import { Fault } from './fault.ts'
import type { KeptProcess } from './process-messages.ts'

const FIRST_MILLISECONDS = 100
const LONGEST_MILLISECONDS = 5_000
/** Who lived this long is healthy: its next death counts as the first. */
export const HEALTHY_MILLISECONDS = 30_000

/** Counts deaths in a row: 0.1 s after the first, doubled each time, never more than 5 s. */
export class Backoff {
  #deaths = 0

  /** The wait in milliseconds before the next start, given how long the dead one had lived. */
  afterDeath(livedMilliseconds: number): number {
    if (livedMilliseconds >= HEALTHY_MILLISECONDS) this.#deaths = 0
    this.#deaths += 1
    return Math.min(FIRST_MILLISECONDS * 2 ** (this.#deaths - 1), LONGEST_MILLISECONDS)
  }
}

/** So many starts in a row that never came to be ready: the next would fail as well. */
export const MOST_FAILED_STARTS = 5
/**
 * So many ends in a row, each soon after the start. Far more than a few photos cost that each kill
 * compute twice before they are left out.
 */
export const MOST_SHORT_LIVES = 30

/** Judges by its ends whether a process is worth another start. */
export class Prospects {
  #failedStarts = 0
  #shortLives = 0

  /**
   * To be told of each end.
   * @returns how often it has failed in a row, as words, when that is too often; else undefined.
   */
  afterDeath(livedMilliseconds: number, wasReady: boolean): string | undefined {
    this.#failedStarts = wasReady ? 0 : this.#failedStarts + 1
    this.#shortLives = livedMilliseconds < HEALTHY_MILLISECONDS ? this.#shortLives + 1 : 0
    if (this.#failedStarts >= MOST_FAILED_STARTS) return `${this.#failedStarts} times while starting`
    if (this.#shortLives >= MOST_SHORT_LIVES) return `${this.#shortLives} times soon after its start`
    return undefined
  }
}

/** The fault of a process that ended so often. */
export function hopeless(name: KeptProcess | 'decoder', often: string): Fault {
  return new Fault({
    kind: 'keeps-ending',
    subject: name,
    expected: `${name} to stay up`,
    received: often
  })
}
