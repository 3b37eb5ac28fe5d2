// The review of duplicates: what was found, which group is looked at, and what is decided. Runs in
// the page. What is found and remembered is the engine's; groups come a part at a time.
import { MOST_GROUPS } from '../../main/wire/duplicate-messages.ts'
import type { DuplicateGroup } from '../../main/wire/duplicate-messages.ts'
import type { DuplicateProgress, DuplicateTotals } from '../../main/wire/duplicate-messages.ts'
import { Fault, isFault } from '../../main/wire/fault.ts'
import { DuplicateMarks } from './duplicate-marks.svelte.ts'
import type { ReviewGroup, ReviewKind } from './duplicate-marks.svelte.ts'
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
  #reading: Promise<void> = Promise.resolve()
  #chosen = $state('')
  #photo = $state(0)
  #finding: Promise<void> | undefined
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

  /** Looks for duplicates now, again if that is under way; resolves when groups are read. */
  find(): Promise<void> {
    clearTimeout(this.#timer)
    this.#isStale = true
    this.#finding ??= this.#findWhileStale().finally(() => (this.#finding = undefined))
    return this.#finding
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
    await this.#readTo(SLICE)
  }

  /** Reads more groups, when there are more. */
  async readMore(): Promise<void> {
    if (this.#reached < this.#total) await this.#readTo(this.#reached + SLICE)
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
    await this.#readTo(this.#total)
    for (const group of this.groups) if (!this.marks.has(group)) this.marks.suggest(group)
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

  get #total(): number {
    if (!this.#totals) return 0
    return this.#kind === 'decided' ? this.#totals.decided : this.#totals[this.#kind].groups
  }

  /** A group that is none any more is not shown, and the next is looked at. */
  #without({ key }: ReviewGroup): Promise<void> {
    const at = this.groups.findIndex((group) => group.key === key)
    const next = this.groups[at + 1] ?? this.groups[at - 1]
    if (this.at === at) this.choose(next?.key ?? '')
    this.#groups = this.#groups.filter((group) => group.key !== key)
    return this.find()
  }

  async #findWhileStale(): Promise<void> {
    this.#isFinding = true
    while (this.#isStale) {
      this.#isStale = false
      const began = performance.now()
      const totals = await this.#told(() => this.#link.call('findDuplicates', {}))
      if (totals) {
        this.#totals = totals
        await this.#readTo(Math.max(SLICE, this.#reached))
        if (!this.#isStale) this.marks.settle()
      }
      const rest = REST * (performance.now() - began)
      this.#rest = Math.min(LONGEST_REST, Math.max(LEAST_REST, rest))
    }
    this.#isFinding = false
    this.#progress = undefined
  }

  /** Reads the groups of this kind from the first on; they are shown when all are there. */
  #readTo(wanted: number): Promise<void> {
    const read = async (): Promise<void> => void (await this.#told(() => this.#read(wanted)))
    return (this.#reading = this.#reading.then(read))
  }

  async #read(wanted: number): Promise<void> {
    const [kind, finding] = [this.#kind, this.#totals?.finding]
    if (finding === undefined) return
    const total = Math.min(wanted, this.#total)
    const groups: ReviewGroup[] = []
    for (let offset = 0; offset < total; offset += MOST_GROUPS) {
      const asked = { finding, kind, offset, count: Math.min(MOST_GROUPS, total - offset) }
      const slice = await this.#link.call('duplicateGroups', asked)
      for (const group of slice.groups)
        if (group.photos.length > 1) groups.push({ ...group, kind, key: keyOf(kind, group) })
    }
    if (kind !== this.#kind) return
    this.#reached = total
    this.#groups = groups
    this.#isRead = true
    for (const group of groups) this.marks.refresh(group)
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

function keyOf(kind: ReviewKind, { decision, photos }: DuplicateGroup): string {
  return `${kind} ${decision ?? Math.min(...photos.map(({ id }) => id))}`
}
