// From a path to what the library has there. Runs in the reader; reads only.
import { realpath } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { Fault } from '../../wire/fault.ts'
import type { Filter } from '../../wire/query-contract.ts'
import { isInside } from '../photo-paths.ts'

/** The part of the library that lies below a path. Throws Fault not-found when none does. */
export async function filterOf(catalogue: Catalogue, path: string): Promise<Filter> {
  const real = await realpath(resolve(path)).catch(() => resolve(path)) // may be unplugged
  for (const folder of catalogue.folders.list())
    if (isInside(real, folder.path)) {
      const directory = relative(folder.path, real).split(sep).join('/')
      return { folder: folder.id, ...(directory && { directory }) }
    }
  throw new Fault({
    kind: 'bad-argument',
    subject: path,
    expected: 'a folder of the library, or one inside it (index it first)',
    received: 'another'
  })
}

/** The row of the photo at a path, or of the one that the file there belongs to. */
export function photoAt(catalogue: Catalogue, path: string): number | undefined {
  for (const folder of catalogue.folders.list()) {
    if (path === folder.path || !isInside(path, folder.path)) continue
    const parts = relative(folder.path, path).split(sep)
    const name = parts.pop() ?? ''
    const directory = parts.join('/')
    const id =
      catalogue.photos.atPath(folder.id, directory, name) ??
      catalogue.companions.ownerOf(folder.id, directory, name)
    if (id !== undefined) return id
  }
  return undefined
}
