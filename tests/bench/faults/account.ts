// What a library holds that nobody may lose, and what of it is missing later.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { CATALOGUE_FILE } from '../../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'

const Photo = v.object({
  path: v.string(), // with its folder
  status: v.string(),
  described: v.number() // 1: it has a feature
})
const Mark = v.object({ mark: v.string() })

export interface Account {
  /** Photos that are not gone, by path. */
  photos: Map<string, v.InferOutput<typeof Photo>>
  /** Favourites and ratings, by content. */
  marks: Set<string>
  /** Which contents are no duplicates, and folders that are preferred. */
  decisions: Set<string>
  /** Models that can serve. */
  models: number
  /** Photos without a code of the model that serves. */
  uncoded: number
  /** Photos that were called damaged, unreadable, ... */
  failed: number
}

/** Counts of what is missing; all 0 where nothing is. */
export interface Lost {
  rows: number
  vectors: number
  marks: number
  decisions: number
  models: number
}

/** What a library holds now. Reads beside whoever works with it. */
export function accountOf(library: string): Account {
  const database = openDatabase(join(library, CATALOGUE_FILE), { readOnly: true })
  try {
    const photos = database
      .query(
        `SELECT folders.path || '/' || iif(directory = '', '', directory || '/') || photos.name
             AS path,
           status, EXISTS (SELECT 1 FROM features WHERE photo = photos.id) AS described
         FROM photos JOIN folders ON folders.id = folder WHERE status <> 'gone'`,
        Photo
      )
      .all()
    const marks = database.query(
      `SELECT 'favourite ' || hash AS mark FROM favourites
       UNION ALL SELECT rating || ' ' || hash FROM ratings`,
      Mark
    )
    const decisions = database.query(
      `SELECT decision || ' ' || hash AS mark FROM not_duplicates
       UNION ALL SELECT folder || ' ' || directory FROM kept_places`,
      Mark
    )
    const { models = 0, uncoded = 0 } =
      database
        .query(
          `SELECT (SELECT count(*) FROM models WHERE state <> 'candidate') AS models,
             (SELECT count(*) FROM photos WHERE status = 'indexed'
                AND EXISTS (SELECT 1 FROM models WHERE state = 'serving')
                AND NOT EXISTS (SELECT 1 FROM encodings JOIN models ON models.id = model
                  WHERE photo = photos.id AND state = 'serving')) AS uncoded`,
          v.object({ models: v.number(), uncoded: v.number() })
        )
        .get() ?? {}
    return {
      photos: new Map(photos.map((photo) => [photo.path, photo])),
      marks: new Set(marks.all().map(({ mark }) => mark)),
      decisions: new Set(decisions.all().map(({ mark }) => mark)),
      models,
      uncoded,
      failed: photos.filter(({ status }) => status === 'failed').length
    }
  } finally {
    database.close()
  }
}

/**
 * What was there before and is not any more. A photo counts whether its file is there now or not:
 * no fault takes a photo out of the library.
 */
export function lostBetween(before: Account, after: Account): Lost {
  const missing = (was: ReadonlySet<string>, is: ReadonlySet<string>): number =>
    [...was].filter((each) => !is.has(each)).length
  let [rows, vectors] = [0, 0]
  for (const { path, described } of before.photos.values()) {
    const now = after.photos.get(path)
    if (!now) rows++
    else if (described > now.described) vectors++
  }
  return {
    rows,
    vectors: vectors + after.uncoded,
    marks: missing(before.marks, after.marks),
    decisions: missing(before.decisions, after.decisions),
    models: Math.max(0, before.models - after.models)
  }
}

/** Files that the library should have and does not know. */
export function unknownTo(account: Account, paths: readonly string[]): string[] {
  return paths.filter((path) => existsSync(path) && !account.photos.has(path))
}

/** Adds up. */
export function sumOf(one: Lost, other: Lost): Lost {
  return {
    rows: one.rows + other.rows,
    vectors: one.vectors + other.vectors,
    marks: one.marks + other.marks,
    decisions: one.decisions + other.decisions,
    models: one.models + other.models
  }
}

export const NOTHING: Lost = { rows: 0, vectors: 0, marks: 0, decisions: 0, models: 0 }
