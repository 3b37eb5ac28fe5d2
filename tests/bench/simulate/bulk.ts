// Rows by the hundred thousand into a new catalogue: indexes are taken away and made again at the
// end, which is several times as fast. It gets its name when it is whole: half a one is never taken
// for a library. Runs in the bench's process; nothing else writes this way.
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { QuantizerRecord } from '../../../main/wire/records.ts'
import { Bug, Fault } from '../../../main/wire/fault.ts'
import { JUDGEMENT } from '../../../main/wire/judgement.ts'
import { CATALOGUE_FILE, LOCK_FILE } from '../../../main/catalogue/catalogue.ts'
import { openDatabase, takeLock } from '../../../main/catalogue/database.ts'
import type { Database, Lock } from '../../../main/catalogue/database.ts'
import { migrate } from '../../../main/catalogue/migrations.ts'
import { modelTable } from '../../../main/catalogue/model-table.ts'
import { blobOf } from '../../../main/catalogue/halves.ts'
import type { Encoding } from '../../../main/catalogue/encoding-table.ts'
import { FINGERPRINT_BYTES } from '../../../model/retrieval.ts'

/** An indexed photo as it is written; times in ms since 1970. */
export interface BulkPhoto {
  folder: number
  directory: string
  name: string
  size: number // bytes
  modifiedAt: number
  capturedAt: number | null
  hash: string
  width: number
  height: number
  favourite: boolean
  encoding: Encoding
}

export interface Bulk {
  /** One that was cut short lay there, and is gone: nothing of it is used. */
  readonly isBegunAnew: boolean
  /** A folder that is not there, as on a drive that is unplugged: its photos are kept. */
  addAbsentFolder(path: string, name: string): number
  /** Adds photos with their encodings of the model. */
  addPhotos(photos: readonly BulkPhoto[]): void
  /** Makes the indexes, lets the model serve, closes the catalogue and gives it its name. */
  finish(): void
  /** What is not finished is removed. Safe to call twice, and after `finish`. */
  close(): void
}

/** SQLite's own files beside a catalogue that was cut short. */
const BESIDE = ['', '-wal', '-shm', '-journal']

/**
 * Opens a new catalogue, with a model to be. Throws Fault bad-argument where a library is already,
 * library-in-use where one is made in this moment, and as `openCatalogue` does.
 */
export function openBulk(library: string, record: QuantizerRecord, now: number): Bulk {
  checkIsNew(library)
  const path = join(library, CATALOGUE_FILE)
  const unfinished = `${path}.unfinished`
  const isBegunAnew = existsSync(unfinished)
  const lock = takeLock(join(library, LOCK_FILE))
  let database: Database | undefined
  try {
    if (isBegunAnew) removeUnfinished(unfinished)
    database = openDatabase(unfinished)
    migrate(database)
    return { isBegunAnew, ...filling(database, lock, record, now, path) }
  } catch (error) {
    database?.close()
    lock.release()
    throw error
  }
}

/** Throws Fault bad-argument where a library is already. */
export function checkIsNew(library: string): void {
  if (existsSync(join(library, CATALOGUE_FILE)))
    throw new Fault({
      kind: 'bad-argument',
      subject: library,
      expected: 'a new library',
      received: 'one that is there already'
    })
}

function removeUnfinished(path: string): void {
  for (const end of BESIDE) rmSync(`${path}${end}`, { force: true })
}

function filling(
  database: Database,
  lock: Lock,
  record: QuantizerRecord,
  now: number,
  path: string
): Omit<Bulk, 'isBegunAnew'> {
  const indexes = database
    .query(
      `SELECT name, sql FROM sqlite_schema
       WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('photos', 'encodings')`,
      v.object({ name: v.string(), sql: v.string() })
    )
    .all()
  const models = modelTable(database)
  const model = models.add('first', record, now)
  for (const { name } of indexes) database.script(`DROP INDEX "${name}"`)
  const addFolder = database.command(
    'INSERT INTO folders (path, name, present) VALUES ($path, $name, 0)'
  )
  const addPhoto = database.command(
    `INSERT INTO photos (folder, directory, name, size, modified_at, inode, added_at, status, hash,
       width, height, captured_at, captured_from, file_time, sort_name, dated, judgement,
       format, favourite)
     VALUES ($folder, $directory, $name, $size, $modifiedAt, 0, $now, 'indexed', $hash,
       $width, $height, $capturedAt, iif($capturedAt IS NULL, NULL, 'exif'), $modifiedAt, $name, 1,
       ${JUDGEMENT}, iif($size % 10 = 0, 'heic', 'jpeg'), $favourite)`
  )
  const addEncoding = database.command(
    `INSERT INTO encodings (photo, model, projected, descriptor, code)
     VALUES ($photo, $model, $projected, $descriptor, $code)`
  )
  const keepFavourites = database.command(
    `INSERT INTO favourites (hash, marked_at)
     SELECT DISTINCT hash, $now FROM photos WHERE favourite = 1`
  )
  // Compared already, since the pictures are not the photos': every twentieth is as the next one.
  const keepFingerprints = database.command(
    `INSERT INTO fingerprints (hash, compared, fingerprint)
     SELECT hash, 1, zeroblob(${FINGERPRINT_BYTES}) FROM photos ORDER BY id`
  )
  const keepPairs = database.command(
    `INSERT INTO near_identical (one, other)
     SELECT id, id + 1 FROM fingerprints WHERE id % 20 = 1 AND EXISTS (
       SELECT 1 FROM fingerprints AS next WHERE next.id = fingerprints.id + 1)`
  )
  const keepPairsBack = database.command(
    'INSERT OR IGNORE INTO near_identical (one, other) SELECT other, one FROM near_identical'
  )
  const keepCameras = database.command(
    `INSERT INTO cameras (id, name) VALUES (1, 'Camera 1'), (2, 'Camera 2'), (3, 'Camera 3')`
  )
  // Two of three photos have a place, within some hundred kilometres of each other.
  const keepFacts = database.command(
    `INSERT INTO facts (photo, camera, iso, latitude, longitude)
     SELECT id, 1 + id % 3, 100, iif(id % 3 < 2, 48 + (id * 7919 % 1000) / 500.0, NULL),
       iif(id % 3 < 2, 11 + (id * 104729 % 1000) / 500.0, NULL) FROM photos`
  )
  let isOpen = true

  return {
    addAbsentFolder: (path, name) => addFolder.run({ path, name }).id,
    addPhotos(photos) {
      database.transaction(() => {
        for (const { encoding, favourite, ...photo } of photos) {
          const { id } = addPhoto.run({ ...photo, favourite: favourite ? 1 : 0, now })
          addEncoding.run({
            photo: id,
            model,
            projected: blobOf(encoding.projected),
            descriptor: blobOf(encoding.descriptor),
            code: encoding.code
          })
        }
      })
    },
    finish() {
      for (const { sql } of indexes) database.script(sql)
      keepFavourites.run({ now })
      for (const keep of [keepFingerprints, keepPairs, keepPairsBack]) keep.run()
      for (const keep of [keepCameras, keepFacts]) keep.run()
      if (!models.swap(model)) throw new Bug('every photo has its encoding')
      isOpen = false
      database.close()
      renameSync(database.path, path)
      lock.release()
    },
    close() {
      if (!isOpen) return
      isOpen = false
      database.close()
      removeUnfinished(database.path)
      lock.release()
    }
  }
}
