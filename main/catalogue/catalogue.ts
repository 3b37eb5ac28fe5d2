// The catalogue: everything Kindred knows about a library, in one SQLite file. One process at a
// time holds a library and may write to it; within that process one connection writes and others
// read. Processes that only look may read beside it. Paths, pixels and processes are not its
// business.
import { join } from 'node:path'
import { openDatabase, takeLock } from './database.ts'
import type { Database, Lock } from './database.ts'
import { favouriteTable } from './favourite-table.ts'
import { fileTable } from './file-table.ts'
import { folderTable } from './folder-table.ts'
import { checkIsCurrent, migrate } from './migrations.ts'
import { modelTable } from './model-table.ts'
import { photoTable } from './photo-table.ts'
import { runTable } from './run-table.ts'
import { settingsTable } from './settings-table.ts'
import { vectorTable } from './vector-table.ts'
import { viewTable } from './view-table.ts'
import { waitTable } from './wait-table.ts'
import { workTable } from './work-table.ts'

export const CATALOGUE_FILE = 'kindred.sqlite'
/** Empty: it is there to be locked. */
export const LOCK_FILE = 'kindred.lock'

export type Catalogue = ReturnType<typeof tablesOf>

/**
 * Takes the library in this folder for this process, makes what is missing of it and brings it up
 * to date. Until `release` no other process, and nothing else in this one, can take it; a process
 * that ends loses it. Throws a Fault about the library, or version-mismatch.
 */
export function holdLibrary(library: string, patience?: number): Lock {
  const lock = takeLock(join(library, LOCK_FILE), patience)
  try {
    const database = openDatabase(join(library, CATALOGUE_FILE), { ...(patience && { patience }) })
    try {
      migrate(database)
    } finally {
      database.close()
    }
    return lock
  } catch (error) {
    lock.release()
    throw error
  }
}

/**
 * A connection to the catalogue of a library that is up to date: one that writes, for whoever holds
 * the library, or one that only reads. Throws as `holdLibrary`.
 */
export function connectCatalogue(library: string, access: 'write' | 'read'): Catalogue {
  const database = openDatabase(join(library, CATALOGUE_FILE), { readOnly: access === 'read' })
  try {
    checkIsCurrent(database)
    return tablesOf(database)
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Holds a library and opens its catalogue for writing, until `close`: for whoever needs no more
 * than one connection. Throws as `holdLibrary`.
 */
export function openCatalogue(library: string, patience?: number): Catalogue {
  const lock = holdLibrary(library, patience)
  try {
    const catalogue = connectCatalogue(library, 'write')
    return {
      ...catalogue,
      close() {
        catalogue.close()
        lock.release()
      }
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

function tablesOf(database: Database) {
  return {
    folders: folderTable(database),
    files: fileTable(database),
    work: workTable(database),
    waits: waitTable(database),
    photos: photoTable(database),
    favourites: favouriteTable(database),
    vectors: vectorTable(database),
    models: modelTable(database),
    runs: runTable(database),
    views: viewTable(database),
    settings: settingsTable(database),
    /** All or nothing, and synchronous. Not to be nested (some methods hold their own). */
    transaction: database.transaction,
    changes: database.changes,
    close: database.close
  }
}
