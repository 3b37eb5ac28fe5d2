// Large pictures: files read here, pictures made of them by the decoder. Compute's
// main thread. What a decoder holds is lost with it, and then held again.
import { basename } from 'node:path'
import type { HoldRequest, LargePictureDecoder } from '../decode/decoder.ts'
import { decodedFormatOf } from '../decode/format.ts'
import { isFault } from '../wire/fault.ts'
import { NO_SUCH_TILE } from '../wire/large-picture.ts'
import type { TilePlace } from '../wire/large-picture.ts'
import { latestFirst } from './latest-first.ts'
import { otherContent, type PhotoReader } from './photo-reader.ts'

/** Made at once; of those that wait the latest comes first. */
const AT_ONCE = 2

/** A file that is to have this hash. */
interface HashedFile {
  path: string
  hash: string // sha-256, lower-case hexadecimal
}

/** Has them made, a few at once. */
export class LargePictures {
  readonly #reader: Pick<PhotoReader, 'whole' | 'volumes'>
  readonly #decoder: LargePictureDecoder
  readonly #limit = latestFirst(AT_ONCE)
  /** By hash: photos that are on their way into the decoder. */
  readonly #holding = new Map<string, Promise<void>>()

  constructor(reader: Pick<PhotoReader, 'whole' | 'volumes'>, decoder: LargePictureDecoder) {
    this.#reader = reader
    this.#decoder = decoder
  }

  /** A JPEG of a whole photo, its short side at least so many pixels. Throws a Fault. */
  whole(file: HashedFile, shortSide: number, signal: AbortSignal): Promise<Uint8Array> {
    const make = (): Promise<Uint8Array> =>
      this.#withFile(file, signal, (read) => this.#decoder.picture({ ...read, shortSide }, signal))
    return this.#reader.volumes.onceAnswered(file.path, () => this.#limit(make))
  }

  /** A JPEG of a picture from outside. Throws a Fault. */
  async draw(bytes: Uint8Array, shortSide: number, signal: AbortSignal): Promise<Uint8Array> {
    const subject = 'the picture'
    const request = { bytes, format: decodedFormatOf(bytes, subject), subject, shortSide }
    return this.#limit(() => this.#decoder.picture(request, signal))
  }

  /** A JPEG of a tile of a photo. Throws a Fault: not-found where it has no such tile, too. */
  async part(file: HashedFile, place: TilePlace, signal: AbortSignal): Promise<Uint8Array> {
    const ask = (): Promise<Uint8Array> =>
      this.#decoder.part({ key: file.hash, ...place }, signal)
    await this.#holding.get(file.hash)
    try {
      return await ask()
    } catch (error) {
      const isHeld = isFault(error, 'not-found') && error.record.received === NO_SUCH_TILE
      if (isHeld || !isFault(error, 'not-found', 'process-lost')) throw error
    }
    await this.#held(file, signal)
    return ask()
  }

  /** Held once for all tiles that wait for it. */
  #held(file: HashedFile, signal: AbortSignal): Promise<void> {
    const { hash } = file
    const known = this.#holding.get(hash)
    if (known) return known
    const hold = (): Promise<void> =>
      this.#withFile(file, signal, (read) => this.#decoder.hold({ ...read, key: hash }, signal))
    const holding = this.#reader.volumes
      .onceAnswered(file.path, () => this.#limit(hold))
      .finally(() => this.#holding.delete(hash))
    this.#holding.set(hash, holding)
    return holding
  }

  #withFile<T>(
    { path, hash }: HashedFile,
    signal: AbortSignal,
    use: (file: Omit<HoldRequest, 'key'>) => Promise<T>
  ): Promise<T> {
    const subject = basename(path)
    return this.#reader.whole(path, signal, ({ hash: found, ...whole }) => {
      if (found !== hash) throw otherContent(subject)
      return use({ ...whole, subject })
    })
  }
}
