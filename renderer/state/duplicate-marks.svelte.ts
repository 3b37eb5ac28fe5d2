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

  /** Photos of a group that would go: neither kept nor protected. */
  othersOf(group: ReviewGroup): DuplicatePhoto[] {
    const kept = this.keptOf(group)
    return group.photos.filter(({ id, isProtected }) => !kept.has(id) && !isProtected)
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

  /** Keeps a photo; one that was said to be kept already is not, unless it is the last. */
  toggle(group: ReviewGroup, id: number): void {
    const keep = new Set(this.#kept.get(group.key)?.keep)
    if (!keep.delete(id)) keep.add(id)
    this.#set(group, keep)
  }

  /** Keeps what is suggested. */
  suggest(group: ReviewGroup): void {
    this.#set(group, new Set(group.photos.slice(0, 1).map(({ id }) => id)))
  }

  /** Nothing is marked of a group, or of any. */
  forget(group?: ReviewGroup): void {
    if (group) this.#kept.delete(group.key)
    else this.#kept.clear()
  }

  /** A group was read again: of what left it nothing is kept. */
  refresh(group: ReviewGroup): void {
    const mark = this.#kept.get(group.key)
    if (!mark) return
    this.#set(group, new Set(group.photos.map(({ id }) => id).filter((id) => mark.keep.has(id))))
  }

  /** Photos went: they are not shown, and groups of which nothing more goes are not marked. */
  went(ids: readonly number[]): void {
    for (const id of ids) this.#left.add(id)
    for (const [key, { group }] of this.#kept)
      if (this.othersOf(group).every(({ id }) => this.#left.has(id))) this.#kept.delete(key)
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
