// What tests of disks that refuse share: waiting for what is told of progress, and counting what
// is kept. Test code only.
import { connectCatalogue } from '../../main/catalogue/catalogue.ts'
import type { Engine } from '../../main/engine/api.ts'
import type { Progress } from '../../main/wire/engine-records.ts'

/** Attempts that come soon, ms. */
const each = { first: 50, most: 400 }
export const SOON = { photo: each, folder: each, library: each, program: each }

/** Waits until what is told of indexing is so. */
export function whenProgress(
  engine: Engine,
  isSo: (progress: Progress) => boolean
): Promise<Progress> {
  return new Promise((resolve) => {
    const look = (progress: Progress): void => {
      if (!isSo(progress)) return
      leave()
      resolve(progress)
    }
    const leave = engine.onProgress(look)
    if (isSo(engine.progress())) look(engine.progress())
  })
}

/** Nothing waits, and nothing is to be done. */
export function isWell({ waits, state }: Progress): boolean {
  return waits.length === 0 && state === 'idle'
}

/** Photos that have a feature, whatever their status. */
export function described(library: string): number {
  const catalogue = connectCatalogue(library, 'read')
  try {
    const backbone = catalogue.vectors.anyBackbone()
    const ids = catalogue.photos.paths(0, 10_000).map(({ id }) => id)
    return ids.filter((id) => catalogue.vectors.feature(id, backbone)).length
  } finally {
    catalogue.close()
  }
}
