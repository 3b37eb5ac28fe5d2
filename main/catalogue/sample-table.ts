// A few photos of a folder or of a part of it, by which it is told whether they lie in a place.
import * as v from 'valibot'
import type { Database } from './database.ts'

const SampledFile = v.object({
  directory: v.string(),
  name: v.string(),
  size: v.number(),
  modifiedAt: v.number(),
  inode: v.number(),
  hash: v.nullable(v.string()) // of its content; null: not described
})
/** A file of a folder, as it was when it was seen last. */
export type SampledFile = v.InferOutput<typeof SampledFile>

const FILE = 'directory, name, size, modified_at AS modifiedAt, inode, hash'

/** The statements of samples. */
export function sampleTable(database: Database) {
  const endOf = (order: 'ASC' | 'DESC') =>
    database.query(
      `SELECT ${FILE} FROM photos
       WHERE folder = $folder AND status <> 'gone'
       ORDER BY directory ${order}, name ${order} LIMIT $count`,
      SampledFile
    )
  const [firsts, lasts] = [endOf('ASC'), endOf('DESC')]
  const inside = database.query(
    `SELECT ${FILE} FROM photos
     WHERE folder = $folder AND directory = $directory AND status <> 'gone' LIMIT $count`,
    SampledFile
  )
  const below = database.query(
    `SELECT ${FILE} FROM photos
     WHERE folder = $folder AND directory >= $from AND directory < $to AND status <> 'gone'
     LIMIT $count`,
    SampledFile
  )
  return {
    /** The first and the last photos of a folder by path, `count` of each. */
    ends: (folder: number, count: number) => [
      ...firsts.all({ folder, count }),
      ...lasts.all({ folder, count })
    ],
    /** Up to `count` photos of a directory and all below it; '' is the whole folder. */
    of(folder: number, directory: string, count: number): SampledFile[] {
      if (directory === '') return firsts.all({ folder, count })
      const first = inside.all({ folder, directory, count })
      const range = { from: `${directory}/`, to: `${directory}0` } // '0' comes after '/'
      return [...first, ...below.all({ folder, ...range, count: count - first.length })]
    }
  }
}
