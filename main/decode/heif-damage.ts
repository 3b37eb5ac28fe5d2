// Damage in HEIC and AVIF: coded pixels that are not there, or zeros in their place. A HEIC of
// tiles loses the tiles that lie there; of one in a piece the rows are estimated by its bytes. What
// is lost of an AVIF no decoder shows. Pure; bytes are untrusted.
import { boxesAt } from './boxes.ts'
import { viewOf } from './bytes.ts'
import { Losses, checkIsEnough, type Damage, type Decodable } from './damage.ts'
import { corrupt, type Size } from './decoder.ts'
import { codedParts, gridOfMain, itemSize, type Part } from './heif-places.ts'
import { mainItem } from './items.ts'
import { Malformed } from './malformed.ts'

/** So many zeros in a row are never pixels: neither HEVC nor AV1 writes them. */
const LONG_RUN = 64

/** What came out of a HEIC. Throws a Fault `corrupt-photo`. */
export function judgeHeic(bytes: Uint8Array<ArrayBuffer>, subject: string): Decodable {
  const parts = partsOf(bytes)
  if (parts.length === 0) return { bytes, damage: checkIsThere(bytes, subject) }
  const came = parts.map((part) => soundShare(bytes, part))
  const view = viewOf(bytes)
  const size = itemSize(view, mainItem(view))
  const grid = gridOfMain(view)
  // Of a picture in one piece a file that was cut may lack what it is made with.
  if (came.every((share) => share === 1))
    return { bytes, damage: grid ? null : checkIsThere(bytes, subject) }
  if (!grid) {
    const [rows = 0] = came
    checkIsEnough(rows, true, subject)
    return { bytes, damage: { kind: 'end-missing', rows } }
  }
  return { bytes, damage: ofTiles(came, grid, size, subject) }
}

/** Throws a Fault `corrupt-photo` for an AVIF of which anything is lost. */
export function judgeAvif(bytes: Uint8Array<ArrayBuffer>, subject: string): Decodable {
  const isWhole = partsOf(bytes).every((part) => soundShare(bytes, part) === 1)
  if (!isWhole) throw corrupt(subject, 'a picture of which some pixels are missing')
  return { bytes, damage: null }
}

/** None where their places are not told, or make no sense: decoders say what they make of it. */
function partsOf(bytes: Uint8Array): Part[] {
  try {
    return codedParts(viewOf(bytes))
  } catch (error) {
    if (error instanceof Malformed || error instanceof RangeError) return []
    throw error
  }
}

function ofTiles(
  came: readonly number[],
  { across, down, tile }: { across: number; down: number; tile: number },
  { height }: Size,
  subject: string
): Damage | null {
  const losses = new Losses(across, down)
  for (const [i, share] of came.entries())
    if (share < 1 && i < across * down) losses.lose(i % across, Math.floor(i / across))
  return losses.damage(tile, height, subject)
}

/** The share of a part before what is missing. */
function soundShare(bytes: Uint8Array, { extents }: Part): number {
  const length = extents.reduce((sum, { begin, end }) => sum + end - begin, 0)
  let came = 0
  for (const { begin, end } of extents) {
    const stop = Math.min(end, bytes.length, zerosIn(bytes, begin, end) ?? end)
    came += Math.max(0, stop - begin)
    if (stop < end) return came / length
  }
  return 1
}

function zerosIn(bytes: Uint8Array, begin: number, end: number): number | undefined {
  for (let at = begin + LONG_RUN / 2; at < Math.min(end, bytes.length); at += LONG_RUN / 2) {
    if (bytes[at] !== 0) continue
    let [from, to] = [at, at]
    while (from > begin && bytes[from - 1] === 0) from--
    while (to < end && bytes[to] === 0) to++
    if (to - from >= LONG_RUN) return from
  }
  return undefined
}

/** A file whose parts are described in a way that is not read here. */
function checkIsThere(bytes: Uint8Array, subject: string): null {
  for (const { end } of boxesAt(viewOf(bytes), ['mdat']))
    if (end > bytes.length) throw corrupt(subject, 'a file that ends before its last pixels')
  return null
}
