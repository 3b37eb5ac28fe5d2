// The photos of a library at one moment, as they are taken elsewhere. Runs in the reader; reads
// only, through a connection of its own.
import { setImmediate as breath } from 'node:timers/promises'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Encoding } from '../../catalogue/encoding-table.ts'
import type { Mark, PhotoAtMoment } from '../../catalogue/snapshot.ts'
import { Bug, cancelled } from '../../wire/fault.ts'
import type { ModelInfo } from '../../wire/engine-records.ts'
import type { DateSource } from '../../wire/photo-date.ts'
import type { QuantizerRecord } from '../../wire/records.ts'
import { pathOf } from '../photo-paths.ts'
import { infoOf } from './overview.ts'

/** A photo with all that leaves with it. */
export interface TakenPhoto {
  id: number
  path: string
  hash: string // SHA-256 of the file, 64 hexadecimal digits
  width: number // pixels, upright
  height: number
  fileSize: number // bytes
  /** ms since 1970, as if the clock that it was read from had shown UTC; null: not known. */
  date: number | null
  dateSource: DateSource | null
  favourite: boolean
  rating: number // 1 to 5, 0 for none
  companions: string[] // names of the files beside it that belong to it
  /** null while no model serves. */
  encoding: Encoding | null
}

export interface LibrarySnapshot {
  /** Of the photos that it has. */
  count: number
  /** The model that serves; undefined while there is none. */
  model: { info: ModelInfo; record: QuantizerRecord } | undefined
  /** All photos in order of id, so many at a time; pauses after each part. */
  parts(atOnce: number): AsyncGenerator<TakenPhoto[]>
  /**
   * All favourites and ratings in order of their hashes, so many at a time: also of files that no
   * photo has now.
   */
  marks(atOnce: number): Generator<Mark[]>
  /** Safe to call twice. */
  close(): void
}

/** Takes a snapshot; its parts end with Fault cancelled when the signal aborts. */
export function librarySnapshot(catalogue: Catalogue, signal: AbortSignal): LibrarySnapshot {
  const { model, count, photos, marks, close } = catalogue.snapshot()
  return {
    count,
    model: model && { info: infoOf(model.row), record: model.record },
    close,
    async *parts(atOnce) {
      let read = 0
      for (let after = 0; read < count; ) {
        const part = photos(after, atOnce)
        after = part.at(-1)?.id ?? after
        read += part.length
        if (part.length === 0) throw new Bug(`a snapshot of ${count} photos has ${read}`)
        yield part.map(takenPhoto)
        await breath()
        if (signal.aborted) throw cancelled('export')
      }
    },
    *marks(atOnce) {
      for (let part = marks('', atOnce); part.length > 0; part = marks(part.at(-1)!.hash, atOnce))
        yield part
    }
  }
}

function takenPhoto(photo: PhotoAtMoment): TakenPhoto {
  const { root, directory, name, capturedAt, capturedFrom, fileTime, ...same } = photo
  const fromFile = fileTime === null ? null : 'file'
  return {
    ...same,
    path: pathOf({ root, directory, name }),
    date: capturedAt ?? fileTime,
    dateSource: capturedAt === null ? fromFile : capturedFrom
  }
}
