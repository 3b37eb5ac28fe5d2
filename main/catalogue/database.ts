// The one file that knows the SQLite library: connections that write and that only read, the lock
// of a library, checked statements, transactions, and the faults that a disk can cause. Runs in the
// engine's process (or the command line's). It knows no table. Nothing else of a process may open
// these files: when one is closed, the system drops all locks that the process has on it.
//
// [Note: one writer, many readers] The file is in WAL mode: readers go on while one connection
// writes, and each statement of theirs sees what was committed when it began. Only the process that
// holds the lock file may write. A statement that reads is run to its end at once, and a reader's
// transaction is as long as one answer, or one reading of the grid, so a checkpoint is held up for
// that time at most; where the WAL has grown past WAL_LIMIT all the same, the writer waits for its
// readers once and empties it.
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import * as v from 'valibot'
import { Bug, Fault, isFault } from '../wire/fault.ts'
import type { FaultKind } from '../wire/fault.ts'
import { systemFault } from '../wire/system-fault.ts'

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
  /** All or nothing, and synchronous. Not to be nested. */
  transaction<T>(work: () => T): T
  /** Another connection to the file, which only reads; its owner closes it. */
  another(): Database
  /** Rows that were changed through this connection so far. */
  changes(): number
  close(): void
}

// Result codes of SQLite (https://sqlite.org/rescode.html), primary part, as faults.
const KINDS: Readonly<Record<number, FaultKind>> = {
  5: 'library-in-use', // BUSY
  7: 'system-busy', // NOMEM
  8: 'read-only', // READONLY
  10: 'disk-error', // IOERR
  11: 'library-damaged', // CORRUPT
  13: 'disk-full', // FULL
  14: 'unreadable', // CANTOPEN
  26: 'library-damaged' // NOTADB
}

/** The Fault for an error of SQLite, or the error itself when it is ours (a wrong statement). */
function faultOf(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('sqliteCode' in error)) return error
  const kind = KINDS[Number(error.sqliteCode) & 0xff]
  if (!kind) return error
  const about = kind === 'system-busy' ? 'program' : 'library'
  const expected = 'a catalogue that can be read and written'
  return new Fault({ kind, about, subject: path, expected, received: error.message })
}

export interface OpenOptions {
  /** Every write through it throws; the file has to be there. */
  readOnly?: boolean
  /** ms to wait for a lock of another connection. */
  patience?: number
  /** Bytes of the WAL that are left to automatic checkpoints. */
  walLimit?: number
  /** Told when SQLite finds the file damaged, before that is thrown. */
  onDamage?: (fault: Fault) => void
}

export interface Lock {
  /** Safe to call twice. */
  release(): void
}

/** ms to wait for a process that is just going away. */
const PATIENCE = 2000
/** Bytes. SQLite empties the WAL by itself at 8 MB; so large it grows when readers hinder that. */
const WAL_LIMIT = 64 * 2 ** 20
/** Transactions after which the size of the WAL is looked at. */
const LOOK_EVERY = 32

function guardedFor(
  path: string,
  onDamage: (fault: Fault) => void = () => undefined
): <T>(work: () => T) => T {
  return (work) => {
    try {
      return work()
    } catch (error) {
      const fault = faultOf(error, path)
      if (fault !== error && isFault(fault, 'library-damaged')) onDamage(fault)
      throw fault
    }
  }
}

function makeFolderOf(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch (error) {
    const fault = systemFault(error, 'library', dirname(path), 'a folder that can be made')
    // Node says "not found" of a disk that is read-only, too.
    if (isFault(fault, 'not-found')) throw new Fault({ ...fault.record, kind: 'unreadable' })
    throw fault
  }
}

/**
 * Takes the lock that a file stands for, making the file when it is missing. It lasts until
 * `release` or the end of the process, however that comes: the system keeps it, not the file.
 * Throws Fault library-in-use (also where this process has it already) or unreadable.
 */
export function takeLock(path: string, patience = PATIENCE): Lock {
  const guarded = guardedFor(path)
  makeFolderOf(path)
  const native = guarded(() => new DatabaseSync(path, { timeout: patience }))
  try {
    // An empty database in a transaction that never ends; its journal is not to be a second file.
    guarded(() => native.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE'))
  } catch (error) {
    native.close()
    throw error
  }
  return {
    release() {
      if (native.isOpen) native.close()
    }
  }
}

/**
 * Opens the file (or makes it). Whoever writes holds the lock of the library: see `takeLock`.
 * Throws Fault library-in-use (an older Kindred has it for itself), library-damaged or unreadable.
 */
export function openDatabase(
  path: string,
  { readOnly = false, patience = PATIENCE, walLimit = WAL_LIMIT, onDamage }: OpenOptions = {}
): Database {
  const guarded = guardedFor(path, onDamage)
  if (!readOnly) makeFolderOf(path)
  const native = guarded(() => new DatabaseSync(path, { timeout: patience, readOnly }))
  try {
    guarded(() => {
      if (readOnly) return native.exec('PRAGMA query_only = ON; SELECT 1 FROM sqlite_schema')
      // A page of 8 kB holds three features; only a new file takes the size.
      native.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL')
      native.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON')
      native.exec('BEGIN IMMEDIATE; COMMIT') // an older Kindred would refuse it here
    })
  } catch (error) {
    native.close()
    throw error
  }
  const totalChanges = native.prepare('SELECT total_changes()', { returnArrays: true })
  let transactions = 0

  /** See [Note: one writer, many readers]. */
  function boundWal(): void {
    if (++transactions % LOOK_EVERY !== 0) return
    const size = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
    if (size > walLimit) guarded(() => native.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
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
      const done = guarded(() => {
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
      boundWal()
      return done
    },
    another: () => openDatabase(path, { readOnly: true, patience, ...(onDamage && { onDamage }) }),
    changes: () => Number(guarded(() => totalChanges.all())[0]?.[0]),
    close: () => native.close()
  }
}
