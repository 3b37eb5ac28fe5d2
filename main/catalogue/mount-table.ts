// Drives and shares that a folder's photos lie on: the folder's own, and those that are mounted
// below it. One that is not there keeps its photos.
import * as v from 'valibot'
import type { Database } from './database.ts'

const MountRow = v.object({
  directory: v.string(), // where it is mounted, below the folder; '' is what the folder lies on
  point: v.string(), // the path where it is mounted
  volume: v.nullable(v.string()), // which one it is; null: not known
  away: v.pipe(
    v.number(),
    v.transform((flag) => flag === 1)
  )
})
export type MountRow = v.InferOutput<typeof MountRow>

/** The statements of mounts. */
export function mountTable(database: Database) {
  const ofFolder = database.query(
    'SELECT directory, point, volume, away FROM mounts WHERE folder = $folder ORDER BY directory',
    MountRow
  )
  const put = database.command(
    `INSERT INTO mounts (folder, directory, point, volume)
     VALUES ($folder, $directory, $point, $volume)
     ON CONFLICT (folder, directory) DO UPDATE SET point = excluded.point,
       volume = coalesce(excluded.volume, volume), away = 0`
  )
  const setAway = database.command(
    'UPDATE mounts SET away = $away WHERE folder = $folder AND directory = $directory'
  )
  const drop = database.command(
    'DELETE FROM mounts WHERE folder = $folder AND directory = $directory'
  )
  return {
    ofFolder: (folder: number) => ofFolder.all({ folder }),
    /** It is mounted there; a volume that is known stays known where it is not told. */
    put: (folder: number, directory: string, point: string, volume: string | null = null) =>
      void put.run({ folder, directory, point, volume }),
    /** It is not there, or is again. */
    setAway: (folder: number, directory: string, away: boolean) =>
      void setAway.run({ folder, directory, away: away ? 1 : 0 }),
    /** Its photos lie in the folder itself from now on, or there are none. */
    drop: (folder: number, directory: string) => void drop.run({ folder, directory })
  }
}
