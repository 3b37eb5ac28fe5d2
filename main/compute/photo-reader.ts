// Photos off the disk and through the decoder: few files read at once, and so many bytes held at
// most. Compute's main thread, which only hands out work here.
import { basename } from 'node:path'
import type { Decode, DecodeRequest } from '../decode/decoder.ts'
import { decodedFormatOf } from '../decode/format.ts'
import { limitOf } from '../decode/limit.ts'
import { isSamePicture, type Rgb } from '../decode/same-picture.ts'
import type { DecodedFormat, Pixels } from '../wire/decoder-contract.ts'
import { Bug, Fault, cancelled, isFault } from '../wire/fault.ts'
import type { Held } from '../wire/held.ts'
import type { DateSource, PhotoDate } from '../wire/photo-date.ts'
import type { PhotoFacts } from '../wire/photo-facts.ts'
import type { KnownPhoto } from '../wire/records.ts'
import type { StepAside } from '../wire/step-aside.ts'
import { KEPT_PICTURES } from '../wire/thumbnail.ts'
import type { Patience } from '../wire/disk/volume-calls.ts'
import { Budget } from './budget.ts'
import { decodePreview } from './decode-preview.ts'
import { PhotoVolumes } from './disk/photo-volumes.ts'
import type { PhotoThreads } from './photo-threads.ts'
import type { ReadPhoto } from './thread-contract.ts'

/** Files read at once, and bytes of files that are read or held for decoders. */
export const READING = 16
const FILE_BYTES = 192 * 2 ** 20

/** Short side that decoders scale to: what thumbnails need, and a little above every backbone. */
export const SHORT_SIDE = KEPT_PICTURES.thumb.shortSide

/** A file as it was read and decoded. */
export interface DecodedFile {
  hash: string
  format: DecodedFormat
  fileSize: number // bytes
  capturedAt: number | null
  dateSource: DateSource | null
  ahead: number | null // a date that counts as none until it has come, as a clock shows it
  isDated: boolean // false: the XMP file beside it could not be read now
  facts: PhotoFacts | null
  holds: Held | null
  pixels: Pixels
}

/** What a file says of itself, without its picture. */
export interface ReadMetadata {
  date: PhotoDate | null
  ahead: number | null
  facts: PhotoFacts | null
  holds: Held | null
}

export interface FileOptions {
  /** Folder of the thumbnails: the file's comes with its pixels where it has none there. */
  thumbnails?: string
  /** One comes in any case. */
  isThumbnailWanted?: boolean
  /** Path of the XMP file beside it. */
  sidecar?: string | null
  /** Of its pixels, in pixels. */
  shortSide?: number
  /** Its bytes go to the decoder. */
  onBegan?: () => void
}

interface ReadOptions {
  thumbnails?: string | null | undefined
  sidecar?: string | null | undefined
  /** A small picture in the file will do that has a short side of so many pixels. */
  shortSide?: number | null
}

/** A file that does not hold what was described. */
export function otherContent(subject: string): Fault {
  return new Fault({
    kind: 'not-found',
    subject,
    expected: 'the file as it was described',
    received: 'one with another content'
  })
}

function rgbOf({ rgb, pixelWidth: width, pixelHeight: height }: Pixels): Rgb {
  return { rgb, width, height }
}

function dateOf(date: PhotoDate | null): Pick<DecodedFile, 'capturedAt' | 'dateSource'> {
  return { capturedAt: date?.at ?? null, dateSource: date?.source ?? null }
}

type Whole = Pick<DecodeRequest, 'bytes' | 'format'>

function wholeOf({ bytes, format }: ReadPhoto): Whole {
  if (!bytes) throw new Bug('a file was read for its small picture, and the whole is wanted')
  return { bytes, format }
}

function bytesOf({ bytes, rows }: NonNullable<ReadPhoto['preview']>): number {
  return bytes.length + (rows?.jpeg.length ?? 0)
}

/** The way from files to pixels. */
export class PhotoReader {
  readonly volumes: PhotoVolumes
  readonly #decode: Decode
  readonly #threads: PhotoThreads
  readonly #aside: StepAside
  readonly #readLimit = limitOf(READING)
  readonly #fileBytes = new Budget(FILE_BYTES)

  constructor(decode: Decode, threads: PhotoThreads, aside: StepAside, patience?: Patience) {
    this.#decode = decode
    this.#threads = threads
    this.#aside = aside
    this.volumes = new PhotoVolumes(patience)
  }

  /** Decodes a file. Throws a Fault; `cancelled` when the signal aborts before it was read. */
  async file(path: string, signal: AbortSignal, options: FileOptions = {}): Promise<DecodedFile> {
    const file =
      (await this.#decoded(path, signal, options, true)) ??
      (await this.#decoded(path, signal, options, false)) // its small picture shows something else
    if (!file) throw new Bug('a file without a small picture was not decoded')
    return file
  }

  /**
   * Decodes the small picture in a file if there is one and `maySmall`, else the whole; undefined
   * where the whole has to be read after all. Of a small picture no more is held than that.
   */
  #decoded(
    path: string,
    signal: AbortSignal,
    { thumbnails, isThumbnailWanted, sidecar, onBegan, shortSide = SHORT_SIDE }: FileOptions,
    maySmall: boolean
  ): Promise<DecodedFile | undefined> {
    const reading = { thumbnails, sidecar, shortSide: maySmall ? shortSide : null }
    return this.#withFile(path, reading, signal, async (file) => {
      const { fileSize, format, hash, date, ahead, isDated, facts, holds, preview } = file
      onBegan?.()
      const options = { shortSide, thumbnail: isThumbnailWanted ?? file.needsThumbnail }
      const request = { ...options, subject: basename(path) }
      const pixels = preview
        ? await decodePreview(this.#decode, preview, request, signal)
        : await this.#decode({ ...request, ...wholeOf(file) }, signal)
      const told = { ...dateOf(date), ahead, isDated, facts, holds }
      return pixels && { hash, format, fileSize, ...told, pixels }
    })
  }

  /** What a photo's metadata tells, and what it holds. Throws a Fault. */
  async date(path: string, sidecar: string | null, signal: AbortSignal): Promise<ReadMetadata> {
    const size = await this.volumes.size(path)
    return this.#readLimit(async () => {
      await this.#aside.over(signal)
      await this.#fileBytes.take(size)
      try {
        const read = (): Promise<ReadMetadata> =>
          this.#threads.next().call('date', { path, sidecar })
        return await this.volumes.read(path, size, read, signal)
      } finally {
        this.#fileBytes.give(size)
      }
    })
  }

  /**
   * The pixels of a known photo: of its file or its thumbnail, whichever is wanted first, else of
   * the other; of a damaged one its file comes first. Throws the Fault of its file where neither
   * can be read.
   */
  async known(
    { path, thumbnails, isDamaged }: Omit<KnownPhoto, 'id'>,
    first: 'file' | 'thumbnail',
    signal: AbortSignal
  ): Promise<Pixels> {
    let reason: unknown
    const isFileFirst = first === 'file' || isDamaged
    for (const file of isFileFirst ? [path, ...thumbnails] : [...thumbnails, path]) {
      try {
        return (await this.file(file, signal)).pixels
      } catch (error) {
        if (!isFault(error) || signal.aborted) throw error
        if (file === path) reason = error
      }
    }
    throw reason
  }

  /** Whether a small picture shows what the first of these files shows that can be read. */
  async showsSame(
    picture: Uint8Array,
    files: readonly string[],
    signal: AbortSignal
  ): Promise<boolean> {
    const request = { shortSide: SHORT_SIDE, thumbnail: false, subject: 'a thumbnail' }
    const made = await this.#decode({ ...request, bytes: picture, format: 'jpeg' }, signal)
    for (const file of files) {
      try {
        const { pixels } = await this.file(file, signal)
        return isSamePicture(rgbOf(made), rgbOf(pixels))
      } catch (error) {
        if (!isFault(error) || signal.aborted) throw error // else there is none, or a damaged one
      }
    }
    return false
  }

  /**
   * Decodes a picture that someone waits for: before all others. Throws a Fault, or `Unanswered`:
   * see PhotoVolumes.onceAnswered.
   */
  async urgent(
    source: { path: string } | { bytes: Uint8Array },
    shortSide: number,
    signal: AbortSignal
  ): Promise<Pixels> {
    const subject = 'path' in source ? basename(source.path) : 'the picture'
    const decode = (whole: Whole): Promise<Pixels> =>
      this.#decode({ ...whole, shortSide, thumbnail: false, subject, isUrgent: true }, signal)
    if ('path' in source)
      return this.#withFile(source.path, {}, signal, (file) => decode(wholeOf(file)), true)
    return decode({ ...source, format: decodedFormatOf(source.bytes, subject) })
  }

  /**
   * Reads a file that someone waits for, whole, and holds it while it is used. Throws a Fault, or
   * `Unanswered`: see PhotoVolumes.onceAnswered.
   */
  whole<T>(
    path: string,
    signal: AbortSignal,
    use: (file: Whole & Pick<ReadPhoto, 'hash'>) => Promise<T>
  ): Promise<T> {
    const useWhole = async (file: ReadPhoto): Promise<T> =>
      use({ ...wholeOf(file), hash: file.hash })
    return this.#withFile(path, {}, signal, useWhole, true)
  }

  /** Reads a file as soon as the budget has room for all of it, and holds it while it is used. */
  async #withFile<T>(
    path: string,
    { thumbnails = null, sidecar = null, shortSide = null }: ReadOptions,
    signal: AbortSignal,
    use: (file: ReadPhoto) => Promise<T>,
    isUrgent = false
  ): Promise<T> {
    const size = await this.volumes.size(path, !isUrgent)
    let held = size
    const giveBack = (left: number): void => {
      this.#fileBytes.give(held - left)
      held = left
    }
    const read = async (): Promise<ReadPhoto> => {
      if (!isUrgent) await this.#aside.over(signal)
      await this.#fileBytes.take(held, isUrgent)
      try {
        if (signal.aborted) throw cancelled(basename(path))
        const request = { path, thumbnails, sidecar, shortSide }
        const call = (): Promise<ReadPhoto> => this.#threads.next().call('read', request)
        const file = await this.volumes.read(path, size, call, signal, !isUrgent)
        if (file.preview) giveBack(Math.min(held, bytesOf(file.preview)))
        return file
      } catch (error) {
        giveBack(0)
        throw error
      }
    }
    const file = isUrgent ? await read() : await this.#readLimit(read)
    try {
      return await use(file)
    } finally {
      giveBack(0)
    }
  }
}
