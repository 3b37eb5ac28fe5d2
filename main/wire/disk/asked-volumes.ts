// The volumes that a process asks for files, told apart by what is mounted. Pure, but for timers.
// See [Note: slow volumes].
import { mountHolding } from './mount-list.ts'
import type { Mounts } from './mount-list.ts'
import { AT_ONCE, PATIENCE, VolumeCalls } from './volume-calls.ts'
import type { Patience } from './volume-calls.ts'

/** A volume that owed an answer gave one, or it will not be waited for any more. */
export type News = 'answer' | 'silence'

/** What is mounted is asked for again after so long, ms. */
const FRESH = 1000

/** At the end answers are waited for so long, and looked for so often, ms. */
const FAREWELL = 2000
const STEP = 10

const NONE: Mounts = new Map()

/** The volumes, each with its calls. */
export class Volumes {
  /** Of volumes that were not asked before. */
  patience: Patience = PATIENCE
  /** The same: calls of each that are out at once. */
  atOnce = AT_ONCE
  readonly #read: () => Mounts | undefined
  readonly #tell: (news: News) => void
  readonly #calls = new Map<string, VolumeCalls>()
  #mounts = NONE // as they were lately
  #readAt = Number.NEGATIVE_INFINITY
  #isClosed = false

  /** @param read what is mounted now; undefined where the system does not tell */
  constructor(read: () => Mounts | undefined, tell: (news: News) => void = () => undefined) {
    this.#read = read
    this.#tell = tell
  }

  /** The volume that a path lies on; where the system does not tell what is mounted, all is one. */
  of(path: string): VolumeCalls {
    this.#refresh()
    const point = mountHolding(this.#mounts, path) ?? ''
    return this.#callsOf(this.#mounts.get(point)?.id ?? '', nameOf(point) || 'the disk')
  }

  /** The volume of a path that may lead through links to any other: nobody else waits for it. */
  unknown(path: string): VolumeCalls {
    this.#refresh()
    return this.#callsOf(`path ${path}`, nameOf(path))
  }

  #callsOf(id: string, subject: string): VolumeCalls {
    const known = this.#calls.get(id)
    if (known) return known
    const made = new VolumeCalls({
      subject,
      patience: this.patience,
      atOnce: this.atOnce,
      onAnswer: () => this.#tell('answer'),
      onSilence: () => this.#tell('silence')
    })
    this.#calls.set(id, made)
    if (this.#isClosed) made.close()
    return made
  }

  /** An answer of some volume is late, and may still come in time: there will be news. */
  get isAnySlow(): boolean {
    return [...this.#calls.values()].some(({ state }) => state === 'slow')
  }

  /** All calls are refused from now on. */
  close(): void {
    this.#isClosed = true
    for (const calls of this.#calls.values()) calls.close()
  }

  /**
   * Calls that the system does not answer soon, though nothing more is asked of it: while there are
   * any, neither their thread nor its process ends in good order.
   */
  async unanswered(): Promise<number> {
    for (let waited = 0; this.#out > 0 && waited < FAREWELL; waited += STEP)
      await new Promise((resolve) => setTimeout(resolve, STEP))
    return this.#out
  }

  get #out(): number {
    return [...this.#calls.values()].reduce((sum, { out }) => sum + out, 0)
  }

  #refresh(): void {
    const now = performance.now()
    if (now - this.#readAt <= FRESH) return
    this.#mounts = this.#read() ?? NONE
    this.#readAt = now
    // What was mounted again answers for itself, and a path that was asked for is known by now.
    const ids = new Set([...this.#mounts.values()].map(({ id }) => id))
    for (const [id, { out }] of this.#calls) if (out === 0 && !ids.has(id)) this.#calls.delete(id)
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
