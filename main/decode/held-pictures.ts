// The photos that are zoomed into now, decoded: few, and not for long. In the decoder; whoever
// asks for a tile of one that is gone has it decoded again.
import { Fault } from '../wire/fault.ts'
import { NO_SUCH_TILE } from '../wire/large-picture.ts'
import type { TilePlace } from '../wire/large-picture.ts'
import type { Bitmap } from './reduce.ts'
import type { ZoomPicture } from './zoom-picture.ts'

/** Bytes of pixels that are held, at most; but the latest photo always is. */
const MOST_BYTES = 2 ** 29
/** Without a tile asked for in so long, all are let go. */
const IDLE_SECONDS = 30

/** Keeps them, and cuts tiles out of them. */
export class HeldPictures {
  readonly #pictures = new Map<string, ZoomPicture>() // the latest asked for is the last
  readonly #most: number
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(mostBytes = MOST_BYTES) {
    this.#most = mostBytes
  }

  hold(key: string, picture: ZoomPicture): void {
    this.#use(key, picture)
  }

  /** A tile of the photo of a key. Throws Fault not-found. */
  async tile(key: string, place: TilePlace): Promise<Bitmap> {
    const picture = this.#pictures.get(key)
    if (picture) this.#use(key, picture)
    const tile = await picture?.tile(place)
    if (tile) return tile
    const received = picture ? NO_SUCH_TILE : 'none'
    throw new Fault({ kind: 'not-found', subject: 'a part of a photo', expected: 'one', received })
  }

  #use(key: string, picture: ZoomPicture): void {
    this.#pictures.delete(key)
    this.#pictures.set(key, picture)
    let bytes = 0
    for (const { bytes: own } of this.#pictures.values()) bytes += own
    for (const [oldest, { bytes: own }] of this.#pictures) {
      if (bytes <= this.#most || oldest === key) break
      this.#pictures.delete(oldest)
      bytes -= own
    }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#pictures.clear(), IDLE_SECONDS * 1000)
    // In Node it keeps no process alive.
    if (typeof this.#timer === 'object' && 'unref' in this.#timer) this.#timer.unref()
  }
}
