// Failures of a run in a row, and when it is tried again. Runs in the engine.
import { faultOf, isFault } from '../../wire/fault.ts'
import type { Fault } from '../../wire/fault.ts'
import { decide } from '../faults/decision.ts'

/** What stands in a run's way since it failed, and for how long. */
export class Retries {
  readonly #onTime: () => void
  #failures = 0
  #trouble: Fault | undefined
  #notice: Fault | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param onTime the time to try again has come */
  constructor(onTime: () => void) {
    this.#onTime = onTime
  }

  /** What failed; undefined once it may be tried again. */
  get trouble(): Fault | undefined {
    return this.#trouble
  }

  /** What does not go well, but does not keep the run from going on. */
  get notice(): Fault | undefined {
    return this.#notice
  }

  /** Such a thing failed, once or again; undefined: it went well. */
  note(fault: Fault | undefined): void {
    if (fault && !this.#notice) console.error(fault)
    this.#notice = fault
  }

  /** Counts a failure; true when the run is dropped. */
  count(error: unknown, isOvertaken: () => boolean): boolean {
    const { record } = faultOf(error, 'learning')
    const history = { attempts: ++this.#failures, work: 'run', isOvertaken } as const
    return decide(record, history).course === 'fail'
  }

  /** Waits, the longer the more failures there were. */
  wait(error: unknown): void {
    this.clear()
    if (!isFault(error)) console.error(error)
    this.#trouble = faultOf(error, 'learning')
    const { after } = decide(this.#trouble.record, { attempts: this.#failures, work: 'run' })
    this.#timer = setTimeout(() => {
      this.clear()
      this.#onTime()
    }, after)
  }

  /** Nothing stands in the way; failures are still counted. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#trouble = this.#notice = undefined
  }

  /** It went well, or another run begins. */
  reset(): void {
    this.clear()
    this.#failures = 0
  }
}
