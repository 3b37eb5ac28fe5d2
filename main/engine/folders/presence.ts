// Is a folder of the library there, or is its drive unplugged? Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { FolderRow } from '../../catalogue/folder-table.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import { isEmpty } from '../faults/disk.ts'
import { listingFault } from './closed.ts'
import { isDriveThere } from './drives.ts'

/** `fault`: the folder is there, or was, and the system refuses to list it. */
export interface Presence {
  present: boolean
  fault?: FaultRecord
}

/**
 * Present when the folder can be listed and the drive that it lies on is there. Where nothing is
 * known of its drive, an empty folder that had photos counts as absent: that is what the mount
 * point of an unplugged drive looks like.
 */
export async function presenceOf(catalogue: Catalogue, folder: FolderRow): Promise<Presence> {
  try {
    const hasNothing = await isEmpty(folder.path) // before drives are looked at: it may mount one
    const isThere = await isDriveThere(catalogue, folder)
    return { present: isThere ?? (!hasNothing || !catalogue.files.anyIn(folder.id)) }
  } catch (error) {
    const fault = listingFault(error, folder.name) // nothing is known about its photos
    return { present: false, ...(fault && { fault }) }
  }
}
