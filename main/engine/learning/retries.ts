// Failures of a run in a row, and when it is tried again: both are kept in the catalogue, so that a
// restart neither forgets them nor tries at once. Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { Fault, faultOf, isFault } from '../../wire/fault.ts'
import { RUN_SPACING, decide } from '../faults/decision.ts'

export interface RetriesParts {
  settings: Pick<Catalogue['settings'], 'learningStop' | 'setLearningStop'>
  /** The time to try again has come. */
  onTime(): void
}

/** What stands in a run's way since it failed, and for how long. */
export class Retries {
  readonly #parts: RetriesParts
  #failures: number
  #trouble: Fault | undefined
  #notice: Fault | undefined
  #timer: NodeJS.Timeout | undefined

  /** Goes on with what was kept when Kindred ended. */
  constructor(parts: RetriesParts) {
    this.#parts = parts
    const kept = parts.settings.learningStop()
    this.#failures = kept?.attempts ?? 0
    if (!kept) return
    // The clock may have been put back.
    const left = Math.min(kept.retryAt - Date.now(), RUN_SPACING.most)
    // That there was no compute, or no model for it, says nothing of the one that is started now.
    const isOver = kept.fault.kind === 'keeps-ending' || kept.fault.kind === 'bad-model'
    if (left > 0 && !isOver) this.#hold(new Fault(kept.fault), left)
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
    if (!isFault(error)) console.error(error)
    const fault = faultOf(error, 'learning')
    const { after } = decide(fault.record, { attempts: this.#failures, work: 'run' })
    this.close()
    this.#hold(fault, after)
    this.#keep({ fault: fault.record, attempts: this.#failures, retryAt: Date.now() + after })
  }

  /** Nothing stands in the way, after a restart neither; failures are still counted. */
  clear(): void {
    const fault = this.#trouble?.record
    this.close()
    if (fault) this.#keep({ fault, attempts: this.#failures, retryAt: 0 })
  }

  /** It went well, or another run begins. */
  reset(): void {
    this.close()
    this.#failures = 0
    this.#keep(undefined)
  }

  /** Nobody is told any more; what is kept stays. */
  close(): void {
    clearTimeout(this.#timer)
    this.#trouble = this.#notice = undefined
  }

  #hold(fault: Fault, milliseconds: number): void {
    this.#trouble = fault
    this.#timer = setTimeout(() => {
      this.close()
      this.#parts.onTime()
    }, milliseconds)
  }

  /** As far as that is possible: the catalogue may be what cannot be written. */
  #keep(stop: Parameters<RetriesParts['settings']['setLearningStop']>[0]): void {
    try {
      this.#parts.settings.setLearningStop(stop)
    } catch (error) {
      if (faultOf(error, 'learning').record.about !== 'library') throw error
    }
  }
}
