// Adding folders to the library and taking them out. Runs in the writer, when no scan is on.
import { basename, relative, resolve, sep } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { MountRow } from '../../catalogue/mount-table.ts'
import { Fault } from '../../wire/fault.ts'
import { systemFault } from '../../wire/system-fault.ts'
import { directoryAt, unknownOf } from '../faults/disk.ts'
import { isInside } from '../photo-paths.ts'
import { isSkipped } from './skipped.ts'
import { hasPhotosOf, movedFolder } from './moved-folder.ts'
import { acceptDrive } from './drives.ts'
import { isOmitted, takeBack } from './omissions.ts'
import { anotherPath, takePath } from './other-paths.ts'
import { presenceOf } from './presence.ts'

type Place = Pick<FolderRow, 'id' | 'path'>

/** A folder as it was added. */
export interface AddedFolder {
  id: number
  /** It lies in a folder of the library, which is the one with that id: its name. */
  partOf?: string
  /** Photos of it that were left out. */
  cameBack?: number[]
}

/**
 * Adds the folder at `path`, or takes it back in. A folder inside one of the library is part of that
 * one; folders inside the new one become parts of it and keep all that is known of their photos.
 * One that was moved there goes on as it is. Throws a Fault about the folder.
 */
export async function addFolder(catalogue: Catalogue, path: string): Promise<AddedFolder> {
  const real = await realFolder(path)
  const folders = catalogue.folders.list()
  const leftOut = folders.find((folder) => isLeftOutItself(catalogue, real, folder))
  const cameBack = leftOut && takeBack(catalogue, leftOut.id, below(leftOut.path, real))
  const outer = folders.find((folder) => isLookedInto(catalogue, real, folder))
  if (outer) await acceptDrive(catalogue, outer, real)
  if (outer?.path === real) return { id: outer.id }
  if (outer) return { id: outer.id, partOf: outer.name, ...(cameBack && { cameBack }) }
  const name = basename(real) || real
  const moved = await movedFolder(catalogue, real)
  if (moved) catalogue.folders.relocate(moved.id, real, name)
  const id = moved?.id ?? catalogue.folders.add(real, name)
  adoptFolders(catalogue, { id, path: real })
  return { id }
}

/** Folders that lie in this one become parts of it. */
function adoptFolders(catalogue: Catalogue, { id, path }: Place): void {
  for (const folder of catalogue.folders.list()) {
    if (folder.id === id || !isLookedInto(catalogue, folder.path, { id, path })) continue
    const drives = catalogue.mounts.ofFolder(folder.id)
    const prefix = below(path, folder.path)
    catalogue.otherPaths.adopt(folder.id, id, prefix)
    catalogue.duplicateDecisions.adoptPlaces(folder.id, id, prefix)
    catalogue.omitted.adopt(folder.id, id, prefix)
    catalogue.albums.adopt(folder.id, id, prefix)
    catalogue.folders.adopt(folder.id, id, prefix)
    catalogue.omitted.releaseLarge(id, catalogue.omitted.limits().get(id) ?? 0)
    keepDrives(catalogue, { id, path }, drives)
  }
}

/**
 * Takes a subfolder back that was left out; folders of the library that lie in it become parts of
 * its folder. The ids of its photos. Throws Fault bad-argument where it is not left out.
 */
export function takeBackFolder(
  catalogue: Catalogue,
  folder: number,
  directory: string
): number[] {
  const ids = takeBack(catalogue, folder, directory)
  const place = catalogue.folders.get(folder)
  if (place) adoptFolders(catalogue, place)
  return ids
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
    const to = await anotherPath(catalogue, photo.id, ({ folder }) => folder !== id).catch(
      unknownOf // it comes back where it is found
    )
    if (to && to !== 'unknown') catalogue.transaction(() => takePath(catalogue, photo.id, to))
  }
  catalogue.otherPaths.dropFolder(id)
  return catalogue.folders.remove(id, now)
}

/** Drives of a folder that became a part of another are drives of that one. */
function keepDrives(
  catalogue: Catalogue,
  { id, path }: Place,
  drives: readonly MountRow[]
): void {
  for (const { point, away } of drives) {
    if (point === path || !isInside(point, path)) continue
    const directory = below(path, point)
    catalogue.mounts.put(id, directory, point)
    catalogue.mounts.setAway(id, directory, away)
  }
}

/** True where a look through a folder comes to `path`: not in bins, nor in what is left out. */
function isLookedInto(catalogue: Catalogue, path: string, folder: Place): boolean {
  if (!isInside(path, folder.path)) return false
  const directory = below(folder.path, path)
  if (directory !== '' && isSkipped(directory)) return false
  return !isOmitted(directory, catalogue.omitted.directories(folder.id))
}

/** True for a directory that a person left out of a folder, and not with one around it. */
function isLeftOutItself(catalogue: Catalogue, path: string, folder: Place): boolean {
  if (!isInside(path, folder.path)) return false
  const directory = below(folder.path, path)
  const omitted = catalogue.omitted.directories(folder.id)
  const others = omitted.filter((one) => one !== directory)
  return others.length < omitted.length && !isOmitted(directory, others)
}

/** The path of a directory below a folder, as the catalogue has it. */
function below(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/')
}

/** The path of a folder without links, once its disk answers. Throws a Fault about it. */
export async function realFolder(path: string): Promise<string> {
  const expected = 'a folder that can be read'
  try {
    const real = await directoryAt(resolve(path))
    if (real !== undefined) return real
  } catch (error) {
    throw systemFault(error, 'folder', path, expected)
  }
  const kind = 'not-found'
  throw new Fault({ kind, about: 'folder', subject: path, expected, received: 'no folder' })
}
