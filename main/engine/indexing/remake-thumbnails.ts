// Makes thumbnails that are missing or damaged, and the sharp pictures of large tiles, when someone
// looks at them: compute decodes a photo's file anew; the photo's row and vectors are not touched.
// What failed is remembered until the next start only: nothing is made but what somebody looks at,
// so a restart costs one try of each. Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { faultOf, isFault } from '../../wire/fault.ts'
import type { FaultRecord } from '../../wire/fault.ts'
import { KEPT_PICTURES } from '../../wire/thumbnail.ts'
import type { ComputeLink } from '../lines/compute-link.ts'
import { decide } from '../faults/decision.ts'
import type { Spacings } from '../faults/decision.ts'
import { pathOf } from '../photo-paths.ts'
import { renameFormer } from './sweep-thumbnails.ts'

/** Made at the same time; the rest wait, and the latest asked for is the next to be made. */
const AT_ONCE = 4
/** Names that are remembered as not to be made now. */
const MOST_FAILED = 10_000

/** A name that could not be made. */
interface Failure {
  attempts: number // in vain
  /** When it may be asked for again, ms since 1970. */
  retryAt: number
}

/** Not before files come or change. */
const NEVER = Infinity
/** It may be asked for, and whoever shows it was told so. */
const NOW = 0

export interface ThumbnailMaker {
  /**
   * Makes one again, once for all that ask meanwhile. False: no file of this content can be read
   * now; the name is told by `onHope` when it may be asked for again. Never rejects.
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
  shortSide?: number // pixels; that of thumbnails if not given
  signal: AbortSignal
  /** How long is waited between attempts. */
  spacing: Spacings
  /** Told of names that could not be made and may be asked for again. */
  onHope?: (names: string[]) => void
  /** Told of the content of each that was made. */
  onMade?: (hash: string) => void
}

/** Makes the maker; it makes nothing by itself. */
export function createThumbnailMaker(options: ThumbnailMakerOptions): ThumbnailMaker {
  const { catalogue, link, thumbnails, signal, spacing } = options
  const { shortSide = KEPT_PICTURES.thumb.shortSide } = options
  const asked = new Map<string, Promise<boolean>>()
  const waiting: (() => void)[] = []
  const failures = new Map<string, Failure>()
  let running = 0
  let hopes = 0 // how often `tryAgain` was called
  let timer: NodeJS.Timeout | undefined
  let timerAt = NEVER

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

  /** Makes it of the first copy that can be read; else the faults of all copies. */
  async function make(name: string): Promise<'made' | FaultRecord[]> {
    const faults: FaultRecord[] = []
    for (const photo of catalogue.photos.withThumbnail(name)) {
      if (signal.aborted) break
      if (await renameFormer(thumbnails, photo.hash)) return 'made'
      try {
        const session = await link.session(signal)
        const request = { path: pathOf(photo), hash: photo.hash, thumbnails, shortSide }
        await session.call('makeThumbnail', request, signal)
        options.onMade?.(photo.hash)
        return 'made'
      } catch (error) {
        if (!isFault(error)) console.error(error)
        faults.push(faultOf(error, photo.name, 'photo').record)
      }
    }
    return faults
  }

  /** When a thumbnail may be asked for again that met this fault. */
  function retryAtOf(fault: FaultRecord, attempts: number): number {
    const { course, after } = decide(fault, { attempts, work: 'known-photos' }, spacing)
    return course === 'fail' ? NEVER : Date.now() + after
  }

  function noteFailed(name: string, faults: readonly FaultRecord[]): void {
    const attempts = (failures.get(name)?.attempts ?? 0) + 1
    const retryAt = Math.min(NEVER, ...faults.map((fault) => retryAtOf(fault, attempts)))
    failures.delete(name) // it becomes the latest
    failures.set(name, { attempts, retryAt })
    for (const oldest of failures.keys()) {
      if (failures.size <= MOST_FAILED) break
      failures.delete(oldest)
    }
    if (retryAt < timerAt) wakeAt(retryAt)
  }

  /** Sets the one timer, for the name whose time comes first. */
  function wakeAt(at: number): void {
    clearTimeout(timer)
    timerAt = at
    if (at === NEVER || signal.aborted) return
    timer = setTimeout(() => hope((retryAt) => retryAt <= Date.now()), at - Date.now())
  }

  /** Tells of names that may be asked for again. */
  function hope(isDue: (retryAt: number) => boolean): void {
    const names: string[] = []
    let next = NEVER
    for (const [name, failure] of failures) {
      if (failure.retryAt === NOW) continue
      if (isDue(failure.retryAt)) {
        failure.retryAt = NOW
        names.push(name)
      } else next = Math.min(next, failure.retryAt)
    }
    wakeAt(next)
    if (names.length > 0) options.onHope?.(names)
  }

  function tryAgain(): void {
    hopes++
    hope(() => true)
  }

  return {
    remake(name) {
      if ((failures.get(name)?.retryAt ?? NOW) > Date.now()) return Promise.resolve(false)
      const held = asked.get(name)
      if (held) return held
      const making = inTurn(async () => {
        const before = hopes
        const made = await make(name)
        if (made === 'made') {
          failures.delete(name)
          return true
        }
        noteFailed(name, made)
        if (hopes > before) tryAgain() // files came while it was tried
        return false
      })
        .finally(() => asked.delete(name))
      asked.set(name, making)
      return making
    },
    tryAgain,
    close: () => clearTimeout(timer)
  }
}
