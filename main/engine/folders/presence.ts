// Is a folder of the library there, or is its drive unplugged? Runs in the engine.
import { opendir } from 'node:fs/promises'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'

/**
 * True when the folder can be listed. An empty one that had photos counts as absent: that is what
 * the mount point of an unplugged drive looks like.
 */
export async function isPresent(catalogue: Catalogue, folder: FolderRow): Promise<boolean> {
  try {
    for await (const _ of await opendir(folder.path, { bufferSize: 1 })) return true
    return !catalogue.files.anyIn(folder.id)
  } catch {
    return false // missing, unmounted, closed: in any case nothing is known about its photos
  }
}
