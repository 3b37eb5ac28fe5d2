// The header of a JPEG XL: its size and orientation (ISO/IEC 18181-1, annex D). Pure; bytes are
// untrusted: a read beyond the end throws a RangeError.
import { boxesAt } from './boxes.ts'
import type { Size } from './decoder.ts'
import { Malformed } from './malformed.ts'
import type { OrientationValue } from './orientation.ts'

/** Its size is that of the stored picture. This orientation counts, and not one of EXIF data. */
export interface JxlHeader extends Size {
  orientation: OrientationValue
}

/** Widths by height, where only their ratio is given. */
const RATIOS = [1, 12 / 10, 4 / 3, 3 / 2, 16 / 9, 5 / 4, 2]
/** How many bits a side of up to 2^30 pixels is written with, told by two bits before it. */
const SIDE_BITS = [9, 13, 18, 30]

/** Throws Malformed where there is no picture in the file. */
export function readJxl(view: DataView): JxlHeader {
  const bits = bitsFrom(view, codestreamOf(view) + 2)
  const isSmall = bits(1) === 1
  const side = (): number => (isSmall ? 8 * (1 + bits(5)) : 1 + bits(SIDE_BITS[bits(2)]!))
  const height = side()
  const ratio = bits(3)
  const width = ratio === 0 ? side() : Math.floor(height * RATIOS[ratio - 1]!)
  const isAllUsual = bits(1) === 1
  const hasMore = !isAllUsual && bits(1) === 1
  return { width, height, orientation: hasMore ? ((bits(3) + 1) as OrientationValue) : 1 }
}

/** Where the codestream begins: with the file, or in a box of it, whole or its first part. */
function codestreamOf(view: DataView): number {
  if (view.getUint16(0) === 0xff0a) return 0
  for (const { body } of boxesAt(view, ['jxlc'])) return body
  for (const { body } of boxesAt(view, ['jxlp'])) return body + 4 // after its number
  throw new Malformed('no picture in it')
}

/** Reads numbers of so many bits, from the lowest on. */
function bitsFrom(view: DataView, begin: number): (count: number) => number {
  let read = 0
  return (count) => {
    let value = 0
    for (let i = 0; i < count; i++, read++)
      value += ((view.getUint8(begin + (read >> 3)) >> (read & 7)) & 1) * 2 ** i
    return value
  }
}
