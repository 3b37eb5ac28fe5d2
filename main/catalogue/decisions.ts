// What of a catalogue cannot be made again from the photos: what a person decided, and what was
// learned for hours. Copies hold this and no more, and a rebuilt catalogue begins with it.
//
// [Note: decisions] Folders, what of them is left out, favourites, ratings, what was decided about
// duplicates and kin, albums, settings, models with their weights and the runs that made them. Not
// photos, features, encodings and views: those are gigabytes for a million photos, and indexing
// makes them again. Before version 6 a favourite was a mark in the row of its photo, so such rows
// are decisions there, without what was computed for them.
import { pathToFileURL } from 'node:url'
import type { Database } from './database.ts'

/** What a person decided is taken over as one, from one file; so is what was learned. */
export type Group = 'person' | 'learned'

/** The version from which on favourites have a table of their own. */
export const FAVOURITES_SINCE = 6
/** The version from which on there are ratings. */
export const RATINGS_SINCE = 19
/** The version from which on directories can be left out. */
const OMITTED_SINCE = 27
/** The version from which on there are decisions about duplicates. */
const DUPLICATES_SINCE = 30
/** The version from which on there are decisions about kin. */
const NOT_KIN_SINCE = 34
/** The version from which on there are albums. */
const ALBUMS_SINCE = 35

interface Decision {
  table: string
  group: Group
  /** Versions of the catalogue in which it is one. */
  since: number
  until?: number
  /** Which rows; all if not given. */
  rows?: string
}

const DECISIONS: readonly Decision[] = [
  { table: 'folders', group: 'person', since: 1 },
  { table: 'omitted_directories', group: 'person', since: OMITTED_SINCE },
  { table: 'favourites', group: 'person', since: FAVOURITES_SINCE },
  { table: 'ratings', group: 'person', since: RATINGS_SINCE },
  { table: 'not_duplicates', group: 'person', since: DUPLICATES_SINCE },
  { table: 'kept_places', group: 'person', since: DUPLICATES_SINCE },
  { table: 'not_kin', group: 'person', since: NOT_KIN_SINCE },
  // One that was removed does not come back.
  { table: 'albums', group: 'person', since: ALBUMS_SINCE, rows: 'removed_at IS NULL' },
  {
    table: 'album_parts',
    group: 'person',
    since: ALBUMS_SINCE,
    rows: 'album IN (SELECT id FROM source.albums WHERE removed_at IS NULL)'
  },
  { table: 'photos', group: 'person', since: 2, until: FAVOURITES_SINCE - 1, rows: 'favourite = 1' },
  // All but those that are true of one file only: what stopped it, when thumbnails were swept, and
  // a candidate that is on its way.
  {
    table: 'settings',
    group: 'person',
    since: 1,
    rows: `name NOT IN ('stop', 'learning-stop', 'swept-at', 'describes-anew')`
  },
  // Ids are never used twice: runs name the photos they learned from, albums a folder.
  { table: 'sqlite_sequence', group: 'learned', since: 1, rows: `name IN ('photos', 'folders')` },
  // Candidates stay out: they serve once all photos are encoded, and no photo is there yet.
  { table: 'models', group: 'learned', since: 1, rows: `state <> 'candidate'` },
  // Unfinished runs stay out: they would go on with the photos they began with.
  { table: 'runs', group: 'learned', since: 3, rows: 'ended_at IS NOT NULL' }
]

/** The tables of decisions in a catalogue of this version, of one group or of both. */
export function decisionTables(version: number, group?: Group): string[] {
  const holds = ({ since, until = version }: Decision): boolean =>
    since <= version && version <= until
  return DECISIONS.filter(holds)
    .filter((decision) => group === undefined || decision.group === group)
    .map(({ table }) => table)
}

/** Runs `work` while the database at `path` is there as `source`, to be read only. */
export function withSource<T>(database: Database, path: string, work: () => T): T {
  const uri = `${pathToFileURL(path).href}?mode=ro`
  database.command('ATTACH DATABASE $uri AS source').run({ uri })
  try {
    return work()
  } finally {
    database.script('DETACH DATABASE source')
  }
}

/**
 * Takes the decisions in these tables over from `source`: both have the tables of the same version,
 * and these are empty here. All or nothing.
 */
export function takeDecisions(database: Database, tables: readonly string[]): void {
  database.transaction(() => {
    database.script('PRAGMA defer_foreign_keys = ON') // until the end of this transaction
    for (const { table, rows = 'true' } of DECISIONS) {
      if (!tables.includes(table)) continue
      if (table === 'sqlite_sequence') database.script('DELETE FROM main.sqlite_sequence')
      const from = `SELECT * FROM source.${table} AS ${table} WHERE ${rows}`
      database.script(`INSERT INTO main.${table} ${from}`)
      if (table === 'photos') database.script(AS_NEW)
    }
    if (tables.includes('runs')) database.script(WITHOUT_CANDIDATES)
  })
}

/** Favourites of old: their rows wait to be described, as nothing is kept of them but the mark. */
const AS_NEW = `
  UPDATE photos SET returns_as = 'pending' WHERE status = 'gone';
  UPDATE photos SET status = 'pending', fault_kind = NULL, fault_reason = NULL
    WHERE status <> 'gone'`

/** Runs of models that were left out are kept without them. */
const WITHOUT_CANDIDATES = `
  UPDATE runs SET model = NULL WHERE model NOT IN (SELECT id FROM models);
  UPDATE runs SET base = NULL WHERE base NOT IN (SELECT id FROM models)`
