// What photos have in common besides what their features say (METHOD.md 4.6): moments, hours and
// folders. For the judge of learning. Runs in the writer. Pure.
import type { Circumstances } from '../../catalogue/date-table.ts'

/** Photos that follow each other as fast, ms, are of the same thing; and of the same occasion. */
const BURST = 30_000
const EVENT = 3_600_000

/** Equal numbers for photos that belong together, [n]; -1 where nothing is known. */
export interface OutsideLabels {
  bursts: Int32Array<ArrayBuffer>
  events: Int32Array<ArrayBuffer>
  folders: Int32Array<ArrayBuffer>
}

/** The labels of photos. */
export function outsideLabels(photos: readonly (Circumstances | undefined)[]): OutsideLabels {
  const folders = new Map<string, number>()
  return {
    bursts: chains(photos, BURST),
    events: chains(photos, EVENT),
    folders: Int32Array.from(photos, (photo) => {
      if (!photo) return -1
      const name = `${photo.folder}/${photo.directory}`
      const known = folders.get(name) ?? folders.size
      folders.set(name, known)
      return known
    })
  }
}

/** One number for each chain of photos in which none follows more than `gap` after another. */
function chains(
  photos: readonly (Circumstances | undefined)[],
  gap: number
): Int32Array<ArrayBuffer> {
  const labels = new Int32Array(photos.length).fill(-1)
  const inTime = photos
    .flatMap((photo, row) =>
      typeof photo?.capturedAt === 'number' ? [{ at: photo.capturedAt, row }] : []
    )
    .sort((a, b) => a.at - b.at)
  let [chain, last] = [-1, -Infinity]
  for (const { at, row } of inTime) {
    if (at - last > gap) chain++
    last = at
    labels[row] = chain
  }
  return labels
}
