// What is being done with files of photos, how far it is and what came of it. Runs in the page. App
// does it: the page names photos by ids.
import * as v from 'valibot'
import type { FileAction, FileAnswer } from '../../main/wire/file-commands.ts'
import { MOST_AT_ONCE } from '../../main/wire/file-commands.ts'
import { MOST_FILES } from '../../main/wire/file-methods.ts'
import { WindowMessage } from '../../main/wire/process-messages.ts'
import { count } from './words.ts'
import type { Target } from './target.ts'

/** What was done: an action, or taking one back. */
export type Done = FileAction | 'undo'
export interface FileResult {
  what: Done
  answer: Exclude<FileAnswer, { outcome: 'cancelled' }>
}

/** What the rest of the page does when files went or came. */
interface Around {
  tell(notice: string): void
  /** Files of these photos are moved or thrown away; what is shown may be one of them. */
  left(target: Target): void
  /** Files were changed, which can be taken back. */
  did(): void
  /** Files that were moved or thrown away lie where they did. */
  cameBack(target: Target): void
  /** Where to ask for the picture of a photo with all its pixels. Rejects with a Fault. */
  picture(id: number): Promise<string>
}

/** What changes files, one such thing at a time. */
const LONG: readonly Done[] = ['move', 'copy', 'trash', 'trash-duplicates', 'undo']

/** What takes photos away from where they are shown. */
const takesAway = (what: Done): boolean => what === 'move' || what === 'trash'

/** A result that needs no answer is shown so long, ms. */
const STAYS = 10_000

/** Has app do things with files, one after the other, and keeps what came of the last. */
export class FileWork {
  #around: Around
  #progress = $state.raw<{ done: number; total: number } | undefined>()
  #result = $state.raw<FileResult | undefined>()
  #isBusy = $state(false)
  #last: { what: FileAction; target: Target } | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Files of ours are dragged: dropped here, they are nothing new. */
  isDragging = false

  constructor(target: Window, around: Around) {
    this.#around = around
    target.addEventListener('message', (event) => {
      const message = v.safeParse(WindowMessage, event.data)
      if (event.source !== target || !message.success || !this.#isBusy) return
      if (message.output.type === 'files') this.#progress = message.output
    })
  }

  get progress(): { done: number; total: number } | undefined {
    return this.#progress
  }

  get result(): FileResult | undefined {
    return this.#result
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Does something with the files of photos; what came of it, where it was done. */
  async act(what: FileAction, target: Target): Promise<FileAnswer | undefined> {
    const most = LONG.includes(what) ? MOST_FILES : MOST_AT_ONCE
    if (target.ids.length > most) {
      this.#around.tell(`Choose at most ${count(most, 'photo')} for this.`)
      return undefined
    }
    const former = this.#last
    const begins = LONG.includes(what) && !this.#isBusy
    if (begins) this.#last = { what, target }
    const answer = await this.#do(what, () => window.kindred?.withFiles(what, target.ids))
    if (begins && answer?.outcome !== 'done') this.#last = former
    return answer
  }

  /** Takes back what was done last, before a restart, too. */
  async undo(): Promise<void> {
    const undone = this.#last
    const answer = await this.#do('undo', () => window.kindred?.undoFiles())
    if (answer?.outcome !== 'done') return
    this.#last = undefined // what is taken back next was done earlier
    if (undone && takesAway(undone.what) && answer.failed === 0 && !answer.stopped)
      this.#around.cameBack(undone.target)
  }

  /** Does what failed, or was stopped, once more. */
  async retry(): Promise<void> {
    await this.#do(this.#last?.what ?? 'undo', () => window.kindred?.retryFiles())
  }

  stop(): void {
    void window.kindred?.stopFiles()
  }

  hide(): void {
    clearTimeout(this.#timer)
    this.#result = undefined
  }

  async #do(
    what: Done,
    ask: () => Promise<FileAnswer> | undefined
  ): Promise<FileAnswer | undefined> {
    const isLong = LONG.includes(what)
    if (isLong && this.#isBusy) {
      this.#around.tell('Wait until the files before are done.')
      return undefined
    }
    this.hide()
    if (isLong) this.#isBusy = true
    try {
      const answer = await ask()
      if (!answer) this.#around.tell('Files can be used in the Kindred app only.')
      else if (answer.outcome !== 'cancelled') this.#show({ what, answer })
      else if (what === 'undo') this.#around.tell('There is nothing to undo.')
      return answer
    } finally {
      if (isLong) {
        this.#isBusy = false
        this.#progress = undefined
      }
    }
  }

  #show(result: FileResult): void {
    const { what, answer } = result
    const isQuiet = what === 'show' || what === 'open' || what === 'open-with'
    const isWhole = answer.outcome === 'done' && answer.failed === 0 && !answer.stopped
    if (!isQuiet || !isWhole) this.#result = result
    const canWait = answer.outcome === 'done' && answer.canUndo // until it is closed
    if (canWait && what !== 'undo') this.#around.did()
    if (isWhole && !canWait) this.#timer = setTimeout(() => this.hide(), STAYS)
    if (isWhole && takesAway(what) && this.#last)
      this.#around.left(this.#last.target)
  }

  /** Drags the files of photos out of the window. */
  async drag({ ids }: Target): Promise<void> {
    if (ids.length > MOST_AT_ONCE)
      return this.#around.tell(`At most ${count(MOST_AT_ONCE, 'photo')} can be dragged at once.`)
    this.isDragging = true
    await window.kindred?.dragFiles(ids)
  }

  /** Puts a photo on the clipboard as a picture: drawn by the page as it draws the large photo. */
  async copyPicture(id: number): Promise<void> {
    const image = new Image()
    image.className = 'to-be-copied'
    document.body.append(image)
    try {
      image.src = await this.#around.picture(id)
      await image.decode()
      const { left, top } = image.getBoundingClientRect()
      await window.kindred?.copyPicture(Math.ceil(left), Math.ceil(top))
      this.#around.tell('The picture is on the clipboard.')
    } catch {
      this.#around.tell('The picture cannot be copied: its file cannot be shown right now.')
    } finally {
      // The system reads it a moment after it was asked to.
      setTimeout(() => image.remove(), 500)
    }
  }
}
