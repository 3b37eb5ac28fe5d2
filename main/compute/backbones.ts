// The backbones of a compute process: those that came with Kindred, one in float and the same in 8
// bits, and those that a library has tuned, opened when they are asked for. Each frees its memory
// when it was not run for a while. Compute's main thread.
import type { IntegerWay, Provider } from '../../model/learning.ts'
import type { Arithmetic } from '../../model/retrieval.ts'
import { Fault } from '../wire/fault.ts'
import type { Backbone } from './backbone.ts'
import { openBackbone, openQuantized, openTuned, type Quantized } from './backbone-folder.ts'

/** A backbone that came with Kindred. */
export interface Shipped {
  sha256: string
  arithmetic: Arithmetic
  /** How this processor computes it rightly; null: in no way. */
  way: IntegerWay | null
}

/** All backbones that a library may need. */
export class Backbones {
  readonly float: Backbone
  readonly #quantized: Quantized | undefined
  readonly #onLost: Backbone['onLost']
  readonly #tuned = new Map<string, Promise<Backbone>>()
  /** Where the library has its tuned ones. */
  folder = ''

  private constructor(
    float: Backbone,
    quantized: Quantized | undefined,
    onLost: Backbone['onLost']
  ) {
    this.float = float
    this.#quantized = quantized
    this.#onLost = onLost
    float.onLost = onLost
  }

  /** Opens the shipped ones. Throws as `openBackbone`. */
  static async open(folder: string, onLost: Backbone['onLost']): Promise<Backbones> {
    const float = await openBackbone(folder)
    const backbones = new Backbones(float, await openQuantized(folder, float), onLost)
    if (backbones.preferred !== float) await float.dispose() // until it is asked for
    return backbones
  }

  /** What describes photos of new libraries: in 8 bits where that is right and fast. */
  get preferred(): Backbone {
    const open = this.#quantized?.open
    return open?.way === 'fastest' ? open.backbone : this.float
  }

  /** Those that came with Kindred. */
  get shipped(): Shipped[] {
    const { sha256, arithmetic } = this.float.card
    const float: Shipped = { sha256, arithmetic, way: 'fastest' }
    if (!this.#quantized) return [float]
    const { card, open } = this.#quantized
    return [
      float,
      { sha256: card.sha256, arithmetic: card.arithmetic, way: open?.way ?? null }
    ]
  }

  /**
   * The backbone with this sha-256. Throws a Fault: `bad-model` for one that is not there, `device`
   * for one that this processor does not compute rightly.
   */
  get(sha256: string): Promise<Backbone> {
    if (sha256 === this.float.card.sha256) return Promise.resolve(this.float)
    if (sha256 === this.#quantized?.card.sha256) return this.#inBits(this.#quantized)
    const held = this.#tuned.get(sha256)
    if (held) return held
    const opening = openTuned(this.folder, sha256, this.float).then((backbone) => {
      backbone.onLost = this.#onLost
      return backbone
    })
    this.#tuned.set(sha256, opening)
    opening.catch(() => this.#tuned.delete(sha256)) // it may be there the next time
    return opening
  }

  /** The one whose weights are trained on in place of this one: for 8 bits, the float one. */
  trainable(sha256: string): Promise<Backbone> {
    return this.get(sha256 === this.#quantized?.card.sha256 ? this.float.card.sha256 : sha256)
  }

  /** Runs them all on another provider from now on. Throws as `openBackbone`. */
  async move(provider: Provider): Promise<void> {
    await this.float.move(provider)
    for (const backbone of await this.#opened()) await backbone.move(provider)
  }

  async dispose(): Promise<void> {
    await this.float.dispose()
    await this.#quantized?.open?.backbone.dispose()
    for (const backbone of await this.#opened()) await backbone.dispose()
  }

  async #inBits({ card, open }: Quantized): Promise<Backbone> {
    if (open) return open.backbone
    const expected = `a processor that computes ${card.name} rightly`
    throw new Fault({ kind: 'device', subject: 'cpu', expected, received: 'other features' })
  }

  async #opened(): Promise<Backbone[]> {
    const all = await Promise.allSettled(this.#tuned.values())
    return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  }
}
