// From a path to what the library has there. Runs in the reader; reads only.
import { relative, resolve, sep } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import { Fault } from '../../wire/fault.ts'
import type { Filter } from '../../wire/query-contract.ts'
import { directoryAt, noneOf, realPath } from '../faults/disk.ts'
import { isInside } from '../photo-paths.ts'

/** The part of the library that lies below a path. Throws Fault bad-argument when none does. */
export async function filterOf(catalogue: Catalogue, path: string): Promise<Filter> {
  const { folder, directory } = await insideFolder(catalogue, path)
  return { folder: folder.id, ...(directory && { directory }) }
}

/**
 * The path of a folder of the library, or of a directory in one, without links. Throws Fault
 * bad-argument for any other.
 */
export async function realFolder(catalogue: Catalogue, path: string): Promise<string> {
  return (await insideFolder(catalogue, path)).real
}

/** A directory of a folder of the library, where there is one on disk or in the catalogue. */
async function insideFolder(
  catalogue: Catalogue,
  path: string
): Promise<{ real: string; folder: FolderRow; directory: string }> {
  const innerFirst = [...catalogue.folders.list()].sort((a, b) => b.path.length - a.path.length)
  const given = resolve(path)
  // It may be unplugged, or its disk may not answer now; one that a link leads to may start first.
  const isKnown = innerFirst.some((one) => isInside(given, one.path))
  const real = await realPath(given, !isKnown).catch(() => given)
  const folder = innerFirst.find((one) => isInside(real, one.path))
  const [kind, subject] = ['bad-argument', path] as const
  if (!folder) {
    const expected = 'a folder of the library, or one inside it (index it first)'
    throw new Fault({ kind, subject, expected, received: 'another' })
  }
  const directory = relative(folder.path, real).split(sep).join('/')
  if (await isThere(catalogue, folder.id, directory, real)) return { real, folder, directory }
  const expected = `a folder inside “${folder.name}”`
  throw new Fault({ kind, subject, expected, received: 'no folder (is it spelt so?)' })
}

async function isThere(
  catalogue: Catalogue,
  folder: number,
  directory: string,
  path: string
): Promise<boolean> {
  if (directory === '' || catalogue.samples.of(folder, directory, 1).length > 0) return true
  if (catalogue.omitted.directories(folder).includes(directory)) return true
  return (await directoryAt(path).catch(noneOf)) !== undefined // it may be unplugged
}

/** A directory within a folder of the library. Throws Fault bad-argument for any other. */
export async function subfolderAt(
  catalogue: Catalogue,
  path: string
): Promise<{ folder: number; directory: string }> {
  const { folder, directory } = await insideFolder(catalogue, path)
  if (directory !== '') return { folder: folder.id, directory }
  const [expected, received] = ['a folder inside one of the library', 'one of these itself']
  throw new Fault({ kind: 'bad-argument', subject: path, expected, received })
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
