// EXIF orientation: found in a file's EXIF block, and what each of its eight values does to a
// picture. Pure; used by both decoders, so that it is applied exactly once and alike.

/** 1: as stored; 2-4: mirrored, half turn, both; 5-8: sides swapped (TIFF 6.0, tag 274). */
export type OrientationValue = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

export interface Orientation {
  value: OrientationValue
  /**
   * Where the value's 16 bits lie in the file, and their byte order: to be able to neutralise it.
   */
  at: number
  littleEndian: boolean
}

const ORIENTATION_TAG = 0x0112
const SHORT = 3

/**
 * Reads the orientation from an EXIF block that lies in `view` from `begin` to before `end`, with
 * or without its 'Exif' mark. Undefined for none, a value outside 1..8 or a block that is
 * malformed.
 */
export function readOrientation(
  view: DataView,
  begin: number,
  end: number
): Orientation | undefined {
  const stop = Math.min(end, view.byteLength)
  const marked = begin + 6 <= stop && view.getUint32(begin) === 0x45786966 // 'Exif', two zero bytes
  const tiff = marked ? begin + 6 : begin
  if (tiff + 8 > stop) return undefined
  const mark = view.getUint32(tiff)
  const littleEndian = mark === 0x49492a00
  if (!littleEndian && mark !== 0x4d4d002a) return undefined
  const directory = tiff + view.getUint32(tiff + 4, littleEndian)
  if (directory + 2 > stop) return undefined
  const entries = view.getUint16(directory, littleEndian)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12
    if (entry + 12 > stop) return undefined
    if (view.getUint16(entry, littleEndian) !== ORIENTATION_TAG) continue
    const value = view.getUint16(entry + 8, littleEndian)
    const isShort = view.getUint16(entry + 2, littleEndian) === SHORT
    if (!isShort || value < 1 || value > 8) return undefined
    return { value: value as OrientationValue, at: entry + 8, littleEndian }
  }
  return undefined
}

/** True where the upright picture is as wide as the stored one is high. */
export function swapsSides(value: OrientationValue): boolean {
  return value >= 5
}

/**
 * The canvas matrix [a, b, c, d, e, f] that draws a stored picture of width x height upright:
 * x' = a x + c y + e, y' = b x + d y + f.
 */
export function uprightMatrix(
  value: OrientationValue,
  width: number,
  height: number
): [a: number, b: number, c: number, d: number, e: number, f: number] {
  switch (value) {
    case 1: return [1, 0, 0, 1, 0, 0]
    case 2: return [-1, 0, 0, 1, width, 0]
    case 3: return [-1, 0, 0, -1, width, height]
    case 4: return [1, 0, 0, -1, 0, height]
    case 5: return [0, 1, 1, 0, 0, 0]
    case 6: return [0, 1, -1, 0, height, 0]
    case 7: return [0, -1, -1, 0, height, width]
    case 8: return [0, -1, 1, 0, 0, width]
  }
}
