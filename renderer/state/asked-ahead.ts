// A question that is put when the button goes down on a photo and taken when it comes up again: a
// press lasts some 80 ms, and by then the answer is mostly there. Runs in the page. It knows
// neither photos nor the engine.

/** A press that lasts longer is asked again: the library may have changed. */
const FRESH = 1000 // ms

/** Holds the last question that was asked ahead. */
export class AskedAhead<T> {
  #asked: { key: string; answer: Promise<T>; asking: AbortController; at: number } | undefined

  /** Asks. What was asked ahead before and was not taken is cancelled. */
  ask(key: string, ask: (signal: AbortSignal) => Promise<T>): void {
    this.#asked?.asking.abort()
    const asking = new AbortController()
    const answer = ask(asking.signal)
    // Whoever takes it hears of a fault; where nobody does, nobody waits for it.
    answer.catch(() => undefined)
    this.#asked = { key, answer, asking, at: performance.now() }
  }

  /** The answer to what was asked ahead under this key, once; from then on the signal stops it. */
  take(key: string, signal: AbortSignal): Promise<T> | undefined {
    const asked = this.#asked
    if (asked?.key !== key || performance.now() - asked.at > FRESH) return undefined
    this.#asked = undefined
    signal.addEventListener('abort', () => asked.asking.abort(), { once: true })
    return asked.answer
  }
}
