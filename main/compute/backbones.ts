// The backbones of a compute process: the shipped one, and those that a library has tuned, opened
// when they are asked for. Each frees its memory when it was not run for a while.
// Compute's main thread.
import { openBackbone, openTuned, type Backbone } from './backbone.ts'
import type { Provider } from '../../model/learning.ts'

/** All backbones that a library may need. */
export class Backbones {
  readonly shipped: Backbone
  readonly #onLost: Backbone['onLost']
  readonly #tuned = new Map<string, Promise<Backbone>>()
  /** Where the library has its tuned ones. */
  folder = ''

  private constructor(shipped: Backbone, onLost: Backbone['onLost']) {
    this.shipped = shipped
    this.#onLost = onLost
    shipped.onLost = onLost
  }

  /** Opens the shipped one. Throws as `openBackbone`. */
  static async open(folder: string, onLost: Backbone['onLost']): Promise<Backbones> {
    return new Backbones(await openBackbone(folder), onLost)
  }

  /** The backbone with this sha-256. Throws a Fault `bad-model` for one that is not there. */
  get(sha256: string): Promise<Backbone> {
    if (sha256 === this.shipped.card.sha256) return Promise.resolve(this.shipped)
    const held = this.#tuned.get(sha256)
    if (held) return held
    const opening = openTuned(this.folder, sha256, this.shipped).then((backbone) => {
      backbone.onLost = this.#onLost
      return backbone
    })
    this.#tuned.set(sha256, opening)
    opening.catch(() => this.#tuned.delete(sha256)) // it may be there the next time
    return opening
  }

  /** Runs them all on another provider from now on. Throws as `openBackbone`. */
  async move(provider: Provider): Promise<void> {
    await this.shipped.move(provider)
    for (const backbone of await this.#opened()) await backbone.move(provider)
  }

  async dispose(): Promise<void> {
    await this.shipped.dispose()
    for (const backbone of await this.#opened()) await backbone.dispose()
  }

  async #opened(): Promise<Backbone[]> {
    const all = await Promise.allSettled(this.#tuned.values())
    return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  }
}
