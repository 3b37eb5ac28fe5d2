// What is to be kept of groups of duplicates, and so what would go. Runs in the page; nothing of it
// is stored.
import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { DuplicateGroup, DuplicateKind } from '../../main/wire/duplicate-messages.ts'
import type { DuplicatePhoto } from '../../main/wire/duplicate-messages.ts'

/** What is looked at: a kind of duplicates, or what was said to be none. */
export type ReviewKind = DuplicateKind | 'decided'

/** A group as it is reviewed. */
export interface ReviewGroup extends DuplicateGroup {
  /** The same for the same photos, also when they are found again. */
  key: string
  kind: ReviewKind
}

/** Marks by groups, and photos that just went. */
export class DuplicateMarks {
  #kept = new SvelteMap<string, { group: ReviewGroup; keep: ReadonlySet<number> }>()
  #left = new SvelteSet<number>()

  /** What is kept of a group: what a person said, else what is suggested. */
  keptOf({ key, photos }: ReviewGroup): ReadonlySet<number> {
    return this.#kept.get(key)?.keep ?? new Set(photos.slice(0, 1).map(({ id }) => id))
  }

  /** A person has said what is kept of it. */
  has({ key }: ReviewGroup): boolean {
    return this.#kept.has(key)
  }

  /** Photos that a person keeps of any group; none of them goes with another group. */
  #keptAnywhere = $derived.by(() => {
    const kept = new Set<number>()
    for (const { keep } of this.#kept.values()) for (const id of keep) kept.add(id)
    return kept
  })

  /** A person keeps this photo, of whichever group. */
  keeps(id: number): boolean {
    return this.#keptAnywhere.has(id)
  }

  /** Photos of a group that would go: neither kept, of it or of another group, nor protected. */
  othersOf(group: ReviewGroup): DuplicatePhoto[] {
    const kept = this.keptOf(group)
    return group.photos.filter(
      ({ id, isProtected }) => !kept.has(id) && !isProtected && !this.keeps(id)
    )
  }

  /** Kinds of which groups are marked. */
  get kinds(): ReadonlySet<ReviewKind> {
    return new Set([...this.#kept.values()].map(({ group }) => group.kind))
  }

  /** The groups of a kind that are marked. */
  keysOf(kind: ReviewKind): ReadonlySet<string> {
    const marked = [...this.#kept.values()].filter(({ group }) => group.kind === kind)
    return new Set(marked.map(({ group }) => group.key))
  }

  /** What would go of all groups that were marked. */
  all = $derived.by(() => {
    const photos = new Map<number, DuplicatePhoto>()
    for (const { group } of this.#kept.values())
      for (const photo of this.othersOf(group)) photos.set(photo.id, photo)
    for (const id of this.#left) photos.delete(id)
    const bytes = [...photos.values()].reduce((sum, photo) => sum + photo.bytes, 0)
    return { ids: [...photos.keys()], bytes }
  })

  /** What would go of a group, or of all that were marked. */
  idsThatGo(group?: ReviewGroup): number[] {
    return group ? this.othersOf(group).map(({ id }) => id) : this.all.ids
  }

  /** Keeps a photo; one that was said to be kept already is not, unless it is the last. */
  toggle(group: ReviewGroup, id: number): void {
    const keep = new Set(this.#kept.get(group.key)?.keep)
    if (!keep.delete(id)) keep.add(id)
    this.#set(group, keep)
  }

  /** Keeps what is suggested. */
  suggest(group: ReviewGroup): void {
    this.#set(group, new Set(idsOf(group).slice(0, 1)))
  }

  /** Nothing is marked of a group, or of any. */
  forget(group?: ReviewGroup): void {
    if (group) this.#kept.delete(group.key)
    else this.#kept.clear()
  }

  /**
   * Groups of a kind were read again, all that are marked among them: the mark of a group that is
   * none any more goes, and so does one of which no kept photo is left. Else a photo would go for
   * one that is not there.
   */
  refreshAll(kind: ReviewKind, groups: readonly ReviewGroup[]): void {
    const found = new Map(groups.map((group) => [group.key, group]))
    for (const [key, mark] of [...this.#kept]) {
      if (mark.group.kind !== kind) continue
      const group = found.get(key)
      if (!group) this.#kept.delete(key)
      else this.#set(group, new Set(idsOf(group).filter((id) => mark.keep.has(id))))
    }
  }

  /** Photos went: they are not shown, and groups of which nothing more goes are not marked. */
  went(ids: readonly number[]): void {
    for (const id of ids) this.#left.add(id)
    for (const [key, { group, keep }] of [...this.#kept]) {
      const others = group.photos.filter(({ id, isProtected }) => !keep.has(id) && !isProtected)
      if (others.every(({ id }) => this.#left.has(id))) this.#kept.delete(key)
    }
  }

  /** All was read again, so what went is not told any more. */
  settle(): void {
    this.#left.clear()
  }

  /** Groups without what went; those that are none any more are left out. */
  without(groups: readonly ReviewGroup[]): readonly ReviewGroup[] {
    if (this.#left.size === 0) return groups
    return groups.flatMap((group) => {
      const photos = group.photos.filter(({ id }) => !this.#left.has(id))
      return photos.length > 1 ? [{ ...group, photos }] : []
    })
  }

  #set(group: ReviewGroup, keep: ReadonlySet<number>): void {
    if (keep.size > 0) this.#kept.set(group.key, { group, keep })
    else this.#kept.delete(group.key)
  }
}

function idsOf({ photos }: ReviewGroup): number[] {
  return photos.map(({ id }) => id)
}
