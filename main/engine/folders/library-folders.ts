// Adding folders to the library and taking them out. Runs in the engine, when no scan is on.
import { realpath, stat } from 'node:fs/promises'
import { basename, relative, resolve, sep } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { Fault } from '../../wire/fault.ts'
import type { Filter } from '../../wire/query-contract.ts'

/**
 * Adds the folder at `path`, or takes it back in; its id. A folder inside one of the library is
 * that one; folders inside the new one become parts of it and keep all that is known of their
 * photos. Throws Fault not-found or unreadable.
 */
export async function addFolder(catalogue: Catalogue, path: string): Promise<number> {
  const real = await realFolder(path)
  const folders = catalogue.folders.list()
  const outer = folders.find((folder) => isInside(real, folder.path))
  if (outer) return outer.id
  const id = catalogue.folders.add(real, basename(real) || real)
  for (const folder of folders) {
    if (!isInside(folder.path, real)) continue
    catalogue.folders.adopt(folder.id, id, relative(real, folder.path).split(sep).join('/'))
  }
  return id
}

async function realFolder(path: string): Promise<string> {
  try {
    const real = await realpath(resolve(path))
    if ((await stat(real)).isDirectory()) return real
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw folderFault('unreadable', path, String(code))
  }
  throw folderFault('not-found', path, 'no folder')
}

function folderFault(kind: 'unreadable' | 'not-found', path: string, received: string): Fault {
  return new Fault({
    kind,
    subject: path,
    expected: 'a folder that can be read',
    received,
    remedy: 'Choose a folder that is there and that you may open.'
  })
}

/** True when `path` is `folder` or lies in it. */
function isInside(path: string, folder: string): boolean {
  const base = folder.endsWith(sep) ? folder : folder + sep
  return path === folder || path.startsWith(base)
}

/** The part of the library that lies below a path. Throws Fault not-found when none does. */
export async function filterOf(catalogue: Catalogue, path: string): Promise<Filter> {
  const real = await realpath(resolve(path)).catch(() => resolve(path)) // may be unplugged
  for (const folder of catalogue.folders.list())
    if (isInside(real, folder.path)) {
      const directory = relative(folder.path, real).split(sep).join('/')
      return { folder: folder.id, ...(directory && { directory }) }
    }
  throw new Fault({
    kind: 'not-found',
    subject: path,
    expected: 'a folder of the library, or one inside it',
    received: 'another',
    remedy: 'Index it first, or name one that is indexed.'
  })
}

/** The row of the photo at a path, if it is in the library. */
export function photoAt(catalogue: Catalogue, path: string): number | undefined {
  for (const folder of catalogue.folders.list()) {
    if (path === folder.path || !isInside(path, folder.path)) continue
    const parts = relative(folder.path, path).split(sep)
    const name = parts.pop() ?? ''
    const id = catalogue.photos.atPath(folder.id, parts.join('/'), name)
    if (id !== undefined) return id
  }
  return undefined
}
