// What photos wait for, as it is told: each cause once, however many photos wait for it. Runs in
// reader and writer; reads only.
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Stop } from '../catalogue/settings-table.ts'
import type { Wait } from '../wire/engine-records.ts'

/** `stop`: what keeps all photos from being indexed. */
export function waitsOf({ waits, work }: Catalogue, stop: Stop | undefined): Wait[] {
  const all = waits.groups().map(({ fault, name, photos, retryAt }) => ({
    fault,
    folder: name,
    photos,
    retryAt
  }))
  if (!stop) return all
  const { fault, retryAt } = stop
  return [{ fault, folder: null, photos: work.doable(), retryAt }, ...all]
}
