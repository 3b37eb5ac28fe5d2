// Dated copies of what a person decided, in <library>/copies: made weekly and before the catalogue
// is brought to new tables. What is in one: see [Note: decisions].
//
// [Note: copies] A copy is a catalogue of its own, of the same version, whose photos are still to
// be indexed: put in the place of the catalogue it is a whole library again. It is read from the
// catalogue by a connection that only reads, checked, and given its name when it is whole. SQLite's
// VACUUM INTO would take the vectors along, which are gigabytes.
// The last three are kept, and besides them the one with the most favourites and ratings, as long
// as none of the three has as many: so copies of a library that lost them never push out the copy
// that still has them. A catalogue without folders, favourites and ratings is not copied.
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { Fault } from '../wire/fault.ts'
import { openDatabase } from './database.ts'
import type { Database } from './database.ts'
import { FAVOURITES_SINCE, RATINGS_SINCE, decisionTables, takeDecisions, withSource } from './decisions.ts'
import {
  CATALOGUE_FILE,
  COPIES_FOLDER,
  onDisk,
  removeDatabase,
  timeInName
} from './library-files.ts'
import { marksOf, migrate } from './migrations.ts'
import { MIGRATIONS } from './schema-steps.ts'
import { damageIn, readableDecisions } from './soundness.ts'

/** Copies that are kept at least. */
const KEPT = 3
const WEEK = 7 * 24 * 3600_000
const NAME = /^kindred-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)-(\d{3}Z)\.sqlite$/

export interface Copy {
  path: string
  /** When it was made, ms since 1970. */
  at: number
}

/** The copies of a library, the latest first. Throws a Fault of the disk. */
export function copiesOf(library: string): Copy[] {
  const folder = join(library, COPIES_FOLDER)
  if (!existsSync(folder)) return []
  return onDisk(folder, () => readdirSync(folder))
    .flatMap((name) => {
      const at = timeOf(name)
      return at === undefined ? [] : [{ path: join(folder, name), at }]
    })
    .sort((a, b) => b.at - a.at)
}

/** True when no copy is of the week before, or after, `now`: a clock may have been wrong. */
export function isCopyDue(library: string, now: number): boolean {
  return !copiesOf(library).some(({ at }) => Math.abs(now - at) < WEEK)
}

/**
 * Makes a copy, where there is something to keep, and lets older ones go. When it fails nothing is
 * left behind and no copy is lost. Throws a Fault of the disk, or library-damaged.
 */
export function makeCopy(library: string, now: number): Copy | undefined {
  const catalogue = join(library, CATALOGUE_FILE)
  const folder = join(library, COPIES_FOLDER)
  const unfinished = join(folder, 'unfinished.sqlite')
  const copy = { path: join(folder, `kindred-${timeInName(now)}.sqlite`), at: now }
  const source = readableDecisions(catalogue)
  const tables = decisionTables(source?.version ?? 0)
  const damagedTable = tables.find((table) => !source?.tables.has(table))
  if (!source || damagedTable !== undefined)
    throw damaged(catalogue, `damage in ${damagedTable ?? 'its schema'}`)
  onDisk(folder, () => mkdirSync(folder, { recursive: true }))
  removeDatabase(unfinished)
  try {
    const sources = [{ path: catalogue, tables }]
    if (!makeDecisions(unfinished, source.version, sources, hasDecisions)) return undefined
    onDisk(folder, () => renameSync(unfinished, copy.path))
  } finally {
    removeDatabase(unfinished)
  }
  letGo(library, copy)
  return copy
}

/** Tables of decisions in a file. */
export interface DecisionSource {
  path: string
  tables: readonly string[]
}

/**
 * Makes a catalogue of a version that holds the decisions of files of the same version, as one file
 * that has reached the disk. `finish` may change it before it is checked and closed; what it
 * returns is returned. Throws a Fault of the disk, or library-damaged.
 */
export function makeDecisions<T>(
  path: string,
  version: number,
  sources: readonly DecisionSource[],
  finish: (database: Database) => T
): T {
  const database = openDatabase(path)
  try {
    database.script('PRAGMA synchronous = FULL')
    migrate(database, MIGRATIONS.slice(0, version))
    for (const source of sources)
      withSource(database, source.path, () => takeDecisions(database, source.tables))
    const result = finish(database)
    const why = damageIn(database)
    if (why !== undefined) throw damaged(path, why)
    database.script('PRAGMA journal_mode = DELETE') // one file, with nothing beside it
    return result
  } finally {
    database.close()
  }
}

/** In older versions favourites are marks on photos, so there are none without a folder. */
function hasDecisions(database: Database): boolean {
  const isThere = (table: string): boolean =>
    database.query(`SELECT 1 AS there FROM ${table} LIMIT 1`, There).get() !== undefined
  const { version } = marksOf(database)
  if (isThere('folders') || (version >= FAVOURITES_SINCE && isThere('favourites'))) return true
  return version >= RATINGS_SINCE && isThere('ratings')
}

const There = v.object({ there: v.number() })

/** Removes the copies that [Note: copies] does not keep. */
function letGo(library: string, made: Copy): void {
  const former = copiesOf(library).filter(({ path }) => path !== made.path)
  const counted = [made, ...former].map((copy) => ({
    ...copy,
    marks: readableDecisions(copy.path)?.marks ?? -1
  }))
  const [kept, older] = [counted.slice(0, KEPT), counted.slice(KEPT)]
  const most = Math.max(...counted.map(({ marks }) => marks))
  const spared = kept.some(({ marks }) => marks === most)
    ? undefined
    : older.find(({ marks }) => marks === most)
  for (const copy of older) if (copy !== spared) removeDatabase(copy.path)
}

function damaged(subject: string, received: string): Fault {
  return new Fault({
    kind: 'library-damaged',
    subject,
    expected: 'a catalogue that can be read',
    received
  })
}

function timeOf(name: string): number | undefined {
  const [, day, hour, minute, second, rest] = NAME.exec(name) ?? []
  if (!day) return undefined
  const at = Date.parse(`${day}${hour}:${minute}:${second}.${rest}`)
  return Number.isNaN(at) ? undefined : at
}
