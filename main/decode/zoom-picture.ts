// A decoded photo that is zoomed into: its pixels as they are stored, levels of half the size each,
// and tiles of them, turned and converted one by one. Pure; in the decoder.
import { levelSize, tileBox, type TilePlace } from '../wire/large-picture.ts'
import type { Size } from './decoder.ts'
import { swapsSides, uprightMatrix, type OrientationValue } from './orientation.ts'
import { reduced, type Bitmap } from './reduce.ts'

/** Turns stored pixels upright and gives them their colours and their ground. */
export type Finish = (stored: Bitmap) => Promise<Bitmap>

type Box = Size & { left: number; top: number }

/** Smaller levels than this are not made: the picture of the whole photo has as much. */
const LEAST_SIDE = 256

/** One of them. */
export class ZoomPicture {
  readonly #whole: Bitmap
  readonly #levels: Promise<Bitmap>[] // asked for by several tiles at once, made once
  readonly #orientation: OrientationValue
  readonly #finish: Finish

  /** @param stored level 0, which this keeps */
  constructor(stored: Bitmap, orientation: OrientationValue, finish: Finish) {
    this.#whole = stored
    this.#levels = [Promise.resolve(stored)]
    this.#orientation = orientation
    this.#finish = finish
  }

  /** Bytes of all levels that were made. */
  get bytes(): number {
    return this.#levels.reduce((sum, _level, at) => {
      const { width, height } = levelSize(this.#whole, at)
      return sum + 4 * width * height
    }, 0)
  }

  /** A tile, upright and opaque; undefined where there is none. */
  async tile(place: TilePlace): Promise<Bitmap | undefined> {
    const level = await this.#level(place.level)
    if (!level) return undefined
    const isOnItsSide = swapsSides(this.#orientation)
    const size = isOnItsSide ? { width: level.height, height: level.width } : level
    const box = tileBox(size, place)
    return box && this.#finish(cutOut(level, storedBox(box, level, this.#orientation)))
  }

  #level(wanted: number): Promise<Bitmap> | undefined {
    for (let at = this.#levels.length; at <= wanted; at++) {
      const size = levelSize(this.#whole, at)
      if (Math.min(size.width, size.height) < LEAST_SIDE) return undefined
      const former = this.#levels[at - 1]
      if (former) this.#levels.push(former.then((larger) => reduced(larger, size)))
    }
    return this.#levels[wanted]
  }
}

/** Where a part of the upright picture lies in the stored one. */
function storedBox(box: Box, stored: Size, orientation: OrientationValue): Box {
  const [a, b, c, d, e, f] = uprightMatrix(orientation, stored.width, stored.height)
  // The matrix is a turn: its inverse is its transpose.
  const back = (x: number, y: number): [number, number] => [
    a * (x - e) + b * (y - f),
    c * (x - e) + d * (y - f)
  ]
  const [x1, y1] = back(box.left, box.top)
  const [x2, y2] = back(box.left + box.width, box.top + box.height)
  return {
    left: Math.min(x1, x2),
    top: Math.min(y1, y2),
    width: Math.abs(x2 - x1),
    height: Math.abs(y2 - y1)
  }
}

function cutOut({ width, pixels }: Bitmap, box: Box): Bitmap {
  const part = new Uint8ClampedArray(box.width * box.height * 4)
  for (let y = 0; y < box.height; y++) {
    const from = ((box.top + y) * width + box.left) * 4
    part.set(pixels.subarray(from, from + box.width * 4), y * box.width * 4)
  }
  return { width: box.width, height: box.height, pixels: part }
}
