// How long to wait before something that died is started again. Runs in app; pure.

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
