// Where the files of photos lie, and which photos have no other copy. Runs in the reader.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { PhotoFiles } from '../../wire/file-methods.ts'
import { lstat } from '../faults/disk.ts'
import { pathOf } from '../photo-paths.ts'

/**
 * The files of photos; those that are not there any more are left out. What belongs to another
 * photo, too, is not told.
 */
export function filesOfPhotos(catalogue: Catalogue, ids: readonly number[]): PhotoFiles[] {
  return ids.flatMap((id) => {
    const place = catalogue.photos.place(id)
    if (!place) return []
    const own = (name: string): boolean => !catalogue.companions.shared(id, name)
    const names = [place.name, ...catalogue.companions.of(id).filter(own)]
    return [{ id, root: place.root, paths: names.map((name) => pathOf({ ...place, name })) }]
  })
}

/**
 * Those of the photos of which no whole copy is left once all of them are taken away. What belongs
 * to a photo is not compared: a photo that has something counts as one.
 */
export async function lastCopies(catalogue: Catalogue, ids: readonly number[]): Promise<number[]> {
  const taken = new Set(ids)
  const found: number[] = []
  for (const id of ids)
    if (catalogue.companions.any(id) || !(await hasCopy(catalogue, id, taken))) found.push(id)
  return found
}

/** True where an equal photo stays whose file is as it was when it was read. */
async function hasCopy(
  catalogue: Catalogue,
  id: number,
  taken: ReadonlySet<number>
): Promise<boolean> {
  for (const copy of catalogue.photos.equal(id)) {
    if (taken.has(copy.id)) continue
    const isThere = await lstat(pathOf(copy)).then(
      (stats) => stats.isFile() && stats.size === copy.size && stats.mtimeMs === copy.modifiedAt,
      () => false
    )
    if (isThere) return true
  }
  return false
}
