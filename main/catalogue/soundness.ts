// Whether a catalogue can be relied on: its header, its tables, and what SQLite's own check says.
// Only who holds the library asks of its catalogue, before anything else has the file open.
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import * as v from 'valibot'
import { isFault } from '../wire/fault.ts'
import { openDatabase } from './database.ts'
import type { Database } from './database.ts'
import { FAVOURITES_SINCE, RATINGS_SINCE, decisionTables } from './decisions.ts'
import { onDisk } from './library-files.ts'
import { APPLICATION_ID, checkIsNotNewer, marksOf, migrate } from './migrations.ts'
import { MIGRATIONS } from './schema-steps.ts'

/** A catalogue up to this size is checked as a whole at each start, which takes 0.1 s; bytes. */
const SMALL = 32 * 2 ** 20
/** A version so far ahead is no newer Kindred's: the number itself is damaged. */
const MOST_VERSIONS_AHEAD = 1000

export type Condition =
  | { state: 'sound'; version: number }
  /** Nothing is there, or nothing was written to it yet. */
  | { state: 'empty' }
  | { state: 'damaged'; why: string }

export interface CheckOptions {
  /** True: everything is checked, indexes too. False: of a large one only the decisions. */
  thorough: boolean
  /** ms to wait for another connection. */
  patience?: number | undefined
}

/**
 * Looks at the catalogue at `path`. Throws Fault version-mismatch for one of a newer Kindred,
 * foreign-library for a database of another program, library-in-use, or a fault of the disk.
 */
export function conditionOf(path: string, { thorough, patience }: CheckOptions): Condition {
  const sizeOf = (file: string): number =>
    onDisk(file, () => statSync(file, { throwIfNoEntry: false })?.size ?? 0)
  const size = sizeOf(path)
  if (size === 0)
    return sizeOf(`${path}-wal`) === 0 ? { state: 'empty' } : damaged('it was emptied')
  if (!isHeader(onDisk(path, () => readHeader(path)))) return damaged('its header is overwritten')
  try {
    const database = openDatabase(path, { ...(patience && { patience }) })
    try {
      if (!thorough) return inspect(database, size <= SMALL)
      const [row] = database.query('PRAGMA integrity_check(1)', Integrity).all()
      if (row && row.integrity_check !== 'ok') return damaged(row.integrity_check)
      return inspect(database, true)
    } finally {
      database.close()
    }
  } catch (error) {
    if (!isFault(error, 'library-damaged')) throw error
    return damaged(error.record.received)
  }
}

/** The decisions that a catalogue holds, as far as they can be read. */
export interface ReadableDecisions {
  version: number
  /** Tables of decisions that are sound. */
  tables: ReadonlySet<string>
  /** Favourites and ratings: what a person marked. */
  marks: number
}

/**
 * What can be read of the decisions in the file at `path`; nothing where that is no catalogue.
 * Throws a Fault of the disk.
 */
export function readableDecisions(path: string): ReadableDecisions | undefined {
  try {
    const database = openDatabase(path, { readOnly: true })
    try {
      return decisionsOf(database)
    } finally {
      database.close()
    }
  } catch (error) {
    if (isFault(error, 'library-damaged')) return undefined
    throw error
  }
}

function decisionsOf(database: Database): ReadableDecisions | undefined {
  const { application, version } = marksOf(database)
  if (application !== APPLICATION_ID || version < 1 || version > MIGRATIONS.length) return undefined
  const missing = missingParts(database, version)
  const isWhole = (table: string): boolean =>
    !missing.some((part) => part === table || part.startsWith(`${table}.`))
  const tables = new Set(
    decisionTables(version).filter((table) => isWhole(table) && !damageIn(database, [table]))
  )
  const places =
    version < FAVOURITES_SINCE ? [['photos', 'favourite = 1']] : [['favourites', 'true']]
  if (version >= RATINGS_SINCE) places.push(['ratings', 'true'])
  let marks = 0
  for (const [table = '', rows] of places)
    if (tables.has(table))
      marks +=
        database.query(`SELECT count(*) AS count FROM ${table} WHERE ${rows}`, Count).get()?.count ??
        0
  return { version, tables, marks }
}

const Count = v.object({ count: v.number() })

/** What SQLite's check finds wrong, in tables or in all; undefined when it is sound. */
export function damageIn(database: Database, tables?: readonly string[]): string | undefined {
  for (const table of tables ?? [undefined]) {
    try {
      const check = database.query(`PRAGMA quick_check(${table ?? 1})`, Checked)
      const found = check.all().find((row) => row.quick_check !== 'ok')
      if (found) return found.quick_check
    } catch (error) {
      if (!isFault(error, 'library-damaged')) throw error
      return error.record.received
    }
  }
  return undefined
}

const Checked = v.object({ quick_check: v.string() })
const Integrity = v.object({ integrity_check: v.string() })
const Part = v.object({ part: v.string() })

function damaged(why: string): Condition {
  return { state: 'damaged', why }
}

function inspect(database: Database, whole: boolean): Condition {
  const { application, version, tables } = marksOf(database)
  if (tables === 0) return { state: 'empty' }
  const isOurs = partsOf(database).has('photos.returns_as') || application === APPLICATION_ID
  if (!isOurs) checkIsNotNewer(database) // it throws: this is another program's
  if (version < 1 || version > MIGRATIONS.length + MOST_VERSIONS_AHEAD)
    return damaged(`its version is overwritten (${version})`)
  if (application !== APPLICATION_ID) return damaged('its mark is overwritten')
  checkIsNotNewer(database)
  const [missing] = missingParts(database, version)
  if (missing) return damaged(`its table or index ${missing} is missing`)
  const why = damageIn(database, whole ? undefined : decisionTables(version))
  return why === undefined ? { state: 'sound', version } : damaged(why)
}

/** Names of tables, indexes and columns (`table.column`). */
function partsOf(database: Database): Set<string> {
  const rows = database
    .query(
      `SELECT name AS part FROM sqlite_schema WHERE name NOT LIKE 'sqlite_autoindex%'
       UNION ALL SELECT tables.name || '.' || columns.name
       FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table'`,
      Part
    )
    .all()
  return new Set(rows.map(({ part }) => part))
}

/** The parts that a catalogue of this version has and this one lacks. */
function missingParts(database: Database, version: number): string[] {
  const model = openDatabase(':memory:')
  try {
    migrate(model, MIGRATIONS.slice(0, version))
    const parts = partsOf(database)
    return [...partsOf(model)].filter((part) => !parts.has(part))
  } finally {
    model.close()
  }
}

const HEADER_BYTES = 100
const MAGIC = 'SQLite format 3\0'

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  const file = openSync(path, 'r')
  try {
    return header.subarray(0, readSync(file, header))
  } finally {
    closeSync(file)
  }
}

/** True for a header as SQLite writes it: https://sqlite.org/fileformat.html, section 1.3. */
function isHeader(header: Buffer): boolean {
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, 16) !== MAGIC) return false
  const pageSize = header.readUInt16BE(16)
  const isPower = pageSize === 1 || (pageSize >= 512 && (pageSize & (pageSize - 1)) === 0)
  const isVersion = [header[18], header[19]].every((way) => way === 1 || way === 2)
  const fractions = header.subarray(20, 24).equals(Buffer.from([0, 64, 32, 32]))
  const schema = header.readUInt32BE(44)
  const encoding = header.readUInt32BE(56)
  return isPower && isVersion && fractions && schema <= 4 && encoding <= 3
}
