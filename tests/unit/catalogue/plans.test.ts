// How SQLite runs each statement of the catalogue: every one is explained, none may walk through
// all photos or vectors unless it is named here with its reason; the plans that speed hangs on are
// pinned.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import * as v from 'valibot'
import { tablesOf } from '../../../main/catalogue/catalogue.ts'
import { openDatabase } from '../../../main/catalogue/database.ts'
import type { Database } from '../../../main/catalogue/database.ts'
import { gridOf } from '../../../main/catalogue/grid.ts'
import { migrate } from '../../../main/catalogue/migrations.ts'
import { snapshotOf } from '../../../main/catalogue/snapshot.ts'
import { temporaryFolder } from '../../support/library.ts'
import { PINNED } from '../../support/pinned-plans.ts'

const Line = v.object({ detail: v.string() })
type Statement = { sql: string; plan: string[] }

/** Every statement that the tables, the grid and snapshots prepare, with its plan. */
async function statements(folder: string): Promise<Statement[]> {
  const database = openDatabase(join(folder, 'a.sqlite'))
  migrate(database)
  const seen: string[] = []
  const recorded = (connection: Database): Database => ({
    ...connection,
    query: (sql, row) => (seen.push(sql), connection.query(sql, row)),
    columns: (sql) => (seen.push(sql), connection.columns(sql)),
    command: (sql) => (seen.push(sql), connection.command(sql)),
    another: () => recorded(connection.another())
  })
  const recording = recorded(database)
  tablesOf(recording)
  await gridOf(recording)()
  snapshotOf(recording)().close()
  // Directories that cannot be listed, or have something that is left out, are few, as is what is
  // put off.
  const large = [...new Set(seen)].filter((sql) => !/closed_directories|left_out|put_off/.test(sql))
  const explained = large.map((sql) => ({
    sql: sql.replace(/\s+/g, ' '),
    plan: database
      .query(`EXPLAIN QUERY PLAN ${sql}`, Line)
      .all()
      .map((line) => line.detail)
  }))
  database.close()
  return explained
}

/** Statements that look at every row of an index, which is their purpose, or that are rare. */
const WALKS: readonly (readonly [RegExp, string])[] = [
  [/FROM photos GROUP BY status/, 'counts of the library, from an index alone'],
  [/FROM photos WHERE status <> 'gone' GROUP BY folder/, 'counts of folders, from an index alone'],
  [/^SELECT json_group_array\(id\) AS ids, json_group_array\(width\)/, 'the grid, from an index'],
  [/^SELECT count\(\*\) AS count FROM photos WHERE width IS NOT NULL/, 'its size, from an index'],
  [/^SELECT coalesce\(sum\(json_array_length/, 'companions, for the command line’s status'],
  [/AND suspect = 1/, 'an index of the few suspects'],
  [/INDEXED BY photos_undated/, 'an index of the photos that are to be dated'],
  [/favourite = 1$/, 'an index of the favourites alone'],
  [/omitted = 'small' GROUP BY folder/, 'an index of the photos that are left out'],
  [/INDEXED BY photos_waiting/, 'an index of the photos that wait'],
  [/INDEXED BY photos_ready .* LIMIT \$limit$/, 'an index of the photos that can be tried'],
  [/INDEXED BY photos_by_shape/, 'a filter, or the choice of one, from an index alone'],
  [/^SELECT backbone FROM features LIMIT 1/, 'one row'],
  [/^SELECT length\(feature\)/, 'one row'],
  [/^INSERT INTO (folders|settings|features)/, 'no reading'],
  [/NOT EXISTS \( SELECT 1 FROM features .* backbone = \$backbone\) AND \(EXISTS/, 'a new backbone'],
  [/^UPDATE photos SET folder = \$into/, 'a folder becomes a part of another'],
  [/FROM runs WHERE (base|ended_at|model|result)|UNION ALL SELECT id FROM runs/, 'runs are few'],
  [/^DELETE FROM models/, 'runs are few'],
  [/^DELETE FROM views .* base <> \$base/, 'views of another base, a part at a time']
]

/** Statements that sort, which is their purpose, and not often. */
const SORTS: readonly (readonly [string, string])[] = [
  ['ORDER BY gone_at DESC', 'gone files of one size'],
  ['AS away CROSS JOIN photos', 'the few photos that a person put away from one'],
  ['FROM kept_places', 'the few places that a person named'],
  ['FROM albums', 'the few albums, by name'],
  [`status IN ('indexed', 'pending') ORDER BY status, id LIMIT 1`, 'the files of one content'],
  ['ORDER BY photos.retry_at, photos.id LIMIT', 'photos that wait'],
  ['ORDER BY photos.attempts, photos.id LIMIT 1', 'the photo that is tried of a folder that waits'],
  ['ORDER BY substr(hash, 49), photos.id', 'the photos to learn from, once a run']
]

test('no statement walks through a large table, but for those named', async (context) => {
  const walking = (await statements(temporaryFolder(context))).filter(
    ({ sql, plan }) =>
      plan.some((line) => /^SCAN (photos|features|encodings|views|runs|facts)/.test(line)) &&
      !WALKS.some(([pattern]) => pattern.test(sql))
  )
  assert.deepEqual(walking, [])
})

test('nothing is sorted that an index could order, but for those named', async (context) => {
  const sorting = (await statements(temporaryFolder(context)))
    .filter(({ plan }) => plan.some((line) => line.includes('USE TEMP B-TREE')))
    .map(({ sql }) => sql)
  assert.deepEqual(
    sorting.filter((sql) => !SORTS.some(([part]) => sql.includes(part))),
    []
  )
})

test('the plans that speed hangs on are as they were', async (context) => {
  const all = await statements(temporaryFolder(context))
  for (const [what, pattern, plan] of PINNED) {
    const found = all.filter(({ sql }) => pattern.test(sql))
    assert.deepEqual(
      found.map((statement) => statement.plan),
      [plan],
      what
    )
  }
})

test('features are found without reading their blobs', async (context) => {
  const all = (await statements(temporaryFolder(context))).filter(({ sql }) =>
    /JOIN features .*status = 'indexed'/.test(sql)
  )
  assert.equal(all.length, 3)
  for (const { sql, plan } of all)
    assert.ok(
      plan.some((line) => line.includes('COVERING INDEX features_by_backbone')),
      [sql, ...plan].join('\n')
    )
})
