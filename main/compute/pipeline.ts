// Photos into features: read, decode, prepare and run overlap, with a bounded number of photos on
// their way. Compute's main thread, which only hands out work here: it stands still while the
// backbone runs.
import { basename } from 'node:path'
import type { Decode } from '../decode/decoder.ts'
import { decodedFormatOf } from '../decode/format.ts'
import { limitOf } from '../decode/limit.ts'
import type { Pixels } from '../wire/decoder-contract.ts'
import type { Crop } from '../wire/query-contract.ts'
import { Bug, Fault, cancelled, isFault } from '../wire/fault.ts'
import { Batcher } from './batcher.ts'
import type { Backbone } from './backbone.ts'
import type { Card, Photo } from '../../model/retrieval.ts'
import { Budget } from './budget.ts'
import { cropped, shortSideOf } from './crop-pixels.ts'
import { photoSize } from './files.ts'
import { startPhotoThreads, type PhotoThreads } from './photo-threads.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { ReadPhoto } from './thread-contract.ts'

/**
 * Photos on their way at once. A photo comes back to this thread six times before the backbone gets
 * it, and each time it may wait for a run of 8: fewer than 64 leave the backbone waiting.
 */
const ON_THEIR_WAY = 64
/** Files read at once, and bytes of files that are read or held for decoders. */
const READING = 16
const FILE_BYTES = 192 * 2 ** 20
/** Photos on their way whose views are made, and how many of each at most. */
const SEEN_AT_ONCE = 12
export const MOST_VIEWS = 8
/** Single photos that someone waits for; they pass the others by. */
const URGENT = 2

/**
 * Short side that decoders scale to, pixels: what thumbnails need, and a little above every
 * backbone.
 */
const SHORT_SIDE = 256

export interface DescribedPhoto {
  hash: string
  fileSize: number // bytes
  width: number // of the whole photo, upright
  height: number
  capturedAt: number | null
  feature: Float32Array // [D]
}

/** The way of photos through threads, decoder and backbone. */
export class Pipeline {
  readonly #decode: Decode
  readonly #threads: PhotoThreads
  readonly #slots: SharedArrayBuffer
  readonly #stopwatch: Stopwatch
  readonly #batchers = new WeakMap<Backbone, Batcher>()
  readonly #freeSlots: number[]
  readonly #limit = limitOf(ON_THEIR_WAY)
  readonly #readLimit = limitOf(READING)
  readonly #fileBytes = new Budget(FILE_BYTES)
  readonly #urgentLimit = limitOf(URGENT)
  readonly #viewLimit = limitOf(SEEN_AT_ONCE)
  readonly #pictureLimit = limitOf(READING)

  /** @param card of all backbones that photos go to, as far as their input goes */
  constructor(card: Card, decode: Decode, stopwatch: Stopwatch) {
    const count = ON_THEIR_WAY + URGENT + SEEN_AT_ONCE * MOST_VIEWS // memory once it is used
    this.#slots = new SharedArrayBuffer(count * 3 * card.input.size ** 2 * 4)
    this.#freeSlots = Array.from({ length: count }, (_, slot) => slot)
    this.#decode = decode
    this.#threads = startPhotoThreads(card, this.#slots)
    this.#stopwatch = stopwatch
  }

  /**
   * Takes a made-up picture through every thread: resolves when all are up and have had a first
   * run.
   */
  async warmUp(): Promise<void> {
    const side = SHORT_SIDE
    const rgb = new Uint8Array(side * side * 3)
    const photo = { rgb, width: side, height: side, slot: 0, thumbnail: null }
    await Promise.all(this.#threads.all().map((thread) => thread.call('prepare', photo)))
  }

  /**
   * Describes a file and writes its thumbnail below `thumbnails`. `onBegan` is called when its
   * bytes go to the decoder. Throws a Fault; `cancelled` when the signal aborts before it began.
   */
  describe(
    backbone: Backbone,
    path: string,
    thumbnails: string,
    onBegan: () => void,
    signal: AbortSignal
  ): Promise<DescribedPhoto> {
    return this.#limit(async () => {
      const { pixels, ...file } = await this.#decodeFile(path, thumbnails, onBegan, signal)
      const { thumbnail: bytes } = pixels
      const thumbnail = bytes && { folder: thumbnails, hash: file.hash, bytes }
      const feature = await this.#featureOf(backbone, pixels, thumbnail)
      return { ...file, width: pixels.width, height: pixels.height, feature }
    })
  }

  /** Makes the thumbnail of a file that has this hash, if there is none. Throws a Fault. */
  makeThumbnail(
    path: string,
    hash: string,
    folder: string,
    signal: AbortSignal
  ): Promise<void> {
    return this.#pictureLimit(async () => {
      const file = await this.#decodeFile(path, folder, () => undefined, signal)
      if (file.hash !== hash) throw otherContent(basename(path))
      const { thumbnail: bytes } = file.pixels
      if (bytes) await this.#threads.next().call('keepThumbnail', { folder, hash, bytes })
    })
  }

  /** The feature [D] of a known photo: of its file, or where that fails of its thumbnail. */
  renew(
    backbone: Backbone,
    { path, thumbnail }: { path: string; thumbnail: string },
    signal: AbortSignal
  ): Promise<Float32Array> {
    return this.#limit(async () => {
      const { pixels } = await this.#decodeFirst([path, thumbnail], signal)
      return this.#featureOf(backbone, pixels, null)
    })
  }

  /** Pixels of the first of some files that can be read, short side about 256. Throws a Fault. */
  picture(files: readonly string[], signal: AbortSignal): Promise<Photo> {
    return this.#pictureLimit(async () => {
      const { pixels } = await this.#decodeFirst(files, signal)
      return { rgb: pixels.rgb, width: pixels.pixelWidth, height: pixels.pixelHeight }
    })
  }

  /**
   * Size and feature of one picture outside the library, or of a part of it, before all others that
   * wait.
   */
  embed(
    backbone: Backbone,
    source: { path: string } | { bytes: Uint8Array },
    crop: Crop | null,
    signal: AbortSignal
  ): Promise<{ width: number; height: number; feature: Float32Array }> {
    return this.#urgentLimit(async () => {
      const subject = 'path' in source ? basename(source.path) : 'the picture'
      const decode = ({ bytes, format }: Pick<ReadPhoto, 'bytes' | 'format'>): Promise<Pixels> => {
        const shortSide = shortSideOf(crop, SHORT_SIDE)
        return this.#decode({ bytes, format, shortSide, thumbnail: false, subject }, signal)
      }
      const whole =
        'path' in source
          ? await this.#withFile(source.path, null, signal, decode, true)
          : await decode({ ...source, format: decodedFormatOf(source.bytes, subject) })
      const pixels = crop ? cropped(whole, crop) : whole
      const feature = await this.#featureOf(backbone, pixels, null, true)
      return { width: pixels.width, height: pixels.height, feature }
    })
  }

  /** Features [V, D] of augmented views of a file, which is decoded once. Throws a Fault. */
  views(
    backbone: Backbone,
    path: string,
    V: number,
    seed: number,
    signal: AbortSignal
  ): Promise<Float32Array> {
    return this.#viewLimit(async () => {
      const { pixels } = await this.#decodeFile(path, null, () => undefined, signal)
      const { rgb, pixelWidth: width, pixelHeight: height } = pixels
      const slots = this.#freeSlots.splice(-V)
      if (slots.length < V) throw new Bug('more views on their way than slots')
      try {
        await this.#threads.next().call('augment', { rgb, width, height, slots, seed })
        const batcher = this.#batcherOf(backbone)
        const features = await Promise.all(slots.map((slot) => batcher.describe(slot)))
        const D = features[0]?.length ?? 0
        const all = new Float32Array(V * D)
        features.forEach((feature, i) => all.set(feature, i * D))
        return all
      } finally {
        this.#freeSlots.push(...slots)
      }
    })
  }

  end(): Promise<void> {
    return this.#threads.end()
  }

  #batcherOf(backbone: Backbone): Batcher {
    const held = this.#batchers.get(backbone)
    if (held) return held
    const batcher = new Batcher(backbone, this.#slots, this.#stopwatch)
    this.#batchers.set(backbone, batcher)
    return batcher
  }

  async #decodeFirst(files: readonly string[], signal: AbortSignal): Promise<{ pixels: Pixels }> {
    let reason: unknown
    for (const file of files) {
      try {
        return await this.#decodeFile(file, null, () => undefined, signal)
      } catch (error) {
        if (!isFault(error) || signal.aborted) throw error
        reason ??= error
      }
    }
    throw reason
  }

  async #decodeFile(
    path: string,
    thumbnails: string | null,
    onBegan: () => void,
    signal: AbortSignal
  ): Promise<{ hash: string; fileSize: number; capturedAt: number | null; pixels: Pixels }> {
    return this.#withFile(path, thumbnails, signal, async (file) => {
      const { bytes, format, hash, capturedAt, needsThumbnail: thumbnail } = file
      onBegan()
      const request = { bytes, format, shortSide: SHORT_SIDE, thumbnail, subject: basename(path) }
      const pixels = await this.#decode(request, signal)
      return { hash, fileSize: bytes.length, capturedAt, pixels }
    })
  }

  /** Reads a file as soon as the budget has room for all of it, and holds it while it is used. */
  async #withFile<T>(
    path: string,
    thumbnails: string | null,
    signal: AbortSignal,
    use: (file: ReadPhoto) => Promise<T>,
    isUrgent = false
  ): Promise<T> {
    const size = await photoSize(path)
    const read = async (): Promise<ReadPhoto> => {
      await this.#fileBytes.take(size, isUrgent)
      try {
        if (signal.aborted) throw cancelled(basename(path))
        return await this.#threads.next().call('read', { path, thumbnails }, signal)
      } catch (error) {
        this.#fileBytes.give(size)
        throw error
      }
    }
    const file = isUrgent ? await read() : await this.#readLimit(read)
    try {
      return await use(file)
    } finally {
      this.#fileBytes.give(size)
    }
  }

  async #featureOf(
    backbone: Backbone,
    { rgb, pixelWidth, pixelHeight }: Pixels,
    thumbnail: { folder: string; hash: string; bytes: Uint8Array } | null,
    urgent = false
  ): Promise<Float32Array> {
    const slot = this.#freeSlots.pop()
    if (slot === undefined) throw new Bug('more photos on their way than slots')
    try {
      const photo = { rgb, width: pixelWidth, height: pixelHeight, slot, thumbnail }
      await this.#threads.next().call('prepare', photo)
      return await this.#batcherOf(backbone).describe(slot, urgent)
    } finally {
      this.#freeSlots.push(slot)
    }
  }
}

function otherContent(subject: string): Fault {
  return new Fault({
    kind: 'not-found',
    subject,
    expected: 'the file as it was described',
    received: 'one with another content'
  })
}
