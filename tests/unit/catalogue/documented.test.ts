// docs/catalogue.md is true: it names every table, column and file of a library, and no table or
// column that is not there.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import * as v from 'valibot'
import { openDatabase } from '../../../main/catalogue/database.ts'
import * as files from '../../../main/catalogue/library-files.ts'
import { migrate } from '../../../main/catalogue/migrations.ts'
import { KEPT_PICTURES } from '../../../main/wire/thumbnail.ts'
import { temporaryFolder } from '../../support/library.ts'

const page = readFileSync(new URL('../../../docs/catalogue.md', import.meta.url), 'utf8')
const Column = v.object({ name: v.string(), columns: v.string() })

/** Names of columns by table, as the headings and the first cells of rows have them. */
function documented(): Map<string, string[]> {
  const tables = page.split('\n## ').find((part) => part.startsWith('Tables\n')) ?? ''
  return new Map(
    tables
      .split('\n### ')
      .slice(1)
      .map((part) => {
        const [name = '', ...lines] = part.split('\n')
        const cells = lines.flatMap((line) => /^\| (`[^|]*)\|/.exec(line)?.[1] ?? [])
        const columns = [...cells.join().matchAll(/`([a-z_\d]+)`/g)].map(([, column]) => column!)
        return [name, columns.sort()]
      })
  )
}

test('every table and column is documented, and nothing else', (t) => {
  const database = openDatabase(join(temporaryFolder(t), 'a.sqlite'))
  t.after(() => database.close())
  migrate(database)
  const there = database
    .query(
      `SELECT name, (SELECT json_group_array(name) FROM pragma_table_info(tables.name)) AS columns
       FROM pragma_table_list AS tables WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'
         AND type IN ('table', 'virtual')`,
      Column
    )
    .all()
  const found = documented()
  assert.deepEqual([...found.keys()].sort(), there.map(({ name }) => name).sort())
  for (const { name, columns } of there) {
    const expected = v.parse(v.array(v.string()), JSON.parse(columns)).sort()
    assert.deepEqual(found.get(name), expected, name)
  }
})

test('every file and folder that a library may have is documented', () => {
  const names = Object.values(files).filter((each) => typeof each === 'string')
  const folders = Object.values(KEPT_PICTURES).map(({ folder }) => folder)
  assert.ok(names.length >= 6 && folders.length === 2)
  for (const name of [...names, ...folders, 'backbones'])
    assert.ok(page.includes(`\`${name}`), `${name} is not in docs/catalogue.md`)
})
