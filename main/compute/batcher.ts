// Gathers prepared photos into batches for the backbone and keeps it busy. Compute's main thread.
// Never waits for a batch to fill: what is ready when the backbone is free runs, up to BATCH
// photos.
import { setImmediate } from 'node:timers/promises'
import type { StepAside } from '../wire/step-aside.ts'
import { BATCH, type Backbone } from './backbone.ts'
import type { Stopwatch } from './stopwatch.ts'

interface Ready {
  slot: number
  isUrgent: boolean
  resolve: (feature: Float32Array) => void
  reject: (error: unknown) => void
}

/** Runs photos through the backbone as they come. */
export class Batcher {
  readonly #backbone: Backbone
  readonly #slots: Float32Array // [slots, 3, size, size]
  readonly #stopwatch: Stopwatch
  readonly #aside: StepAside
  readonly #photo: number // numbers of one photo
  readonly #batch: Float32Array
  readonly #ready: Ready[] = []
  #running = false
  #urgentCame = new AbortController()

  /** @param slots shared memory that photo threads write prepared photos to */
  constructor(
    backbone: Backbone,
    slots: SharedArrayBuffer,
    stopwatch: Stopwatch,
    aside: StepAside
  ) {
    this.#backbone = backbone
    this.#slots = new Float32Array(slots)
    this.#stopwatch = stopwatch
    this.#aside = aside
    this.#photo = 3 * backbone.card.input.size ** 2
    this.#batch = new Float32Array(BATCH * this.#photo)
  }

  /**
   * The feature [D] of the photo in a slot, which must stay as it is until then; before all others
   * if someone waits for it.
   */
  describe(slot: number, isUrgent = false): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      const one = { slot, isUrgent, resolve, reject }
      if (isUrgent) this.#ready.unshift(one)
      else this.#ready.push(one)
      if (isUrgent) this.#urgentCame.abort()
      if (!this.#running) void this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#running = true
    while (this.#ready.length > 0) {
      const batch = await this.#nextBatch()
      batch.forEach(({ slot }, i) => {
        const photo = this.#slots.subarray(slot * this.#photo, (slot + 1) * this.#photo)
        this.#batch.set(photo, i * this.#photo)
      })
      try {
        const n = batch.length
        const values = this.#batch.subarray(0, n * this.#photo)
        await setImmediate() // what came in while the thread stood still is handed on first
        const features = await this.#stopwatch.time(() => this.#backbone.run(values, n))
        const D = features.length / n
        batch.forEach(({ resolve }, i) => resolve(features.slice(i * D, (i + 1) * D)))
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#running = false
  }

  /** At once, or when nobody acts any more; what somebody waits for goes alone until then. */
  async #nextBatch(): Promise<Ready[]> {
    if (!this.#ready[0]?.isUrgent) {
      this.#urgentCame = new AbortController()
      await this.#aside.over(this.#urgentCame.signal)
    }
    const urgent = this.#ready.filter(({ isUrgent }) => isUrgent).length
    return this.#ready.splice(0, this.#aside.isOn ? Math.min(BATCH, urgent) : BATCH)
  }
}
