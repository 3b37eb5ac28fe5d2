// Where the files of a photo lie. Pure, but for a look into the catalogue.
import { join, sep } from 'node:path'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { Fault } from '../wire/fault.ts'
import type { KnownPhoto } from '../wire/records.ts'
import { thumbnailFiles, thumbnailName } from '../wire/thumbnail.ts'

/** Where a photo lies on disk. */
export function pathOf(photo: { root: string; directory: string; name: string }): string {
  return join(photo.root, photo.directory, photo.name)
}

/** Where the file of a photo lies. Throws Fault not-found. */
export function pathOfPhoto(catalogue: Catalogue, id: number): string {
  const place = catalogue.photos.place(id)
  if (place) return pathOf(place)
  const subject = `photo ${id}`
  throw new Fault({ kind: 'not-found', subject, expected: 'a photo', received: 'none' })
}

/** The files of a photo as compute takes it: its own, and the XMP file beside it. */
export function filesOf(photo: {
  id: number
  root: string
  directory: string
  name: string
  sidecar: string | null
}): { id: number; path: string; sidecar: string | null } {
  const { id, sidecar } = photo
  const beside = sidecar === null ? null : pathOf({ ...photo, name: sidecar })
  return { id, path: pathOf(photo), sidecar: beside }
}

export interface PhotoPlaces {
  catalogue: Catalogue
  /** Folder of the thumbnails. */
  thumbnails: string
}

/** A photo as compute takes one whose content is known; undefined for one that left. */
export function knownPhoto(
  { catalogue, thumbnails }: PhotoPlaces,
  id: number
): KnownPhoto | undefined {
  const place = catalogue.photos.place(id)
  if (!place?.hash) return undefined
  const files = thumbnailFiles(thumbnailName(place.hash))
  return {
    id,
    path: pathOf(place),
    thumbnails: files.map((file) => join(thumbnails, file)),
    isDamaged: place.isDamaged === 1
  }
}

/** True when `path` is `folder` or lies in it. */
export function isInside(path: string, folder: string): boolean {
  const base = folder.endsWith(sep) ? folder : folder + sep
  return path === folder || path.startsWith(base)
}
