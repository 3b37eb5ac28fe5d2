// Photos and folders that met a fault which passes: what they wait for, and when they are tried
// again. A photo that waits stays pending and keeps its vectors.
import * as v from 'valibot'
import type { FaultKind, FaultRecord } from '../wire/fault.ts'
import type { Database } from './database.ts'
import { StoredFault } from './stored-json.ts'
import { STILL, Task, TASK } from './work-table.ts'

const Group = v.object({
  folder: v.number(),
  name: v.string(), // of the folder
  fault: StoredFault,
  photos: v.number(),
  retryAt: v.number() // ms since 1970, of the first of them
})
/** What waits for the same: photos of a folder, or all of its photos. */
export type Group = v.InferOutput<typeof Group>

const Value = v.object({ value: v.nullable(v.number()) })
const FolderWait = v.object({ attempts: v.number(), retryAt: v.number() })

/** The statements of waiting. */
export function waitTable(database: Database) {
  const photoWaits = database.command(
    `UPDATE photos SET fault_kind = $kind, fault = $fault, attempts = attempts + 1,
       retry_at = $retryAt, suspect = 0
     WHERE ${STILL}`
  )
  const folderWaits = database.command(
    `UPDATE folders SET fault = $fault, attempts = attempts + 1, retry_at = $retryAt WHERE id = $id`
  )
  const folderGoesOn = database.command(
    'UPDATE folders SET fault = NULL, attempts = 0, retry_at = NULL WHERE id = $id'
  )
  const ofFolder = database.query(
    `SELECT attempts, retry_at AS retryAt FROM folders WHERE id = $id AND retry_at IS NOT NULL`,
    FolderWait
  )
  const release = database.command(
    `UPDATE photos SET retry_at = NULL WHERE status = 'pending' AND retry_at IS NOT NULL
       AND folder = $folder AND fault_kind = $kind`
  )
  const releaseKind = database.command(
    `UPDATE photos INDEXED BY photos_waiting SET retry_at = NULL
     WHERE status = 'pending' AND retry_at IS NOT NULL AND fault_kind = $kind AND attempts < $most`
  )
  const releasePhotos = database.command(
    `UPDATE photos INDEXED BY photos_waiting SET retry_at = NULL
     WHERE status = 'pending' AND retry_at IS NOT NULL`
  )
  const releaseFolders = database.command(
    'UPDATE folders SET fault = NULL, attempts = 0, retry_at = NULL WHERE retry_at IS NOT NULL'
  )
  const boundPhotos = database.command(
    `UPDATE photos INDEXED BY photos_waiting SET retry_at = $latest
     WHERE status = 'pending' AND retry_at IS NOT NULL AND retry_at > $latest`
  )
  const boundFolders = database.command(
    'UPDATE folders SET retry_at = $latest WHERE retry_at > $latest'
  )
  const next = database.query(
    `SELECT min(at) AS value FROM (
       SELECT min(retry_at) AS at FROM photos WHERE status = 'pending' AND retry_at IS NOT NULL
         AND folder IN (SELECT id FROM folders WHERE present = 1 AND retry_at IS NULL)
       UNION ALL SELECT min(retry_at) FROM folders WHERE present = 1 AND retry_at IS NOT NULL
         AND EXISTS (SELECT 1 FROM photos WHERE folder = folders.id AND status = 'pending'))`,
    Value
  )
  const due = database.query(
    `SELECT ${TASK} FROM photos INDEXED BY photos_waiting
       JOIN folders ON folders.id = photos.folder
     WHERE photos.status = 'pending' AND photos.retry_at IS NOT NULL AND photos.retry_at <= $now
       AND suspect = 0 AND folders.present = 1 AND folders.retry_at IS NULL
     ORDER BY photos.retry_at, photos.id LIMIT $limit`,
    Task
  )
  // The photo that was tried least often: one that can never be read must not hold up the others.
  const probe = database.query(
    `SELECT ${TASK} FROM folders
       CROSS JOIN photos ON photos.folder = folders.id AND photos.status = 'pending'
     WHERE folders.retry_at <= $now AND folders.present = 1 AND suspect = 0
     ORDER BY photos.attempts, photos.id LIMIT 1`,
    Task
  )
  const photoGroups = database.query(
    `SELECT one.folder, folders.name, photos.fault, one.photos, retryAt
     FROM (SELECT folder, min(id) AS first, count(*) AS photos, min(retry_at) AS retryAt
         FROM photos INDEXED BY photos_waiting WHERE status = 'pending' AND retry_at IS NOT NULL
         GROUP BY folder, fault_kind) AS one
       JOIN folders ON folders.id = one.folder JOIN photos ON photos.id = one.first
     WHERE folders.present = 1 AND folders.retry_at IS NULL`,
    Group
  )
  const folderGroups = database.query(
    `SELECT id AS folder, name, fault, retry_at AS retryAt,
       (SELECT count(*) FROM photos WHERE folder = folders.id AND status = 'pending') AS photos
     FROM folders WHERE retry_at IS NOT NULL AND present = 1 AND removed_at IS NULL`,
    Group
  )

  return {
    /** The photo is tried again then; false when the file is no longer the one that was sent. */
    photo({ id, size, modifiedAt, changedAt }: Task, fault: FaultRecord, retryAt: number): boolean {
      const { kind } = fault
      const row = { id, size, modifiedAt, changedAt, kind, fault: JSON.stringify(fault), retryAt }
      return photoWaits.run(row).changes === 1
    },
    /** No photo of the folder is tried until then, and then one of them. */
    folder: (id: number, fault: FaultRecord, retryAt: number) =>
      void folderWaits.run({ id, fault: JSON.stringify(fault), retryAt }),
    /** How often photos of a folder that waits were tried in vain, and when one is next. */
    ofFolder: (id: number) => ofFolder.get({ id }),
    /** A photo of the folder could be read: the others are tried, too. */
    folderGoesOn: (id: number) => void folderGoesOn.run({ id }),
    /** Photos of the folder that wait for a fault of this kind may be tried now. */
    release: (folder: number, kind: FaultKind) => void release.run({ folder, kind }),
    /** The same in all folders, of those that were tried less than `most` times. */
    releaseKind: (kind: FaultKind, most: number) => void releaseKind.run({ kind, most }),
    /** Photos whose time has come, the first one first. */
    due: (now: number, limit: number) => due.all({ now, limit }),
    /** All photos and folders that wait may be tried now. */
    releaseAll(): void {
      releasePhotos.run()
      releaseFolders.run()
    },
    /**
     * Nothing waits for longer than that, ms since 1970: times that a clock which ran ahead has set
     * would come in hours or years.
     */
    bound(latest: { photos: number; folders: number }): void {
      boundPhotos.run({ latest: latest.photos })
      boundFolders.run({ latest: latest.folders })
    },
    /** When something is to be tried next, ms since 1970. */
    next: () => next.get()?.value ?? undefined,
    /** A photo of a folder that waits and whose time has come. */
    probe: (now: number) => probe.get({ now }),
    /** What waits, together with all that waits for the same. */
    groups: (): Group[] => [...folderGroups.all(), ...photoGroups.all()]
  }
}
