// Pictures that are no photos of the library but are asked with: pasted, dropped, or a part of a
// photo. Runs in the reader; the last few are kept, as what they were described by, and as far as
// they are small with what it takes to describe them again when another backbone serves.
import type { Crop } from '../../wire/query-contract.ts'
import { Fault } from '../../wire/fault.ts'

export interface PictureFeature {
  /** That has made the feature. */
  backbone: string
  feature: Uint16Array<ArrayBuffer> // f16 [D]
}

export interface Picture extends PictureFeature {
  /** The photo that it is a part of. */
  photo?: number | undefined
  /** The picture as a file has it, where it is no photo's. */
  bytes?: Uint8Array | undefined
  /** The part that was looked at; all of it without. */
  crop?: Crop | null
}

export interface Pictures {
  /** Keeps a picture; what it is known by from now on. */
  keep(picture: Picture): number
  /** Throws Fault not-found for one that is not kept any more. */
  get(id: number): Picture
  /** It was described by another backbone. */
  renew(id: number, described: PictureFeature): void
}

const KEPT = 16
/** Bytes of pictures that are kept, all together: of the latest ones. */
const BYTES_KEPT = 32 * 1024 * 1024

/** None, at first. */
export function createPictures(bytesKept = BYTES_KEPT): Pictures {
  const kept = new Map<number, Picture>()
  let last = 0
  return {
    keep(picture) {
      kept.set(++last, { ...picture })
      kept.delete(last - KEPT)
      let bytes = 0
      for (const one of [...kept.values()].reverse()) {
        bytes += one.bytes?.length ?? 0
        if (bytes > bytesKept) delete one.bytes
      }
      return last
    },
    get(id) {
      const picture = kept.get(id)
      if (picture) return picture
      throw notKept(id)
    },
    renew(id, { backbone, feature }) {
      const picture = kept.get(id)
      if (picture) kept.set(id, { ...picture, backbone, feature })
    }
  }
}

/** A picture has to be handed over again. */
export function notKept(id: number): Fault {
  return new Fault({
    kind: 'not-found',
    subject: `picture ${id}`,
    expected: `one of the last ${KEPT} that were looked at`,
    received: 'none'
  })
}
