// The few things remembered between starts that belong to no row: each has its name and its type
// here.
import * as v from 'valibot'
import type { Database } from './database.ts'

export type SettingsTable = ReturnType<typeof settingsTable>

/** The statements of settings. */
export function settingsTable(database: Database) {
  const read = database.query(
    'SELECT value FROM settings WHERE name = $name',
    v.object({ value: v.string() })
  )
  const write = database.command(
    `INSERT INTO settings (name, value) VALUES ($name, $value)
     ON CONFLICT (name) DO UPDATE SET value = $value`
  )
  return {
    /** True while the person wants indexing to rest. */
    paused: () => read.get({ name: 'paused' })?.value === 'yes',
    setPaused: (paused: boolean) =>
      void write.run({ name: 'paused', value: paused ? 'yes' : 'no' }),
    /** When thumbnails that nothing refers to were last removed, ms since 1970 (0: never). */
    sweptAt: () => Number(read.get({ name: 'swept-at' })?.value ?? 0),
    setSweptAt: (time: number) => void write.run({ name: 'swept-at', value: String(time) })
  }
}
