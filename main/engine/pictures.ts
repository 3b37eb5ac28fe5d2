// Pictures that are no photos of the library but are asked with: pasted, dropped, or a part of a
// photo. Runs in the engine; the last few are kept, as what they were described by.
import { Fault } from '../wire/fault.ts'

export interface Picture {
  /** That has made the feature. */
  backbone: string
  feature: Uint16Array<ArrayBuffer> // f16 [D]
  /** The photo that it is a part of. */
  photo?: number | undefined
}

export interface Pictures {
  /** Keeps a picture; what it is known by from now on. */
  keep(picture: Picture): number
  /** Throws Fault not-found for one that is not kept any more, or is of another backbone. */
  get(id: number, backbone: string): Picture
}

const KEPT = 16

/** None, at first. */
export function createPictures(): Pictures {
  const kept = new Map<number, Picture>()
  let last = 0
  return {
    keep(picture) {
      kept.set(++last, picture)
      kept.delete(last - KEPT)
      return last
    },
    get(id, backbone) {
      const picture = kept.get(id)
      if (picture?.backbone === backbone) return picture
      throw new Fault({
        kind: 'not-found',
        subject: `picture ${id}`,
        expected: `one of the last ${KEPT} that were looked at`,
        received: 'none',
        remedy: 'Paste or drop it again.'
      })
    }
  }
}
