// Is a folder of the library there, or is its drive unplugged? Runs in the engine.
import { opendir } from 'node:fs/promises'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import { listingFault } from './closed.ts'

/** `fault`: the folder is there, or was, and the system refuses to list it. */
export interface Presence {
  present: boolean
  fault?: FaultRecord
}

/**
 * Present when the folder can be listed. An empty one that had photos counts as absent: that is
 * what the mount point of an unplugged drive looks like.
 */
export async function presenceOf(catalogue: Catalogue, folder: FolderRow): Promise<Presence> {
  try {
    for await (const _ of await opendir(folder.path, { bufferSize: 1 })) return { present: true }
    return { present: !catalogue.files.anyIn(folder.id) }
  } catch (error) {
    const fault = listingFault(error, folder.name) // nothing is known about its photos
    return { present: false, ...(fault && { fault }) }
  }
}
