// All state of the page in one place, made once and handed to the components through the context.
// Runs in the page.
import { getContext, setContext } from 'svelte'
import type { FolderAnswer } from '../../main/wire/bridge-contract.ts'
import { Fault, isFault } from '../../main/wire/fault.ts'
import { EngineLink } from './engine-link.svelte.ts'
import { Grid } from './grid.svelte.ts'
import { Library } from './library.svelte.ts'
import { PhotoInfos } from './photo-infos.svelte.ts'
import { Preferences } from './preferences.svelte.ts'
import { Viewer } from './viewer.svelte.ts'
import { explain } from './words.ts'

export type View = 'photos' | 'folders' | 'failures'

const NOTICE_STAYS = 8000 // ms

/** Everything the page knows, and what it can do. */
export class Kindred {
  readonly link = new EngineLink(window)
  readonly library = new Library(this.link)
  readonly infos = new PhotoInfos(this.link)
  readonly viewer = new Viewer(this.link, this.library, this.infos)
  readonly grid = new Grid()
  readonly preferences = new Preferences()
  #view = $state<View>('photos')
  #notice = $state('')
  #timer: ReturnType<typeof setTimeout> | undefined

  get view(): View {
    return this.#view
  }

  show(view: View): void {
    this.#view = view
  }

  /** A sentence that is shown for a while. */
  get notice(): string {
    return this.#notice
  }

  tell(notice: string): void {
    this.#notice = notice
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => (this.#notice = ''), NOTICE_STAYS)
  }

  /** Adds a folder by dialog or drop, and says why when it cannot be. */
  async addFolder(answer: Promise<FolderAnswer>): Promise<void> {
    const added = await answer
    if (added.outcome === 'added') this.library.read()
    if (added.outcome === 'refused') this.tell(explain(new Fault(added.fault)))
  }

  /** Does what was asked for and says why when it cannot be done. */
  async try(work: Promise<unknown>): Promise<void> {
    try {
      await work
      this.library.read()
    } catch (error) {
      if (!isFault(error)) throw error
      this.tell(explain(error))
    }
  }
}

const CONTEXT = Symbol('kindred')

/** Makes the state; once, in the outermost component. */
export function provideKindred(): Kindred {
  return setContext(CONTEXT, new Kindred())
}

/** The state, in any component inside it. */
export function useKindred(): Kindred {
  return getContext<Kindred>(CONTEXT)
}
