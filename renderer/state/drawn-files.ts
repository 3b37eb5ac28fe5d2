// Pictures of files from outside: the decoder makes them, since the page decodes no file of others.
// Runs in the page.
import type { EngineLink } from './engine-link.svelte.ts'
import { bytesOf } from './looked-at.ts'

/** Enough for a large screen. */
const SIDE = 2160

/** Has files drawn, each once. */
export class DrawnFiles {
  #link: EngineLink
  #drawn = new WeakMap<Blob, Promise<Blob>>()

  constructor(link: EngineLink) {
    this.#link = link
  }

  /** A JPEG of a file, made once however often it is shown. Rejects with a Fault. */
  picture(file: Blob, name: string): Promise<Blob> {
    const known = this.#drawn.get(file)
    if (known) return known
    const drawn = this.#draw(file, name)
    this.#drawn.set(file, drawn)
    drawn.catch(() => this.#drawn.delete(file)) // another time it may be drawn
    return drawn
  }

  async #draw(file: Blob, name: string): Promise<Blob> {
    const picture = { bytes: await bytesOf(file, name), side: SIDE } as const
    const { bytes } = await this.#link.call('draw', picture)
    return new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' })
  }
}
