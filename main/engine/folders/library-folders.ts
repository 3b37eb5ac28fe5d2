// Adding folders to the library and taking them out. Runs in the engine, when no scan is on.
import { realpath, stat } from 'node:fs/promises'
import { basename, relative, resolve, sep } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { MountRow } from '../../catalogue/mount-table.ts'
import { Fault } from '../../wire/fault.ts'
import { systemFault } from '../../wire/system-fault.ts'
import { isInside } from '../photo-paths.ts'
import { isSkippedDirectory } from './skipped.ts'
import { hasPhotosOf, movedFolder } from './moved-folder.ts'
import { anotherPath, takePath } from './other-paths.ts'
import { presenceOf } from './presence.ts'

/** A folder as it was added. */
export interface AddedFolder {
  id: number
  /** It lies in a folder of the library, which is the one with that id: its name. */
  partOf?: string
}

/**
 * Adds the folder at `path`, or takes it back in. A folder inside one of the library is part of that
 * one; folders inside the new one become parts of it and keep all that is known of their photos.
 * One that was moved there goes on as it is. Throws a Fault about the folder.
 */
export async function addFolder(catalogue: Catalogue, path: string): Promise<AddedFolder> {
  const real = await realFolder(path)
  const folders = catalogue.folders.list()
  const outer = folders.find((folder) => isLookedInto(real, folder.path))
  if (outer?.path === real) return { id: outer.id }
  if (outer) return { id: outer.id, partOf: outer.name }
  const name = basename(real) || real
  const moved = await movedFolder(catalogue, real)
  if (moved) catalogue.folders.relocate(moved.id, real, name)
  const id = moved?.id ?? catalogue.folders.add(real, name)
  for (const folder of folders) {
    if (folder.id === id || !isLookedInto(folder.path, real)) continue
    const drives = catalogue.mounts.ofFolder(folder.id)
    const prefix = relative(real, folder.path).split(sep).join('/')
    catalogue.otherPaths.adopt(folder.id, id, prefix)
    catalogue.folders.adopt(folder.id, id, prefix)
    keepDrives(catalogue, { id, path: real }, drives)
  }
  return { id }
}

/**
 * A folder that is not where it was lies at `path`: a person says so. Throws Fault not-found, or
 * wrong-folder where none of its photos are there or other folders are in the way.
 */
export async function locateFolder(catalogue: Catalogue, id: number, path: string): Promise<void> {
  const folders = catalogue.folders.list()
  const folder = folders.find((one) => one.id === id)
  if (!folder) {
    const [subject, expected] = [`folder ${id}`, 'a folder of the library']
    throw new Fault({ kind: 'not-found', about: 'folder', subject, expected, received: 'none' })
  }
  const real = await realFolder(path)
  const name = basename(real) || real
  const refuse = (received: string): Fault =>
    new Fault({ kind: 'wrong-folder', subject: name, expected: `“${folder.name}”`, received })
  if ((await presenceOf(catalogue, folder)).present)
    throw refuse('that one is where it was')
  for (const other of folders.filter((one) => one.id !== id)) {
    if (isInside(real, other.path)) throw refuse(`it is part of “${other.name}” already`)
    if (isInside(other.path, real)) throw refuse(`“${other.name}” lies in it`)
  }
  if (!(await hasPhotosOf(catalogue, folder, real))) throw refuse('none of its photos are there')
  catalogue.folders.relocate(id, real, name)
}

/**
 * Takes a folder out of the library; the ids of its photos, which are gone. A photo whose file lies
 * in another folder as well stays as that one's.
 */
export async function removeFolder(
  catalogue: Catalogue,
  id: number,
  now: number
): Promise<number[]> {
  for (const photo of catalogue.otherPaths.sharedBy(id)) {
    const to = await anotherPath(catalogue, photo, (folder) => folder !== id)
    if (to) catalogue.transaction(() => takePath(catalogue, photo, to))
  }
  catalogue.otherPaths.dropFolder(id)
  return catalogue.folders.remove(id, now)
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

/** True where a look through `folder` comes to `path`: not in bins, and not in hidden folders. */
function isLookedInto(path: string, folder: string): boolean {
  return isInside(path, folder) && !relative(folder, path).split(sep).some(isSkippedDirectory)
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
