// What photos and closed folders wait for, as it is told: each cause once, however many. Runs in
// reader and writer; reads only.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Stop } from '../../catalogue/settings-table.ts'
import type { Wait } from '../../wire/engine-records.ts'

/** `stop`: what keeps all photos from being indexed. */
export function waitsOf({ closed, waits, work }: Catalogue, stop: Stop | undefined): Wait[] {
  const ofFolders = closed.groups().map(({ fault, name, directories, first, retryAt }) => ({
    fault,
    folder: name,
    photos: 0, // how many lie there is not known
    closed: { directories, first },
    retryAt
  }))
  const ofPhotos = waits.groups().map(({ fault, name, photos, retryAt }) => ({
    fault,
    folder: name,
    photos,
    retryAt
  }))
  const all = [...ofFolders, ...ofPhotos]
  if (!stop) return all
  const { fault, retryAt } = stop
  return [{ fault, folder: null, photos: work.doable(), retryAt }, ...all]
}
