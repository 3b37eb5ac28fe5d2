// Files that belong to a photo beside them: the RAW of a JPEG, the film of a live photo. Pure. They
// are no photos of their own, so that one photo is one tile.
import { extensionOf, isRawName } from '../../wire/picture-names.ts'

/** Endings of what a camera writes beside its RAW, and a phone beside its film. */
const PHOTOS: ReadonlySet<string> = new Set('jpg jpeg jpe jfif heic heif hif'.split(' '))
const FILMS: ReadonlySet<string> = new Set('mov mp4 m4v'.split(' '))

/** The names of a directory, without those of companions: equal but for their ending. */
export function withoutCompanions(names: readonly string[]): string[] {
  const photos = new Set(names.filter((name) => PHOTOS.has(extensionOf(name))).map(stemOf))
  const mayBelong = (name: string): boolean => isRawName(name) || FILMS.has(extensionOf(name))
  return names.filter((name) => !mayBelong(name) || !photos.has(stemOf(name)))
}

/** What comes before the ending, whatever its case. */
function stemOf(name: string): string {
  return name.slice(0, name.length - extensionOf(name).length - 1).toLowerCase()
}
