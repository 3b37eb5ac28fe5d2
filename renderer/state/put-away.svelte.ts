// Kin that a person put away from the photo that is asked with: they leave the list at once, and
// come back when that is taken back. Runs in the page; the engine remembers it by what files hold.
import type { EngineLink } from './engine-link.svelte.ts'
import { subjectOf } from './question.ts'
import type { Question } from './question.ts'
import type { Viewer } from './viewer.svelte.ts'

/** Photos of one decision that the engine takes. */
const MOST = 1000

/** One decision. */
interface Decision {
  photo: number
  others: number[]
}

/** Puts kin away, and takes that back. */
export class PutAway {
  #link: EngineLink
  #viewer: Viewer
  #decisions = $state.raw<readonly Decision[]>([])

  constructor(link: EngineLink, viewer: Viewer) {
    this.#link = link
    this.#viewer = viewer
  }

  /** Something was put away since the window was opened, and nothing else was done since. */
  get canTakeBack(): boolean {
    return this.#decisions.length > 0
  }

  /**
   * Puts one of the kin away from the photo that is asked with, and all that it stands for: the
   * same picture in other files, further shots of its moment. Rejects with a Fault.
   */
  async put(id: number): Promise<void> {
    const photo = askedPhoto(this.#viewer.question)
    if (photo === undefined) return
    const { kin } = this.#viewer
    const shown = kin.status === 'ready' ? kin.kin.find((one) => one.id === id) : undefined
    const others = [id, ...(shown?.alike ?? []), ...(shown?.shots ?? [])].slice(0, MOST)
    await this.#set({ photo, others }, false)
    this.#decisions = [...this.#decisions, { photo, others }]
  }

  /** Takes back what was put away last. Rejects with a Fault. */
  async takeBackLast(): Promise<void> {
    const last = this.#decisions.at(-1)
    if (!last) return
    await this.#set(last, true)
    this.#decisions = this.#decisions.slice(0, -1)
  }

  /** Takes one back that was put away from the photo that is asked with. Rejects with a Fault. */
  async takeBack(id: number): Promise<void> {
    const photo = askedPhoto(this.#viewer.question)
    if (photo !== undefined) await this.#set({ photo, others: [id] }, true)
  }

  /** Something else was done, which is to be taken back first. */
  forget(): void {
    this.#decisions = []
  }

  async #set({ photo, others }: Decision, isKin: boolean): Promise<void> {
    await this.#link.call('setNotKin', { ids: [photo], others, isKin })
    this.#viewer.refreshInPlace()
  }
}

/** The one photo whose kin are asked for, as a whole; nothing for any other question. */
export function askedPhoto(question: Question): number | undefined {
  const subject = subjectOf(question)
  const isOne = question.filter(({ weight }) => weight > 0).length === 1
  return isOne && subject?.kind === 'photo' ? subject.id : undefined
}
