// Damage to a catalogue that another process has open. Test code only.
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs'
import * as v from 'valibot'
import { openDatabase } from '../../main/catalogue/database.ts'

/** Its first page, which says that it is a database, stays as it is. */
const PAGE = 8192

/**
 * Overwrites all but the first page of a catalogue at which others work: whoever reads from it next
 * meets damage. What they hold of it in memory is outdated first, by a row that means nothing.
 */
export function damageAtWork(path: string): void {
  const other = openDatabase(path)
  other.script(`INSERT OR REPLACE INTO settings VALUES ('other', '1')`)
  const empty = other.query('PRAGMA wal_checkpoint(TRUNCATE)', v.object({ busy: v.number() }))
  let isEmpty = false // not while someone reads
  while (!isEmpty) isEmpty = empty.get()?.busy === 0
  other.close()
  const file = openSync(path, 'r+')
  const size = fstatSync(file).size - PAGE
  writeSync(file, new Uint8Array(size).fill(0xa5), 0, size, PAGE)
  closeSync(file)
}
