// From a path to what the library has there. Runs in the reader; reads only.
import { realpath } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import { Fault } from '../../wire/fault.ts'
import type { Filter } from '../../wire/query-contract.ts'
import { isInside } from '../photo-paths.ts'

/** The part of the library that lies below a path. Throws Fault bad-argument when none does. */
export async function filterOf(catalogue: Catalogue, path: string): Promise<Filter> {
  const { real, folder } = await insideFolder(catalogue, path)
  const directory = relative(folder.path, real).split(sep).join('/')
  return { folder: folder.id, ...(directory && { directory }) }
}

/**
 * The path of a folder of the library, or of a directory in one, without links. Throws Fault
 * bad-argument for any other.
 */
export async function realFolder(catalogue: Catalogue, path: string): Promise<string> {
  return (await insideFolder(catalogue, path)).real
}

async function insideFolder(
  catalogue: Catalogue,
  path: string
): Promise<{ real: string; folder: FolderRow }> {
  const real = await realpath(resolve(path)).catch(() => resolve(path)) // may be unplugged
  const innerFirst = [...catalogue.folders.list()].sort((a, b) => b.path.length - a.path.length)
  const folder = innerFirst.find((one) => isInside(real, one.path))
  if (folder) return { real, folder }
  throw new Fault({
    kind: 'bad-argument',
    subject: path,
    expected: 'a folder of the library, or one inside it (index it first)',
    received: 'another'
  })
}

/** The folder of the library that lies, or lay, at a path. Throws Fault not-found. */
export function folderAt(catalogue: Catalogue, path: string): FolderRow {
  const folder = catalogue.folders.list().find((one) => one.path === resolve(path))
  if (folder) return folder
  const [subject, expected] = [path, 'a folder of the library, by its path']
  throw new Fault({ kind: 'not-found', about: 'folder', subject, expected, received: 'none' })
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
      catalogue.otherPaths.atPath(folder.id, directory, name) ??
      catalogue.companions.ownerOf(folder.id, directory, name)
    if (id !== undefined) return id
  }
  return undefined
}
