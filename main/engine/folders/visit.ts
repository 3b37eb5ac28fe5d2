// What was seen while a part of a folder was looked through, to tell which directories are not
// there any more. Runs in the writer.
import type { ClosedDirectories } from './closed.ts'
import { firstBelow, isWithin } from './directories.ts'
import { isAway } from './drives.ts'
import { isOmitted } from './omissions.ts'
import type { Listing } from './walk.ts'

/** A part of a folder to be looked through: `deep` with all below, else that directory alone. */
export interface Start {
  directory: string
  deep: boolean
}

/** Directories of a folder that are not looked into. */
export interface NotLookedInto {
  /** Their drive is not there: what is known of them stays as it is. */
  away?: readonly string[]
  /** A person left them out: what is told of them is forgotten. */
  omitted?: readonly string[]
}

/** What was seen of a part that was looked through, to tell what is not there any more. */
export class Visit {
  readonly closed: ClosedDirectories
  readonly start: Start
  readonly #visited = new Set<string>()
  readonly #unreadable: string[]
  readonly #away: readonly string[]
  readonly #omitted: readonly string[]
  #children: Set<string> | undefined

  constructor(
    start: Start,
    closed: ClosedDirectories,
    { away = [], omitted = [] }: NotLookedInto = {}
  ) {
    this.start = start
    this.closed = closed
    this.#away = away
    this.#omitted = omitted
    this.#unreadable = [...away]
  }

  /** False where the part lies on a drive that is not there, or is left out. */
  mayBegin(): boolean {
    const { directory } = this.start
    return !isAway(directory, this.#away) && !isOmitted(directory, this.#omitted)
  }

  /** False for a directory that is left out, or left alone until its time comes, or its drive. */
  mayList(directory: string): boolean {
    if (this.#omitted.includes(directory)) return false
    if (this.#away.includes(directory)) return false
    if (!this.closed.waits(directory)) return true
    this.#visited.add(directory)
    this.#unreadable.push(directory)
    return false
  }

  note(listing: Listing): void {
    this.#visited.add(listing.directory)
    if (listing.fault) this.#unreadable.push(listing.directory)
    if (listing.directory === this.start.directory) this.#children = new Set(listing.directories)
  }

  has(directory: string): boolean {
    return this.#visited.has(directory)
  }

  /** True for a directory that should have been found here and was not. */
  misses(directory: string): boolean {
    const { directory: top, deep } = this.start
    if (!isWithin(directory, top)) return false
    if (this.#unreadable.some((closed) => isWithin(directory, closed))) return false
    if (deep || !this.#children) return true
    const child = firstBelow(top, directory)
    return child !== undefined && !this.#children.has(child)
  }
}

/** It should have been found and was not. */
export function hasVanished(directory: string, visits: readonly Visit[]): boolean {
  if (visits.some((visit) => visit.has(directory))) return false
  return visits.some((visit) => visit.misses(directory))
}
