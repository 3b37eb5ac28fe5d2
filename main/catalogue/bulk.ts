// Rows by the hundred thousand into an empty catalogue: indexes are taken away and made again at
// the end, which is several times as fast. For simulated libraries; nothing else writes this way.
import { join } from 'node:path'
import * as v from 'valibot'
import type { QuantizerRecord } from '../wire/compute-contract.ts'
import { Bug, Fault } from '../wire/fault.ts'
import { CATALOGUE_FILE } from './catalogue.ts'
import { openDatabase } from './database.ts'
import type { Database } from './database.ts'
import { migrate } from './migrations.ts'
import { modelTable } from './models.ts'
import { blobOf } from './vectors.ts'
import type { Encoding } from './vectors.ts'

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
  /** A folder that is not there, as on a drive that is unplugged: its photos are kept. */
  addAbsentFolder(path: string, name: string): number
  /** Adds photos with their encodings of the model. */
  addPhotos(photos: readonly BulkPhoto[]): void
  /** Makes the indexes and lets the model serve. */
  finish(): void
  /** Safe to call twice. */
  close(): void
}

/**
 * Opens a catalogue that holds no photo yet, with a model to be. Throws Fault bad-argument for one
 * that holds photos, and as `openCatalogue` does.
 */
export function openBulk(library: string, record: QuantizerRecord, now: number): Bulk {
  const database = openDatabase(join(library, CATALOGUE_FILE))
  try {
    migrate(database)
    if (database.query('SELECT id FROM photos LIMIT 1', v.object({ id: v.number() })).get())
      throw new Fault({
        kind: 'bad-argument',
        subject: library,
        expected: 'a new library',
        received: 'one that holds photos',
        remedy: 'Name another folder.'
      })
    return filling(database, record, now)
  } catch (error) {
    database.close()
    throw error
  }
}

function filling(database: Database, record: QuantizerRecord, now: number): Bulk {
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
       width, height, captured_at, favourite)
     VALUES ($folder, $directory, $name, $size, $modifiedAt, 0, $now, 'indexed', $hash,
       $width, $height, $capturedAt, $favourite)`
  )
  const addEncoding = database.command(
    `INSERT INTO encodings (photo, model, projected, descriptor, code)
     VALUES ($photo, $model, $projected, $descriptor, $code)`
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
      if (!models.swap(model)) throw new Bug('every photo has its encoding')
    },
    close() {
      if (isOpen) database.close()
      isOpen = false
    }
  }
}
