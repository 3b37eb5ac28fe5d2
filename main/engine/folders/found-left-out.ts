// What a look at a directory leaves out, with the paths by which that is told. Runs in the writer.
import { join } from 'node:path'
import type { LeftOut, LeftOutKind } from '../../wire/left-out.ts'
import { systemCodeOf } from '../../wire/system-fault.ts'
import { lstat } from '../faults/disk.ts'
import { childOf } from './directories.ts'

/** What of a directory is left out, by kind. */
export class FoundLeftOut {
  readonly #directory: string
  readonly #byKind = new Map<LeftOutKind, LeftOut>()

  constructor(directory: string) {
    this.#directory = directory
  }

  add(kind: LeftOutKind, name: string): void {
    const path = childOf(this.#directory, name)
    const { count, first } = this.#byKind.get(kind) ?? { count: 0, first: path }
    this.#byKind.set(kind, { kind, count: count + 1, first: path < first ? path : first })
  }

  all(): LeftOut[] {
    return [...this.#byKind.values()]
  }
}

/**
 * A name of bytes that are no UTF-8 comes with signs in their place, and by that nothing is there.
 */
export async function isUnnameable(path: string, name: string): Promise<boolean> {
  if (!name.includes('\uFFFD')) return false
  return lstat(join(path, name)).then(
    () => false,
    (error: unknown) => systemCodeOf(error) === 'ENOENT'
  )
}
