// The date of a photo alone, as most tests of dates ask for it. Test code only.
import { metadataOf } from '../../main/compute/photo-metadata.ts'
import type { PhotoDate } from '../../main/wire/photo-date.ts'

/** As `metadataOf`. */
export function captureDate(...photo: Parameters<typeof metadataOf>): PhotoDate | null {
  return metadataOf(...photo).date
}
