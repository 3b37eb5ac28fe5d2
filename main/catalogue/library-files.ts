// The files of a library's catalogue, and moving them as one: SQLite keeps others beside its own.
// Knows no table. No connection of this process may have open what is moved or removed here.
import { existsSync, renameSync, rmSync } from 'node:fs'
import { systemFault } from '../wire/system-fault.ts'

export const CATALOGUE_FILE = 'kindred.sqlite'
/** Empty: it is there to be locked. */
export const LOCK_FILE = 'kindred.lock'
/** Folder of the dated copies: see copies.ts. */
export const COPIES_FOLDER = 'copies'
/** Damage was met at work: the catalogue is checked thoroughly before it is opened again. */
export const SUSPECT_FILE = 'kindred.suspect'
/** What a damaged catalogue is replaced by, when it is whole; and before: see rebuild.ts. */
export const REBUILT_FILE = 'kindred-rebuilt.sqlite'
export const UNFINISHED_FILE = 'kindred-unfinished.sqlite'

/** What may lie beside a database of SQLite, and the database itself, which is the last to move. */
const ENDINGS = ['-wal', '-shm', '-journal', ''] as const

/** Removes a database, if it is there. Throws a Fault of the disk. */
export function removeDatabase(path: string): void {
  onDisk(path, () => {
    for (const ending of ENDINGS) rmSync(`${path}${ending}`, { force: true })
  })
}

/**
 * Renames a database with all that lies beside it. What lies beside goes first: a log of changes
 * that stayed behind would be read into the next database of this name. Called again, it moves what
 * is left. Throws a Fault of the disk.
 */
export function moveDatabase(from: string, to: string): void {
  onDisk(from, () => {
    for (const ending of ENDINGS)
      if (existsSync(`${from}${ending}`)) renameSync(`${from}${ending}`, `${to}${ending}`)
  })
}

/** Runs what reads or changes files of the library; what the system refuses becomes a Fault. */
export function onDisk<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw systemFault(error, 'library', path, 'a folder that can be read and written')
  }
}

/** A time in a file's name: colons are no part of a name on every system. */
export function timeInName(at: number): string {
  return new Date(at).toISOString().replace(/[:.]/g, '-')
}
