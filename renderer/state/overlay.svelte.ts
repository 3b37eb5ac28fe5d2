// What lies over the page for a moment: the menu of photos, the palette, the sheet of shortcuts,
// albums.
// Runs in the page. What was meant when it was opened is what its commands are for.
import type { Target } from './target.ts'

export type OverlayKind = 'menu' | 'palette' | 'shortcuts' | 'albums' | 'keep-album'

interface Opened {
  kind: OverlayKind
  target: Target
  /** Where the menu was asked for, CSS pixels. */
  at: { x: number; y: number }
}

/** At most one is open. */
export class Overlay {
  #opened = $state.raw<Opened | undefined>()
  #focused: Element | null = null

  get opened(): Opened | undefined {
    return this.#opened
  }

  open(kind: OverlayKind, target: Target, at = { x: 0, y: 0 }): void {
    if (!this.#opened) this.#focused = document.activeElement
    this.#opened = { kind, target, at }
  }

  /** Closes it; the focus returns to where it was. */
  close(): void {
    this.#opened = undefined
    if (this.#focused instanceof HTMLElement && this.#focused.isConnected) this.#focused.focus()
  }
}
