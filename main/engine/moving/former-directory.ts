// The directory that files are put back into: made again where it went meanwhile, but never in the
// place of a folder or drive that is away. Runs in the writer.
import { mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import { Fault } from '../../wire/fault.ts'
import { systemCodeOf, systemFault } from '../../wire/system-fault.ts'
import { statPatiently } from '../faults/disk.ts'
import { isDriveThere } from '../folders/drives.ts'
import { isInside } from '../photo-paths.ts'

/** The folder of the library that holds a path: the innermost, where one lies in another. */
export function folderAround(catalogue: Catalogue, path: string): FolderRow | undefined {
  const around = catalogue.folders.list().filter((one) => isInside(path, one.path))
  return around.sort((a, b) => b.path.length - a.path.length)[0]
}

/** Sees to the directory of a file that is put back. Throws a Fault about its folder. */
export async function makeFormerDirectory(catalogue: Catalogue, path: string): Promise<void> {
  const directory = dirname(path)
  const folder = folderAround(catalogue, path)
  if (folder && (await isAway(catalogue, folder, path))) throw away(folder.name)
  if (await isDirectory(directory)) return
  if (!folder) throw away(basename(directory))
  try {
    await mkdir(directory, { recursive: true })
  } catch (error) {
    throw systemFault(error, 'folder', folder.name, 'a folder that takes files back')
  }
}

/** True where the folder, or the drive below it that held the path, is not there. */
async function isAway(catalogue: Catalogue, folder: FolderRow, path: string): Promise<boolean> {
  if (!(await isDirectory(folder.path)) || (await isDriveThere(catalogue, folder)) === false)
    return true
  const drives = catalogue.mounts.ofFolder(folder.id).filter((drive) => drive.away)
  return drives.some(({ directory }) => isInside(path, join(folder.path, directory)))
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await statPatiently(path)).isDirectory()
  } catch (error) {
    if (systemCodeOf(error) !== undefined) return false
    throw error
  }
}

function away(subject: string): Fault {
  const [expected, received] = ['the folder that the photo came from', 'no folder there']
  return new Fault({ kind: 'disk-error', about: 'folder', subject, expected, received })
}
