// Hands on what a person decided when another file of a picture becomes its photo. Runs in the
// writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'

/** A favourite stays one when another file of its name is the photo from now on. */
export function handOn(catalogue: Catalogue, formers: readonly number[]): void {
  for (const former of formers) {
    const heirs = catalogue.companions.heirs(former)
    if (heirs.length > 0) catalogue.favourites.set(heirs, true)
  }
}
