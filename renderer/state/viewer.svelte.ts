// The photo that is shown large, or the question of several pictures; its kin, and the way that led
// there. Runs in the page.
import type { Kin } from '../../main/wire/engine-records.ts'
import type { Filter } from '../../main/wire/filter.ts'
import { Fault, isFault } from '../../main/wire/fault.ts'
import { AskedAhead } from './asked-ahead.ts'
import type { EngineLink } from './engine-link.svelte.ts'
import type { Filtering } from './filtering.svelte.ts'
import { NO_HISTORY, canGo, current, follow, go, replace, stay } from './history.ts'
import type { History, Leaving } from './history.ts'
import type { Library } from './library.svelte.ts'
import { Looks } from './looked-at.ts'
import type { PhotoInfos } from './photo-infos.svelte.ts'
import type { Preferences } from './preferences.svelte.ts'
import { isSameSource, kinOf, plainPhoto, subjectOf, withPart, withoutPart } from './question.ts'
import type { Question, Source } from './question.ts'

/** Kin that are asked for. */
const TOP = 100
const NO_QUESTION: Question = []

export type KinState =
  | { status: 'loading' }
  | { status: 'waiting' } // a photo of the question is not indexed yet
  | { status: 'ready'; kin: Kin[]; copies: number[]; putAway: number[]; exact: boolean }
  | { status: 'failed'; fault: Fault }

type Answer = Pick<Extract<KinState, { status: 'ready' }>, 'kin' | 'copies' | 'putAway' | 'exact'>

/** Asks questions, shows their kin, goes back and forward. */
export class Viewer {
  #link: EngineLink
  #library: Library
  #infos: PhotoInfos
  #filtering: Pick<Filtering, 'filter' | 'restore'>
  #preferences: Pick<Preferences, 'strictness' | 'fold'>
  #looks: Looks
  #history = $state.raw<History>(NO_HISTORY)
  #kin = $state.raw<KinState>({ status: 'loading' })
  #asking: AbortController | undefined
  #ahead = new AskedAhead<Answer>()
  /** The place in the library that closing returns to: where it was opened or stepped to. */
  #origin = 0
  /** The photo was come to by a step to the next or the former one: it is looked at as closely. */
  isStepped = false
  /** A part of the picture is being chosen, to ask for the kin of that. */
  isChoosing = $state(false)
  /** Kin that are alike by chance are shown as well, from when they are asked for. */
  isWhole = $state(false)
  /** How far the list of kin is scrolled, pixels; the component keeps it up to date. */
  kinScroll = 0

  constructor(
    link: EngineLink,
    library: Library,
    infos: PhotoInfos,
    filtering: Pick<Filtering, 'filter' | 'restore'>,
    preferences: Pick<Preferences, 'strictness' | 'fold'>
  ) {
    this.#link = link
    this.#library = library
    this.#infos = infos
    this.#filtering = filtering
    this.#preferences = preferences
    this.#looks = new Looks(link)
  }

  /** What is asked; empty when closed. */
  question = $derived(current(this.#history)?.question ?? NO_QUESTION)
  isOpen = $derived(this.question.length > 0)
  /** One picture is asked with; or several. */
  isOne = $derived(this.question.filter((part) => part.weight > 0).length === 1)
  /** What is shown large. */
  subject = $derived(subjectOf(this.question))
  /** The photo of the library that is shown large, whole or in part; nothing for other pictures. */
  id = $derived(
    this.subject === undefined || this.subject.kind === 'file' ? undefined : this.subject.id
  )

  /** Where it lies in the library; looked for once, in what may be a million. */
  #place = $derived.by(() => {
    const id = plainPhoto(this.question)
    return id === undefined ? -1 : this.#library.layout.ids.indexOf(id)
  })

  get origin(): number {
    return this.#origin
  }

  get kin(): KinState {
    return this.#kin
  }

  get canGoBack(): boolean {
    return canGo(this.#history, -1)
  }

  get canGoForward(): boolean {
    return canGo(this.#history, 1)
  }

  /** Where the list of kin was when this question was left. */
  get savedKinScroll(): number {
    return current(this.#history)?.kinScroll ?? 0
  }

  /** Asks for the kin of a photo on which the button has gone down: it is likely to be opened. */
  askAhead(id: number): void {
    this.#ahead.ask(this.#keyOf(id), (signal) => this.#kinOf(id, signal))
  }

  /** Opens a photo of the library; closing returns to it. */
  open(id: number): void {
    this.#origin = id
    this.#show(follow(NO_HISTORY, kinOf(id), this.#leaving))
  }

  /** Goes on to one of the kin. */
  follow(id: number): void {
    this.ask(kinOf(id))
  }

  /** Asks another question: the next after the one that is shown, or the first. */
  ask(question: Question): void {
    if (!this.isOpen) this.#origin = 0
    this.#show(follow(this.#history, question, this.#leaving))
  }

  /** Asks another question, narrowed by a filter of its own. */
  askWithin(question: Question, filter: Filter): void {
    if (!this.isOpen) this.#origin = 0
    const history = follow(this.#history, question, this.#leaving)
    this.#filtering.restore(filter)
    this.#show(history)
  }

  /** Asks for what is like (1) or unlike (-1) this too. False: more cannot be asked at once. */
  add(source: Source, weight: 1 | -1): boolean {
    const next = withPart(this.question, source, weight)
    if (next !== this.question) this.ask(next)
    return this.question.some((part) => isSameSource(part.source, source))
  }

  /** Asks without one of the parts. */
  remove(place: number): void {
    this.ask(withoutPart(this.question, place))
  }

  back(): void {
    this.#go(-1)
  }

  forward(): void {
    this.#go(1)
  }

  /** The photo before or after this one in the library; none at the ends or of a composed one. */
  neighbour(by: -1 | 1): number | undefined {
    return this.#place < 0 ? undefined : this.#library.layout.ids[this.#place + by]
  }

  step(by: -1 | 1): void {
    const id = this.neighbour(by)
    if (id === undefined) return
    this.#origin = id
    this.#show(replace(this.#history, kinOf(id)))
    this.isStepped = true
  }

  close(): void {
    this.#asking?.abort()
    this.#history = NO_HISTORY
  }

  /** The library changed: a photo that waited for its index may have it now. */
  libraryChanged(): void {
    if (this.isOpen && this.#kin.status === 'waiting') void this.load()
  }

  /** Asks the same again: what narrows or orders the kin, or the model, is another. */
  refresh(): void {
    if (this.isOpen && this.#kin.status !== 'waiting') void this.#load('keep')
  }

  /** The same, for some kin that left or came back: the list stays where it is. */
  refreshInPlace(): void {
    if (this.isOpen) this.#history = stay(this.#history, this.#leaving)
    this.refresh()
  }

  /** Asks for the details and kin of what is shown; what was asked for before is dropped. */
  load(): Promise<void> {
    return this.#load('clear')
  }

  async #load(former: 'keep' | 'clear'): Promise<void> {
    const { question } = this
    if (question.length === 0) return
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    const isKept = former === 'keep' && this.#kin.status === 'ready'
    if (!isKept && this.#kin.status !== 'waiting') this.#kin = { status: 'loading' }
    const ids = question.flatMap(({ source }) => (source.kind === 'file' ? [] : [source.id]))
    const { revision } = this.#library
    // Asked at once, so that a click costs one way to the engine and back.
    const [, answer] = await Promise.allSettled([
      ids.length > 0 && this.#infos.load(ids, revision, asking.signal),
      this.#answer(question, asking.signal)
    ])
    if (asking.signal.aborted) return
    if (ids.some((id) => this.#infos.get(id)?.indexed === false)) {
      this.#kin = { status: 'waiting' }
    } else if (answer.status === 'fulfilled') {
      for (const kin of answer.value.kin) this.#infos.seen(kin)
      this.#kin = { status: 'ready', ...answer.value }
    } else {
      if (!(answer.reason instanceof Fault)) throw answer.reason
      this.#kin = { status: 'failed', fault: answer.reason }
    }
  }

  async #answer(question: Question, signal: AbortSignal): Promise<Answer> {
    const { filter } = this.#filtering
    const { strictness, fold } = this.#preferences
    const id = plainPhoto(question)
    if (id !== undefined)
      return this.#ahead.take(this.#keyOf(id), signal) ?? this.#kinOf(id, signal)
    for (let isSecond = false; ; isSecond = true) {
      const parts = await this.#looks.parts(question, signal)
      try {
        return await this.#link.call('query', { parts, top: TOP, filter, strictness, fold }, signal)
      } catch (error) {
        // Pictures that the engine kept no longer are shown to it once more.
        if (isSecond || !isFault(error, 'not-found')) throw error
        this.#looks.forget()
      }
    }
  }

  #kinOf(id: number, signal: AbortSignal): Promise<Answer> {
    const { filter } = this.#filtering
    const { strictness, fold } = this.#preferences
    return this.#link.call('kin', { id, top: TOP, filter, strictness, fold }, signal)
  }

  /** Whatever changes the kin of a photo. */
  #keyOf(id: number): string {
    const { filter } = this.#filtering
    const { strictness, fold } = this.#preferences
    return JSON.stringify([id, filter, strictness, fold, this.#library.revision])
  }

  get #leaving(): Leaving {
    return { kinScroll: this.kinScroll, filter: this.#filtering.filter }
  }

  /** Another visit is narrowed as it was when it was left. */
  #go(by: -1 | 1): void {
    const history = go(this.#history, by, this.#leaving)
    if (history === this.#history) return
    this.#filtering.restore(current(history)?.filter ?? {})
    this.#show(history)
  }

  #show(history: History): void {
    if (history === this.#history) return
    this.#history = history
    this.isStepped = false
    this.kinScroll = this.savedKinScroll
    this.#kin = { status: 'loading' }
    void this.#load('clear')
  }
}
