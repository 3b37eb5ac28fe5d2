// Brings a catalogue's file to today's tables, step by step, and refuses files that
// are no catalogue of Kindred.
import * as v from 'valibot'
import { Bug, Fault } from '../wire/fault.ts'
import type { Database } from './database.ts'
import { MIGRATIONS } from './schema-steps.ts'

/**
 * Kindred's mark in the file header ('Kind'), so that another program's database is not touched.
 */
export const APPLICATION_ID = 0x4b696e64

const Marks = v.object({
  application: v.number(), // APPLICATION_ID in a catalogue of ours
  version: v.number(), // number of the last migration
  tables: v.number() // and indexes
})

/**
 * Throws Fault version-mismatch unless the file has today's tables, foreign-library for a foreign
 * file. Writes nothing.
 */
export function checkIsCurrent(database: Database): void {
  const newest = MIGRATIONS.length
  const version = checkIsNotNewer(database, newest)
  if (version < newest)
    throw new Fault({
      kind: 'version-mismatch',
      subject: database.path,
      expected: `a catalogue of version ${newest}`,
      received: `version ${version}`
    })
}

/**
 * Brings the file to today's tables, one transaction a step.
 * Throws Fault version-mismatch for a file of a newer Kindred, foreign-library for a foreign file.
 */
export function migrate(database: Database, migrations = MIGRATIONS): void {
  const version = checkIsNotNewer(database, migrations.at(-1)?.number ?? 0)
  for (const migration of migrations) {
    if (migration.number <= version) continue
    database.transaction(() => {
      database.script(migration.sql)
      database.script(
        `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migration.number}`
      )
    })
  }
}

/**
 * The version of the file. Throws Fault version-mismatch for a file of a newer Kindred,
 * foreign-library for a foreign file.
 */
export function checkIsNotNewer(database: Database, newest = MIGRATIONS.length): number {
  const { application, version, tables } = marksOf(database)
  if (application !== APPLICATION_ID && tables > 0)
    throw new Fault({
      kind: 'foreign-library',
      subject: database.path,
      expected: 'a catalogue of Kindred',
      received: 'a database of another program'
    })
  if (version > newest)
    throw new Fault({
      kind: 'version-mismatch',
      subject: database.path,
      expected: `a catalogue of version ${newest} or older`,
      received: `version ${version}`
    })
  return version
}

/** How the file is marked, whoever made it. */
export function marksOf(database: Database): v.InferOutput<typeof Marks> {
  const marks = database
    .query(
      `SELECT a.application_id AS application, u.user_version AS version,
         (SELECT count(*) FROM sqlite_schema) AS tables
       FROM pragma_application_id AS a, pragma_user_version AS u`,
      Marks
    )
    .get()
  if (!marks) throw new Bug('pragmas give a row each')
  return marks
}
