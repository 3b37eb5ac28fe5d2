// What a look at a directory leaves out, with the paths by which that is told. Runs in the writer.
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LeftOut, LeftOutKind } from '../../wire/left-out.ts'
import { systemCodeOf } from '../../wire/system-fault.ts'

/** The path of a name in a directory, below the root. */
export function childOf(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`
}

/** What of a directory is left out, by kind. */
export class FoundLeftOut {
  readonly #directory: string
  readonly #byKind = new Map<LeftOutKind, string[]>()

  constructor(directory: string) {
    this.#directory = directory
  }

  add(kind: LeftOutKind, name: string): void {
    const path = childOf(this.#directory, name)
    const some = this.#byKind.get(kind)
    if (some) some.push(path)
    else this.#byKind.set(kind, [path])
  }

  all(): LeftOut[] {
    return [...this.#byKind].map(([kind, paths]) => {
      const [first = ''] = paths.sort()
      return { kind, count: paths.length, first }
    })
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
