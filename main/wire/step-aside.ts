// How background work steps aside while a person acts. Pure, but for the clock and timers.
//
// [Note: step aside] Indexing and learning share cores, caches and memory with the process that
// draws the page, whatever their priority is. So the page tells the engine whenever somebody
// presses, clicks, drags, types or turns the wheel (renderer/state/acts.ts). The engine's reader
// hands that on to the writer, the writer to compute, compute to the decoder, and each of them
// begins nothing in the background for a moment: no decode, no run of the backbone, no step of
// learning, no transaction, and the reader does not tell the page to draw anew. What runs ends.
// What somebody waits for goes on. All that each of them keeps is when the moment ends, so nothing
// has to be taken back, and whoever dies leaves nobody waiting.

/** So long after an act nothing is begun: a press lasts about 80 ms, then the answer is drawn. */
export const QUIET_AFTER_ACT = 200 // ms
/** Moments may last so long one after the other; they are saved up while nobody acts. */
export const MOST_SAVED = 5000 // ms

/** When background work may begin. */
export class StepAside {
  readonly #now: () => number
  #until: number // the present moment ends, or the last one ended
  #saved = MOST_SAVED // ms that moments may still take
  #savedAt: number

  /** @param now ms, of a clock that is never set back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#until = this.#savedAt = now()
  }

  /**
   * Somebody acts: nothing is begun for a moment from now on. Those who never stop get half of the
   * time: each free millisecond gives them one.
   */
  begin(): void {
    const now = this.#now()
    this.#saved = Math.min(MOST_SAVED, this.#saved + Math.max(0, now - this.#savedAt))
    const from = Math.max(now, this.#until)
    const longer = Math.min(now + QUIET_AFTER_ACT - from, this.#saved)
    this.#saved -= longer
    this.#until = this.#savedAt = from + longer
  }

  /** Nothing is to be begun now. */
  get isOn(): boolean {
    return this.#left > 0
  }

  /** Resolves when work may begin, or the signal aborts. */
  async over(signal?: AbortSignal): Promise<void> {
    while (this.isOn && !signal?.aborted) await pause(this.#left, signal)
  }

  get #left(): number {
    return this.#until - this.#now()
  }
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end)
  })
}
