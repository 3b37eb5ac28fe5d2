// Files by what is in them: a photo may lie in several places, of which some cannot be read now.
// Runs in the writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { Fault, isFault } from '../../wire/fault.ts'
import { pathOf } from '../photo-paths.ts'

/**
 * What comes of the first file of a content for which `use` does not throw a Fault.
 * @param name that of its thumbnail
 * @throws {Fault} that of the last file; not-found where no photo has this content.
 */
export async function ofFirstCopy<T>(
  catalogue: Catalogue,
  name: string,
  use: (file: { path: string; hash: string }) => Promise<T>
): Promise<T> {
  const [subject, expected, received] = ['a photo', 'one with this content', 'none']
  let reason = new Fault({ kind: 'not-found', subject, expected, received })
  for (const photo of catalogue.photos.withThumbnail(name)) {
    try {
      return await use({ path: pathOf(photo), hash: photo.hash })
    } catch (error) {
      if (!isFault(error) || error.kind === 'cancelled') throw error
      reason = error
    }
  }
  throw reason
}
