// What a photo's metadata tells. Pure; runs in the photo worker.
import type { PhotoFacts } from '../wire/photo-facts.ts'
import { findDate, tellsWhenTaken, type FoundDate } from './capture-date.ts'
import { findFacts } from './find-facts.ts'
import { tagsOf } from './metadata-tags.ts'

/** A photo's date, and what else is known of it; null for nothing. */
export interface PhotoMetadata extends FoundDate {
  facts: PhotoFacts | null
}

/** Reads the metadata of a file, and of the XMP file beside it. */
export function metadataOf(
  file: Uint8Array,
  sidecar: Uint8Array | null = null,
  now = Date.now()
): PhotoMetadata {
  const tags = tagsOf(file, sidecar, tellsWhenTaken)
  return { ...findDate(tags, now), facts: findFacts(tags) }
}
