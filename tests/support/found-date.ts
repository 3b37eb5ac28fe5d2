// The date of a photo alone, as most tests of dates ask for it. Test code only.
import { findDate } from '../../main/compute/capture-date.ts'
import type { PhotoDate } from '../../main/wire/photo-date.ts'

/** As `findDate`. */
export function captureDate(...photo: Parameters<typeof findDate>): PhotoDate | null {
  return findDate(...photo).date
}
