// The review of duplicates: what was found, which group is looked at, and what is decided. Runs in
// the page. What is found and remembered is the engine's; groups come a part at a time.
import type { DuplicateProgress, DuplicateTotals } from '../../main/wire/duplicate-messages.ts'
import { Fault, isFault } from '../../main/wire/fault.ts'
import { DuplicateMarks } from './duplicate-marks.svelte.ts'
import type { ReviewGroup, ReviewKind } from './duplicate-marks.svelte.ts'
import { readGroups } from './duplicate-slices.ts'
import type { EngineLink } from './engine-link.svelte.ts'

/** Groups that are read at once. */
const SLICE = 100
/** More are read when so few follow. */
const NEAR_END = 10
/** When only the library changed it rests: so many times as long as the finding took, ms. */
const REST = 5
const LEAST_REST = 1000
const LONGEST_REST = 60_000

/** Duplicates as they are reviewed. */
export class DuplicateReview {
  readonly marks = new DuplicateMarks()
  #link: EngineLink
  #totals = $state.raw<DuplicateTotals | undefined>()
  #progress = $state.raw<DuplicateProgress | undefined>()
  #fault = $state.raw<Fault | undefined>()
  #isFinding = $state(false)
  #kind = $state<ReviewKind>('identical')
  #groups = $state.raw<readonly ReviewGroup[]>([])
  #isRead = $state(false)
  /** How many groups were read, with those that are none any more. */
  #reached = 0
  #reading: Promise<unknown> = Promise.resolve()
  #chosen = $state('')
  #photo = $state(0)
  #finding: Promise<boolean> | undefined
  #isStale = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #rest = LEAST_REST
  /** Two photos of the group are compared. */
  isComparing = $state(false)
  #decisions = $state.raw<readonly number[]>([])
  /** The groups of this kind that are there, as far as they were read. */
  groups = $derived(this.marks.without(this.#groups))

  constructor(link: EngineLink) {
    this.#link = link
    link.onConnect((client) => {
      client.on('duplicates', (progress) => (this.#progress = progress))
      if (this.#totals) void this.find() // another engine does not know what was found
    })
  }

  /** Nothing until they were looked for once. */
  get totals(): DuplicateTotals | undefined {
    return this.#totals
  }

  get progress(): DuplicateProgress | undefined {
    return this.#progress
  }

  get isFinding(): boolean {
    return this.#isFinding
  }

  get fault(): Fault | undefined {
    return this.#fault
  }

  get kind(): ReviewKind {
    return this.#kind
  }

  /** The first groups of this kind were read. */
  get isRead(): boolean {
    return this.#isRead
  }

  /** Place of the group that is looked at; -1 where there is none. */
  get at(): number {
    const place = this.groups.findIndex(({ key }) => key === this.#chosen)
    return place < 0 && this.groups.length > 0 ? 0 : place
  }

  get group(): ReviewGroup | undefined {
    return this.groups[this.at]
  }

  /** The photo of it that keys are for. */
  get photo(): number {
    const photos = this.group?.photos ?? []
    return photos.some(({ id }) => id === this.#photo) ? this.#photo : (photos[0]?.id ?? 0)
  }

  /** A decision of this page can be taken back. */
  get canTakeBack(): boolean {
    return this.#decisions.length > 0
  }

  /** Looks for duplicates now, again if that is under way, and reads them; false for a fault. */
  find(): Promise<boolean> {
    clearTimeout(this.#timer)
    this.#isStale = true
    return (this.#finding ??= this.#findWhileStale())
  }

  /** The library changed: they are looked for when it has rested. */
  libraryChanged(): void {
    if (this.#totals === undefined) return void this.find()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.find(), this.#rest)
  }

  /** Nobody looks any more. */
  leave(): void {
    clearTimeout(this.#timer)
  }

  async show(kind: ReviewKind): Promise<void> {
    if (kind === this.#kind) return
    this.#kind = kind
    this.#chosen = ''
    this.#groups = []
    this.#isRead = false
    await this.#readTo(kind, SLICE)
  }

  /** Reads more groups, when there are more. */
  async readMore(): Promise<void> {
    const [kind, reached] = [this.#kind, this.#reached]
    if (reached < this.#totalOf(kind)) await this.#readTo(kind, reached + SLICE)
  }

  /** Looks at a group. */
  choose(key: string): void {
    if (key !== this.#chosen) this.#photo = 0
    this.#chosen = key
  }

  choosePhoto(id: number): void {
    this.#photo = id
  }

  /** Looks at a group before or after this one. */
  go(by: number): void {
    const to = this.groups[Math.max(0, Math.min(this.groups.length - 1, this.at + by))]
    if (to) this.choose(to.key)
    if (this.at + NEAR_END > this.groups.length) void this.readMore()
  }

  /** Another photo of the group. */
  goPhoto(by: number): void {
    const photos = this.group?.photos ?? []
    const at = photos.findIndex(({ id }) => id === this.photo)
    this.#photo = photos[Math.max(0, Math.min(photos.length - 1, at + by))]?.id ?? 0
  }

  /** Keeps the one that is suggested, and goes on. */
  keepSuggestion(group: ReviewGroup): void {
    this.marks.suggest(group)
    this.go(1)
  }

  /** Keeps what is suggested of all groups of this kind that nobody said anything of. */
  async keepAllSuggestions(): Promise<void> {
    await this.#readTo(this.#kind, this.#totalOf(this.#kind))
    for (const group of this.groups) if (!this.marks.has(group)) this.marks.suggest(group)
  }

  /**
   * Photos that may go now, of a group or of all that were marked; groups are found again first.
   * Of what was not shown to go when this was asked nothing goes, and nothing of a group of which
   * no kept photo is there any more. Undefined when they could not be found again: nothing may go.
   */
  async whatGoes(group?: ReviewGroup): Promise<number[] | undefined> {
    const shown = new Set(this.marks.idsThatGo(group))
    const kept = group && this.marks.keptOf(group)
    if (shown.size === 0) return []
    if (!(await this.find())) return undefined
    const now = this.groups.find(({ key }) => key === group?.key)
    if (kept && !now?.photos.some(({ id }) => kept.has(id))) return []
    return this.marks.idsThatGo(now).filter((id) => shown.has(id))
  }

  /** Photos went, all of these or some: they are looked for again. */
  async went(ids: readonly number[], isWhole: boolean): Promise<void> {
    this.#decisions = [] // what is taken back next are files
    if (isWhole) this.marks.went(ids)
    await this.find()
  }

  /** Remembers that the photos of a group are no duplicates. Rejects with a Fault. */
  async decideAgainst(group: ReviewGroup): Promise<void> {
    const ids = group.photos.map(({ id }) => id)
    const { decision } = await this.#link.call('setNotDuplicates', { ids })
    this.#decisions = [...this.#decisions, decision]
    this.marks.forget(group)
    await this.#without(group)
  }

  /** They may be duplicates after all. Rejects with a Fault. */
  async forgetDecision(group: ReviewGroup): Promise<void> {
    if (group.decision === null) return
    const { decision } = group
    this.#decisions = this.#decisions.filter((one) => one !== decision)
    await this.#link.call('forgetDecision', { decision })
    await this.#without(group)
  }

  /** Takes back the last decision of this page. Rejects with a Fault. */
  async takeBack(): Promise<void> {
    const decision = this.#decisions.at(-1)
    if (decision === undefined) return
    this.#decisions = this.#decisions.slice(0, -1)
    await this.#link.call('forgetDecision', { decision })
    await this.find()
  }

  #totalOf(kind: ReviewKind): number {
    if (!this.#totals) return 0
    return kind === 'decided' ? this.#totals.decided : this.#totals[kind].groups
  }

  /** A group that is none any more is not shown, and the next is looked at. */
  async #without({ key }: ReviewGroup): Promise<void> {
    const at = this.groups.findIndex((group) => group.key === key)
    const next = this.groups[at + 1] ?? this.groups[at - 1]
    if (this.at === at) this.choose(next?.key ?? '')
    this.#groups = this.#groups.filter((group) => group.key !== key)
    await this.find()
  }

  async #findWhileStale(): Promise<boolean> {
    let isFound = false
    this.#isFinding = true
    try {
      while (this.#isStale) {
        this.#isStale = false
        const began = performance.now()
        isFound = await this.#findAndRead()
        if (isFound && !this.#isStale) this.marks.settle()
        const rest = REST * (performance.now() - began)
        this.#rest = Math.min(LONGEST_REST, Math.max(LEAST_REST, rest))
      }
    } finally {
      this.#isFinding = false
      this.#progress = undefined
      this.#finding = undefined // whoever asks from now on is not served by this one
    }
    return isFound
  }

  /** Finds, and reads what is shown and what was marked of other kinds; false for a fault. */
  async #findAndRead(): Promise<boolean> {
    const totals = await this.#told(() => this.#link.call('findDuplicates', {}))
    if (!totals) return false
    this.#totals = totals
    const shown = this.#kind
    let isRead = await this.#readTo(shown, Math.max(SLICE, this.#reached))
    for (const kind of this.marks.kinds)
      if (kind !== shown) isRead &&= await this.#readTo(kind, 0)
    return isRead
  }

  /** Reads groups of a kind, which are shown when all are there; false for a fault. */
  #readTo(kind: ReviewKind, wanted: number): Promise<boolean> {
    const reading = this.#reading.then(() => this.#told(() => this.#read(kind, wanted)))
    this.#reading = reading
    return reading.then((isRead) => isRead ?? false)
  }

  async #read(kind: ReviewKind, wanted: number): Promise<boolean> {
    const finding = this.#totals?.finding
    if (finding === undefined) return false
    const asked = { finding, kind, total: this.#totalOf(kind) }
    const sought = this.marks.keysOf(kind)
    const { groups, reached } = await readGroups(this.#link, asked, wanted, sought)
    this.marks.refreshAll(kind, groups)
    if (kind !== this.#kind || wanted === 0) return true
    this.#reached = reached
    this.#groups = groups
    this.#isRead = true
    return true
  }

  /** What comes of work; undefined for a fault, which is shown. */
  async #told<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const done = await work()
      this.#fault = undefined
      return done
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      // Another finding took its place, here or in the engine: that is read in its turn.
      if (isFault(error, 'not-found')) void this.find()
      else if (!isFault(error, 'cancelled')) this.#fault = error
      return undefined
    }
  }
}
