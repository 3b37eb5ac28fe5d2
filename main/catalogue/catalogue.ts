// The catalogue: everything Kindred knows about a library, in one SQLite file. One process at a
// time holds a library and may write to it; within that process one connection writes and others
// read. Processes that only look may read beside it. Paths, pixels and processes are not its
// business.
import { join } from 'node:path'
import { isFault } from '../wire/fault.ts'
import type { Fault } from '../wire/fault.ts'
import type { Rebuilt } from '../wire/rebuilt.ts'
import { albumTable } from './decided/album-table.ts'
import { closedTable } from './closed-table.ts'
import { companionTable } from './companion-table.ts'
import { contentTable } from './content-table.ts'
import { openDatabase, takeLock } from './database.ts'
import type { Database, Lock } from './database.ts'
import { dateTable } from './date-table.ts'
import { duplicateDecisions } from './duplicate-decisions.ts'
import { duplicateTable } from './duplicate-table.ts'
import { factTable } from './fact-table.ts'
import { favouriteTable } from './favourite-table.ts'
import { fileTable } from './file-table.ts'
import { fingerprintTable } from './fingerprint-table.ts'
import { folderTable } from './folder-table.ts'
import { judgementTable } from './judgement-table.ts'
import { leftOutTable } from './left-out-table.ts'
import { CATALOGUE_FILE, LOCK_FILE } from './library-files.ts'
import { mapTable } from './map-table.ts'
import { checkIsCurrent, migrate } from './migrations.ts'
import { modelTable } from './model-table.ts'
import { mountTable } from './mount-table.ts'
import { notKinTable } from './decided/not-kin-table.ts'
import { omittedTable } from './omitted-table.ts'
import { otherPathTable } from './other-path-table.ts'
import { putOffTable } from './put-off-table.ts'
import { photoTable } from './photo-table.ts'
import { makeSound, suspectDamage } from './rebuild.ts'
import { ratingTable } from './rating-table.ts'
import { runTable } from './run-table.ts'
import { sampleTable } from './sample-table.ts'
import { settingsTable } from './settings-table.ts'
import { snapshotOf } from './snapshot.ts'
import { traitTable } from './trait-table.ts'
import { vectorTable } from './vector-table.ts'
import { viewTable } from './view-table.ts'
import { waitTable } from './wait-table.ts'
import { workTable } from './work-table.ts'

export { CATALOGUE_FILE, LOCK_FILE }

export type Catalogue = ReturnType<typeof tablesOf>

/** A library that this process has for itself. */
export interface HeldLibrary extends Lock {
  /** Its catalogue was damaged and is a new one now. */
  rebuilt: Rebuilt | undefined
}

/**
 * Takes the library in this folder for this process, makes what is missing of it, replaces a
 * damaged catalogue (see [Note: rebuilding]) and brings it up to date. Until `release` no other
 * process, and nothing else in this one, can take it; a process that ends loses it. Throws a Fault
 * about the library, or version-mismatch.
 */
export function holdLibrary(library: string, patience?: number): HeldLibrary {
  const lock = takeLock(join(library, LOCK_FILE), patience)
  try {
    return { ...lock, rebuilt: prepare(library, patience) }
  } catch (error) {
    lock.release()
    throw error
  }
}

function prepare(library: string, patience?: number): Rebuilt | undefined {
  const rebuilt = makeSound(library, patience)
  try {
    bringUpToDate(library, patience)
    return rebuilt
  } catch (error) {
    if (rebuilt || !isFault(error, 'library-damaged')) throw error
  }
  // A step met damage where a large file is not checked at each start; now all of it is.
  const later = makeSound(library, patience)
  bringUpToDate(library, patience)
  return later
}

function bringUpToDate(library: string, patience?: number): void {
  const options = { ...(patience && { patience }), onDamage: () => suspectDamage(library) }
  const database = openDatabase(join(library, CATALOGUE_FILE), options)
  try {
    migrate(database)
  } finally {
    database.close()
  }
}

/**
 * A connection to the catalogue of a library that is up to date: one that writes, for whoever holds
 * the library, or one that only reads. Throws as `holdLibrary`.
 * @param onDamage told of damage that is met, which is noted: the next start looks at all of it
 */
export function connectCatalogue(
  library: string,
  access: 'write' | 'read',
  onDamage: (fault: Fault) => void = () => undefined
): Catalogue {
  const database = openDatabase(join(library, CATALOGUE_FILE), {
    readOnly: access === 'read',
    onDamage(fault) {
      suspectDamage(library)
      onDamage(fault)
    }
  })
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

/** All statements over a connection. */
export function tablesOf(database: Database) {
  return {
    folders: folderTable(database),
    closed: closedTable(database),
    leftOut: leftOutTable(database),
    mounts: mountTable(database),
    omitted: omittedTable(database),
    otherPaths: otherPathTable(database),
    samples: sampleTable(database),
    files: fileTable(database),
    companions: companionTable(database),
    contents: contentTable(database),
    duplicates: duplicateTable(database),
    duplicateDecisions: duplicateDecisions(database),
    notKin: notKinTable(database),
    albums: albumTable(database),
    fingerprints: fingerprintTable(database),
    dates: dateTable(database),
    judgements: judgementTable(database),
    work: workTable(database),
    waits: waitTable(database),
    putOff: putOffTable(database),
    photos: photoTable(database),
    facts: factTable(database),
    traits: traitTable(database),
    favourites: favouriteTable(database),
    ratings: ratingTable(database),
    vectors: vectorTable(database),
    map: mapTable(database),
    models: modelTable(database),
    runs: runTable(database),
    views: viewTable(database),
    settings: settingsTable(database),
    /** All photos at one moment; to be closed. */
    snapshot: snapshotOf(database),
    /** All or nothing, and synchronous. Not to be nested (some methods hold their own). */
    transaction: database.transaction,
    changes: database.changes,
    close: database.close
  }
}
