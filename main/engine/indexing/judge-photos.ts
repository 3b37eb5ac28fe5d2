// Looks again at photos that an older judgement looked at: decoded as they were, and described anew
// only where their pictures are others now. Runs in the writer, in the background; compute reads
// the files. See `main/wire/judgement.ts`.
import { rm } from 'node:fs/promises'
import type { Unjudged } from '../../catalogue/judgement-table.ts'
import type { Judged } from '../../wire/compute-contract.ts'
import { isFault } from '../../wire/fault.ts'
import { changedSince } from '../../wire/judgement.ts'
import { earliest } from '../../wire/photo-date.ts'
import { thumbnailPath } from '../../wire/thumbnail.ts'
import type { Context } from '../context.ts'
import { aheadInName } from '../folders/name-date.ts'
import { filesOf } from '../photo-paths.ts'
import { ofName, type Background } from './date-photos.ts'
import { PutOff } from './put-off.ts'

/** Photos of a call, and of the transaction that keeps what comes of it. */
const CALL = 16
/** Photos of which nothing can have changed. */
const PASSED_AT_ONCE = 2000

/** Makes the judge. `tiles`: folder of the sharp pictures of large tiles. */
export function createJudge(context: Context, tiles: string): Background {
  const { catalogue, link, spacing } = context
  const { judgements } = catalogue
  const waiting = new PutOff(spacing, catalogue.putOff, 'judging')

  function next(limit: number): Unjudged[] {
    return waiting.next(limit, (most) => judgements.unjudged(most))
  }

  /** Those that cannot have changed need no look; of some only metadata is read. */
  function passOver(photos: readonly Unjudged[]): Unjudged[] {
    const rest: Unjudged[] = []
    catalogue.transaction(() => {
      for (const photo of photos) {
        const asked = changedSince(photo.judgement, photo.format)
        if (asked === 'picture') rest.push(photo)
        else judgements.passOver(photo.id, asked === null)
      }
    })
    return rest
  }

  async function judge(photos: readonly Unjudged[], signal: AbortSignal): Promise<void> {
    const session = await link.session(signal)
    const asked = photos.map((photo) => ({ ...filesOf(photo), hash: photo.hash }))
    const request = { photos: asked, thumbnails: context.thumbnails }
    const { outcomes } = await session.call('judge', request, signal)
    const byId = new Map(photos.map((photo) => [photo.id, photo]))
    let queued = 0
    const changed: Unjudged[] = []
    catalogue.transaction(() => {
      for (const outcome of outcomes) {
        const photo = byId.get(outcome.id)
        if (!photo) continue
        if (outcome.outcome === 'refused') {
          if (waiting.put(photo, outcome.fault)) continue
          if (judgements.queue(photo)) queued++ // indexing says what is wrong with it
          continue
        }
        waiting.done(photo.id)
        if (outcome.isSame) judgements.set(photo, foundOf(photo, outcome))
        else if (judgements.queue(photo)) {
          changed.push(photo)
          queued++
        }
      }
    })
    for (const { hash } of changed)
      await rm(thumbnailPath(tiles, hash), { force: true })
    context.onKept({ indexed: 0, failed: 0 })
    if (queued > 0) context.onPending()
  }

  return {
    hasNext: () => next(1).length > 0,
    async step(signal) {
      const rest = passOver(next(CALL))
      if (rest.length === 0) {
        const more = next(PASSED_AT_ONCE)
        passOver(more.filter(({ judgement, format }) => changedSince(judgement, format) !== 'picture'))
        return
      }
      try {
        await judge(rest, signal)
      } catch (error) {
        if (signal.aborted || !isFault(error, 'process-lost')) throw error
        if (!waiting.putOff(rest, error.record)) throw error
      }
    },
    nextAt: () => waiting.nextAt(),
    tryNow: () => waiting.tryNow()
  }
}

function foundOf({ name }: Unjudged, found: Judged) {
  const { capturedAt, dateSource } = found
  const date =
    capturedAt === null || dateSource === null
      ? ofName(name)
      : { at: capturedAt, source: dateSource }
  const ahead = earliest(found.ahead, capturedAt === null ? aheadInName(name) : null)
  return { ...found, date, ahead }
}
