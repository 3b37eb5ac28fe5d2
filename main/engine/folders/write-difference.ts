// Writes into the catalogue what a look at a directory found to be other than before. Runs in the
// writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Difference } from './difference.ts'

/** Writes what differs, but for what is missing; the ids of new rows. */
export function writeDifference(
  catalogue: Catalogue,
  folder: number,
  directory: string,
  difference: Difference,
  now: number
): number[] {
  const ids: number[] = []
  const writes = [
    ...difference.added.map((file) => () => {
      ids.push(catalogue.files.insert(folder, directory, file, now))
    }),
    ...difference.changed.map(({ id, file }) => () => {
      catalogue.files.change(id, file)
    }),
    ...difference.noted.map(({ id, changedAt }) => () => {
      catalogue.files.noteChange(id, changedAt)
    }),
    ...difference.beside.map(({ id, file }) => () => {
      catalogue.dates.setSidecar(id, file.sidecar)
    }),
    ...difference.companions.map(({ id, file }) => () => {
      catalogue.companions.set(id, file)
    }),
    ...difference.returned.map((id) => () => catalogue.files.comeBack(id))
  ]
  if (writes.length > 0)
    catalogue.transaction(() => {
      for (const write of writes) write()
    })
  return ids
}
