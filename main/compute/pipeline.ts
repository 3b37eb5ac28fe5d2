// Photos into features: read, decode, prepare and run overlap, with a bounded number of photos on
// their way. Compute's main thread, which only hands out work here: it stands still while the
// backbone runs.
import { basename, join } from 'node:path'
import type { Decode } from '../decode/decoder.ts'
import { limitOf } from '../decode/limit.ts'
import type { DamageKind, Pixels } from '../wire/decoder-contract.ts'
import type { Crop } from '../wire/query-contract.ts'
import { Bug } from '../wire/fault.ts'
import { moving } from '../wire/port.ts'
import type { KnownPhoto } from '../wire/records.ts'
import { StepAside } from '../wire/step-aside.ts'
import { thumbnailFiles, thumbnailName } from '../wire/thumbnail.ts'
import type { Patience } from '../wire/disk/volume-calls.ts'
import { Batcher } from './batcher.ts'
import type { Backbone } from './backbone.ts'
import type { Card, Photo } from '../../model/retrieval.ts'
import { cropped, shortSideOf, soundPart } from './crop-pixels.ts'
import { PhotoReader, READING, SHORT_SIDE, otherContent } from './photo-reader.ts'
import type { DecodedFile, ReadMetadata } from './photo-reader.ts'
import { startPhotoThreads, type PhotoThreads } from './photo-threads.ts'
import type { Stopwatch } from './stopwatch.ts'

/**
 * Photos on their way at once. A photo comes back to this thread six times before the backbone gets
 * it, and each time it may wait for a run of 8: fewer than 64 leave the backbone waiting.
 */
const ON_THEIR_WAY = 64
/** Photos on their way whose views are made, and how many of each at most. */
const SEEN_AT_ONCE = 12
export const MOST_VIEWS = 8
/** Single photos that someone waits for; they pass the others by. */
const URGENT = 2

/** What a file is, but for what it shows. */
type PhotoFile = Omit<DecodedFile, 'pixels'> & {
  width: number // of the whole photo, upright
  height: number
  damage: DamageKind | null
}

/** What a photo looks like: its feature [D], and its fingerprint (model/image/fingerprint.ts). */
interface Seen {
  feature: Float32Array
  fingerprint: Uint8Array
}

export type DescribedPhoto = PhotoFile & Seen

/** What a known photo is judged to be; `isSame`: it shows what its thumbnail shows. */
export type JudgedPhoto = PhotoFile & { isSame: boolean }

/** The way of photos through threads, decoder and backbone. */
export class Pipeline {
  readonly reader: PhotoReader
  readonly #threads: PhotoThreads
  readonly #slots: SharedArrayBuffer
  readonly #stopwatch: Stopwatch
  readonly #aside: StepAside
  readonly #batchers = new WeakMap<Backbone, Batcher>()
  readonly #freeSlots: number[]
  readonly #limit = limitOf(ON_THEIR_WAY)
  readonly #urgentLimit = limitOf(URGENT)
  readonly #viewLimit = limitOf(SEEN_AT_ONCE)
  readonly #pictureLimit = limitOf(READING)

  /** @param card of all backbones that photos go to, as far as their input goes */
  constructor(
    card: Card,
    decode: Decode,
    stopwatch: Stopwatch,
    aside = new StepAside(),
    patience?: Patience
  ) {
    const count = ON_THEIR_WAY + URGENT + SEEN_AT_ONCE * MOST_VIEWS // memory once it is used
    this.#slots = new SharedArrayBuffer(count * 3 * card.input.size ** 2 * 4)
    this.#freeSlots = Array.from({ length: count }, (_, slot) => slot)
    this.#threads = startPhotoThreads(card, this.#slots)
    this.reader = new PhotoReader(decode, this.#threads, aside, patience)
    this.#stopwatch = stopwatch
    this.#aside = aside
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
    { path, sidecar = null }: { path: string; sidecar?: string | null | undefined },
    thumbnails: string,
    onBegan: () => void,
    signal: AbortSignal
  ): Promise<DescribedPhoto> {
    return this.#limit(async () => {
      const { pixels, ...file } = await this.reader.file(path, signal, {
        thumbnails,
        sidecar,
        onBegan
      })
      const { thumbnail: bytes } = pixels
      const thumbnail = bytes && { folder: thumbnails, hash: file.hash, bytes }
      const seen = await this.#seen(backbone, soundPart(pixels), thumbnail)
      return { ...file, ...judgedAs(pixels), ...seen }
    })
  }

  /**
   * Looks again at a file that has this hash. Where it shows something else than its thumbnail
   * does, that is made anew. Throws a Fault.
   */
  judge(
    { path, sidecar, hash }: { path: string; sidecar?: string | null | undefined; hash: string },
    folder: string,
    onBegan: () => void,
    signal: AbortSignal
  ): Promise<JudgedPhoto> {
    return this.#pictureLimit(async () => {
      const options = { sidecar: sidecar ?? null, onBegan, isThumbnailWanted: true }
      const { pixels, ...file } = await this.reader.file(path, signal, options)
      if (file.hash !== hash) throw otherContent(basename(path))
      const { thumbnail: bytes } = pixels
      if (!bytes) throw new Bug('a decoder gave no picture that it was asked for')
      const names = thumbnailFiles(thumbnailName(hash)).map((name) => join(folder, name))
      const isSame = await this.reader.showsSame(bytes, names, signal)
      if (!isSame) await this.#threads.next().call('keepThumbnail', { folder, hash, bytes })
      return { ...file, ...judgedAs(pixels), isSame }
    })
  }

  /** What a known photo's metadata tells, and what it holds. Throws a Fault. */
  date(path: string, sidecar: string | null, signal: AbortSignal): Promise<ReadMetadata> {
    return this.reader.date(path, sidecar, signal)
  }

  /** Makes the thumbnail of a file that has this hash, if there is none. Throws a Fault. */
  makeThumbnail(
    path: string,
    picture: { hash: string; thumbnails: string; shortSide: number },
    signal: AbortSignal
  ): Promise<void> {
    const { hash, thumbnails: folder, shortSide } = picture
    return this.#pictureLimit(async () => {
      const file = await this.reader.file(path, signal, { thumbnails: folder, shortSide })
      if (file.hash !== hash) throw otherContent(basename(path))
      const { thumbnail: bytes } = file.pixels
      if (bytes) await this.#threads.next().call('keepThumbnail', { folder, hash, bytes })
    })
  }

  /** The feature [D] of a known photo: of its file, or where that fails of its thumbnail. */
  renew(
    backbone: Backbone,
    photo: Omit<KnownPhoto, 'id'>,
    signal: AbortSignal
  ): Promise<Float32Array> {
    return this.#limit(async () => {
      const pixels = await this.reader.known(photo, 'file', signal)
      return (await this.#seen(backbone, soundPart(pixels), null)).feature
    })
  }

  /** Pixels of a known photo, of its thumbnail: short side about 256. Throws a Fault. */
  picture(photo: Omit<KnownPhoto, 'id'>, signal: AbortSignal): Promise<Photo> {
    return this.#pictureLimit(async () => {
      const pixels = soundPart(await this.reader.known(photo, 'thumbnail', signal))
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
    const see = async (): Promise<{ width: number; height: number; feature: Float32Array }> => {
      const whole = await this.reader.urgent(source, shortSideOf(crop, SHORT_SIDE), signal)
      const pixels = crop ? cropped(whole, crop) : soundPart(whole)
      const { feature } = await this.#seen(backbone, pixels, null, true)
      const { width, height } = crop ? pixels : whole
      return { width, height, feature }
    }
    const limited = (): ReturnType<typeof see> => this.#urgentLimit(see)
    return 'path' in source ? this.reader.volumes.onceAnswered(source.path, limited) : limited()
  }

  /** Features [V, D] of augmented views of a known photo, decoded once. Throws a Fault. */
  views(
    backbone: Backbone,
    photo: Omit<KnownPhoto, 'id'>,
    V: number,
    seed: number,
    signal: AbortSignal
  ): Promise<Float32Array> {
    return this.#viewLimit(async () => {
      const pixels = soundPart(await this.reader.known(photo, 'thumbnail', signal))
      const { rgb, pixelWidth: width, pixelHeight: height } = pixels
      const slots = this.#freeSlots.splice(-V)
      if (slots.length < V) throw new Bug('more views on their way than slots')
      try {
        const seen = moving({ rgb, width, height, slots, seed }, rgb)
        await this.#threads.next().call('augment', seen)
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
    const batcher = new Batcher(backbone, this.#slots, this.#stopwatch, this.#aside)
    this.#batchers.set(backbone, batcher)
    return batcher
  }

  async #seen(
    backbone: Backbone,
    { rgb, pixelWidth, pixelHeight }: Pixels,
    thumbnail: { folder: string; hash: string; bytes: Uint8Array } | null,
    urgent = false
  ): Promise<Seen> {
    const slot = this.#freeSlots.pop()
    if (slot === undefined) throw new Bug('more photos on their way than slots')
    try {
      const photo = { rgb, width: pixelWidth, height: pixelHeight, slot, thumbnail }
      const moved = moving(photo, rgb, thumbnail && thumbnail.bytes)
      const { fingerprint } = await this.#threads.next().call('prepare', moved)
      return { fingerprint, feature: await this.#batcherOf(backbone).describe(slot, urgent) }
    } finally {
      this.#freeSlots.push(slot)
    }
  }
}

function judgedAs({ width, height, damage }: Pixels) {
  return { width, height, damage: damage?.kind ?? null }
}
