// Makes thumbnails again that are missing or damaged, when someone looks at their tiles: compute
// decodes a photo's file anew; the photo's row and vectors are not touched. Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { isFault } from '../../wire/fault.ts'
import type { ComputeLink } from '../compute-link.ts'
import { pathOf } from '../photo-paths.ts'
import { renameFormer } from './thumbnails.ts'

/** Made at the same time; the rest wait, and the latest asked for is the next to be made. */
const AT_ONCE = 4
/** Names that are remembered as not to be made now. */
const MOST_FAILED = 10_000
/** Faults of the disk are tried again after so long, ms; then after twice as long, to an hour. */
const FIRST_PAUSE = 60_000
const LONGEST_PAUSE = 3600_000

export interface ThumbnailMaker {
  /**
   * Makes one again, once for all that ask meanwhile. False: no file of this content can be read
   * now; so it stays until `tryAgain`. Never rejects.
   */
  remake(name: string): Promise<boolean>
  /** Files came or changed: what could not be made may be asked for again. */
  tryAgain(): void
  /** Takes no more; what is being made is given up with the signal. */
  close(): void
}

export interface ThumbnailMakerOptions {
  catalogue: Catalogue
  link: ComputeLink
  thumbnails: string // their folder
  signal: AbortSignal
  /** Told of names that could not be made and may be asked for again. */
  onHope(names: string[]): void
}

/** Makes the maker; it makes nothing by itself. */
export function createThumbnailMaker(options: ThumbnailMakerOptions): ThumbnailMaker {
  const { catalogue, link, thumbnails, signal } = options
  const asked = new Map<string, Promise<boolean>>()
  const waiting: (() => void)[] = []
  const failed = new Set<string>()
  let running = 0
  let hopes = 0 // how often `tryAgain` was called
  let pause = FIRST_PAUSE
  let timer: NodeJS.Timeout | undefined

  async function inTurn(work: () => Promise<boolean>): Promise<boolean> {
    if (running < AT_ONCE) running++
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.pop()
      if (next) next()
      else running--
    }
  }

  async function make(name: string): Promise<boolean> {
    for (const photo of catalogue.photos.withThumbnail(name)) {
      if (signal.aborted) return false
      if (await renameFormer(thumbnails, photo.hash)) return true
      try {
        const session = await link.session(signal)
        const request = { path: pathOf(photo), hash: photo.hash, thumbnails }
        await session.call('makeThumbnail', request, signal)
        pause = FIRST_PAUSE
        return true
      } catch (error) {
        if (!isFault(error)) console.error(error)
        // A file that is away comes back with a scan; a photo that ends compute is not tried again.
        const isKnown = isFault(error, 'not-found', 'process-lost')
        if (isFault(error) && error.record.passes && !isKnown) planAnother()
      }
    }
    return false
  }

  function planAnother(): void {
    if (timer || signal.aborted) return
    timer = setTimeout(() => {
      timer = undefined
      tryAgain()
    }, pause)
    pause = Math.min(2 * pause, LONGEST_PAUSE)
  }

  function noteFailed(name: string): void {
    failed.add(name)
    for (const oldest of failed) {
      if (failed.size <= MOST_FAILED) break
      failed.delete(oldest)
    }
  }

  function tryAgain(): void {
    hopes++
    if (failed.size === 0) return
    const names = [...failed]
    failed.clear()
    options.onHope(names)
  }

  return {
    remake(name) {
      if (failed.has(name)) return Promise.resolve(false)
      const held = asked.get(name)
      if (held) return held
      const made = inTurn(async () => {
        const before = hopes
        const isMade = await make(name)
        if (isMade) return true
        noteFailed(name)
        if (hopes > before) tryAgain() // files came while it was tried
        return false
      })
        .finally(() => asked.delete(name))
      asked.set(name, made)
      return made
    },
    tryAgain,
    close: () => clearTimeout(timer)
  }
}
