// Adding folders to the library and taking them out. Runs in the engine, when no scan is on.
import { realpath, stat } from 'node:fs/promises'
import { basename, relative, resolve, sep } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { MountRow } from '../../catalogue/mount-table.ts'
import { Fault } from '../../wire/fault.ts'
import { systemFault } from '../../wire/system-fault.ts'
import { isInside } from '../photo-paths.ts'
import { movedFolder } from './moved-folder.ts'

/**
 * Adds the folder at `path`, or takes it back in; its id. A folder inside one of the library is
 * that one; folders inside the new one become parts of it and keep all that is known of their
 * photos. One that was moved there goes on as it is. Throws a Fault about the folder.
 */
export async function addFolder(catalogue: Catalogue, path: string): Promise<number> {
  const real = await realFolder(path)
  const folders = catalogue.folders.list()
  const outer = folders.find((folder) => isInside(real, folder.path))
  if (outer) return outer.id
  const name = basename(real) || real
  const moved = await movedFolder(catalogue, real)
  if (moved) catalogue.folders.relocate(moved.id, real, name)
  const id = moved?.id ?? catalogue.folders.add(real, name)
  for (const folder of folders) {
    if (folder.id === id || !isInside(folder.path, real)) continue
    const drives = catalogue.mounts.ofFolder(folder.id)
    catalogue.folders.adopt(folder.id, id, relative(real, folder.path).split(sep).join('/'))
    keepDrives(catalogue, { id, path: real }, drives)
  }
  return id
}

/** Drives of a folder that became a part of another are drives of that one. */
function keepDrives(
  catalogue: Catalogue,
  { id, path }: Pick<FolderRow, 'id' | 'path'>,
  drives: readonly MountRow[]
): void {
  for (const { point, away } of drives) {
    if (point === path || !isInside(point, path)) continue
    const directory = relative(path, point).split(sep).join('/')
    catalogue.mounts.put(id, directory, point)
    catalogue.mounts.setAway(id, directory, away)
  }
}

async function realFolder(path: string): Promise<string> {
  const expected = 'a folder that can be read'
  try {
    const real = await realpath(resolve(path))
    if ((await stat(real)).isDirectory()) return real
  } catch (error) {
    throw systemFault(error, 'folder', path, expected)
  }
  const kind = 'not-found'
  throw new Fault({ kind, about: 'folder', subject: path, expected, received: 'no folder' })
}
