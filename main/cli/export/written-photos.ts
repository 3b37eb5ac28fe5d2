// What an export is made of, whatever its format: who writes the photos, and the facts of each
// photo as text. Pure.
import type { TakenPhoto } from '../../engine/api.ts'
import type { Quantizer } from '../../../model/retrieval.ts'
import type { ExportFolder } from './export-folder.ts'

/** Writes photos in their order, so many at a time. */
export interface PhotoFiles {
  add(photos: readonly TakenPhoto[]): void
  /** Called after the last photo. */
  finish(): void
}

/** What is known of an export when it begins. */
export interface Taken {
  count: number // photos
  /** Of the model that serves; undefined while there is none. */
  quantizer: Quantizer | undefined
}

export type BeginFiles = (folder: ExportFolder, taken: Taken) => PhotoFiles

/** The facts of a photo, under the names that all formats have. */
export function factsOf(photo: TakenPhoto): object {
  const { id, path, hash, width, height, fileSize, date, dateSource } = photo
  const { favourite, rating, companions } = photo
  return {
    id,
    path,
    hash,
    width,
    height,
    file_size: fileSize,
    date: date === null ? null : localMoment(date),
    date_source: dateSource,
    favourite,
    rating,
    companions
  }
}

/** A line of JSON for each. */
export function jsonLines(all: readonly object[]): Uint8Array {
  return Buffer.from(all.map((one) => `${JSON.stringify(one)}\n`).join(''))
}

/** A date as ISO 8601 has it where no time zone is known: 2024-05-01T12:30:00.000. */
function localMoment(date: number): string {
  return new Date(date).toISOString().replace('Z', '')
}
