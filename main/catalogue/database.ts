// The one file that knows the SQLite library: opening with an exclusive lock, checked statements,
// transactions, and the faults that a disk can cause. Runs in the engine's process (or the command
// line's). It knows no table.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import * as v from 'valibot'
import { Bug, Fault } from '../wire/fault.ts'

export type Value = string | number | Uint8Array | null
type Parameters = Record<string, Value>

/** A prepared statement that returns rows; every row passes its schema. */
export interface Query<T> {
  get(parameters?: Parameters): T | undefined
  all(parameters?: Parameters): T[]
}

/** A prepared statement that changes rows. */
export interface Command {
  run(parameters?: Parameters): { changes: number; id: number }
}

export interface Database {
  readonly path: string
  query<T>(sql: string, row: v.GenericSchema<unknown, T>): Query<T>
  /** For many rows: one column tuple a row, not checked here (tables are STRICT). */
  columns(sql: string): (parameters?: Parameters) => Iterable<readonly unknown[]>
  command(sql: string): Command
  /** Runs several statements without parameters. */
  script(sql: string): void
  /** All or nothing. Short and synchronous: searches wait for it. Not to be nested. */
  transaction<T>(work: () => T): T
  close(): void
}

// Result codes of SQLite (https://sqlite.org/rescode.html), primary part.
const BUSY = 5
const READ_ONLY = 8
const IO_ERROR = 10
const CORRUPT = 11
const FULL = 13
const CANNOT_OPEN = 14
const NOT_A_DATABASE = 26

/** The Fault for an error of SQLite, or the error itself when it is ours (a wrong statement). */
function faultOf(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('sqliteCode' in error)) return error
  const code = Number(error.sqliteCode) & 0xff
  if (code === BUSY)
    return new Fault({
      kind: 'library-in-use',
      subject: path,
      expected: 'a library that no other process has open',
      received: 'a lock held by another process',
      remedy: 'Close the other Kindred (or its command) that uses this library and try again.'
    })
  if (code === CORRUPT || code === NOT_A_DATABASE)
    return new Fault({
      kind: 'library-damaged',
      subject: path,
      expected: 'a readable catalogue',
      received: error.message,
      remedy: 'Move this file away; Kindred then makes a new catalogue from your photos.'
    })
  if ([FULL, READ_ONLY, IO_ERROR, CANNOT_OPEN].includes(code))
    return new Fault({
      kind: 'unreadable',
      subject: path,
      expected: code === FULL ? 'room on the disk' : 'a file that can be read and written',
      received: error.message,
      remedy:
        code === FULL ? 'Free some space.' : 'Check the disk and the permissions of the folder.'
    })
  return error
}

/**
 * Opens (or makes) the file and takes its lock, which lasts until `close` or the end of the
 * process. `patience`: ms to wait for a process that is just going away. Throws Fault
 * library-in-use, library-damaged or unreadable.
 */
export function openDatabase(path: string, patience = 2000): Database {
  function guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw faultOf(error, path)
    }
  }

  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch (error) {
    throw new Fault({
      kind: 'unreadable',
      subject: dirname(path),
      expected: 'a folder that can be made and written',
      received: error instanceof Error ? error.message : String(error),
      remedy: 'Choose another folder for the library or check its permissions.'
    })
  }
  const native = guarded(() => new DatabaseSync(path, { timeout: patience }))
  try {
    guarded(() => {
      // The lock is taken by the first transaction and, in exclusive mode, kept; see
      // https://sqlite.org/wal.html#use_of_wal_without_shared_memory. A killed process loses it.
      // A page of 8 kB holds three features; only a new file takes the size.
      native.exec('PRAGMA page_size = 8192')
      native.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL')
      native.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON')
      native.exec('BEGIN IMMEDIATE; COMMIT')
    })
  } catch (error) {
    native.close()
    throw error
  }

  return {
    path,
    query(sql, row) {
      const statement = guarded(() => native.prepare(sql))
      const check = (value: unknown): v.InferOutput<typeof row> => {
        const parsed = v.safeParse(row, value)
        if (parsed.success) return parsed.output
        throw new Bug(`a row of "${sql}" is not as expected: ${parsed.issues[0].message}`)
      }
      return {
        get(parameters = {}) {
          const value: unknown = guarded(() => statement.get(parameters))
          return value === undefined ? undefined : check(value)
        },
        all: (parameters = {}) => guarded(() => statement.all(parameters)).map(check)
      }
    },
    columns(sql) {
      const statement = guarded(() => native.prepare(sql, { returnArrays: true }))
      return (parameters = {}) => guarded(() => statement.all(parameters))
    },
    command(sql) {
      const statement = guarded(() => native.prepare(sql))
      return {
        run(parameters = {}) {
          const done = guarded(() => statement.run(parameters))
          return { changes: done.changes, id: Number(done.lastInsertRowid) }
        }
      }
    },
    script: (sql) => guarded(() => native.exec(sql)),
    transaction(work) {
      if (native.isTransaction) throw new Bug('transactions do not nest')
      return guarded(() => {
        native.exec('BEGIN IMMEDIATE')
        try {
          const result = work()
          native.exec('COMMIT')
          return result
        } catch (error) {
          if (native.isTransaction) native.exec('ROLLBACK')
          throw error
        }
      })
    },
    close: () => native.close()
  }
}
