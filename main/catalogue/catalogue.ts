// The catalogue: everything Kindred knows about a library, in one SQLite file. Opened by one
// process at a time (the engine, or a command). Paths, pixels and processes are not its business.
import { join } from 'node:path'
import { openDatabase } from './database.ts'
import { favouriteTable } from './favourite-table.ts'
import { fileTable } from './file-table.ts'
import { folderTable } from './folder-table.ts'
import { migrate } from './migrations.ts'
import { modelTable } from './model-table.ts'
import { photoTable } from './photo-table.ts'
import { runTable } from './run-table.ts'
import { settingsTable } from './settings-table.ts'
import { vectorTable } from './vector-table.ts'
import { viewTable } from './view-table.ts'
import { workTable } from './work-table.ts'

export const CATALOGUE_FILE = 'kindred.sqlite'

export type Catalogue = ReturnType<typeof openCatalogue>

/**
 * Opens the catalogue in the folder `library`, making both when missing, and brings it up to date.
 * Throws Fault library-in-use, library-damaged, version-mismatch or unreadable.
 */
export function openCatalogue(library: string, patience?: number) {
  const database = openDatabase(join(library, CATALOGUE_FILE), patience)
  try {
    migrate(database)
    return {
      folders: folderTable(database),
      files: fileTable(database),
      work: workTable(database),
      photos: photoTable(database),
      favourites: favouriteTable(database),
      vectors: vectorTable(database),
      models: modelTable(database),
      runs: runTable(database),
      views: viewTable(database),
      settings: settingsTable(database),
      /** All or nothing; short and synchronous. Not to be nested (some methods hold their own). */
      transaction: database.transaction,
      close: database.close
    }
  } catch (error) {
    database.close()
    throw error
  }
}
