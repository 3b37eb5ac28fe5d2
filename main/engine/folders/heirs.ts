// Hands on what a person decided when another file of a picture becomes its photo. Runs in the
// writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'

type Former = NonNullable<ReturnType<Catalogue['companions']['favourite']>>

/**
 * A favourite stays one when another file of its picture is the photo from now on: one that was its
 * companion, or that has it as one.
 */
export function handOn(catalogue: Catalogue, formers: readonly number[]): void {
  const byDirectory = new Map<string, Former[]>()
  for (const id of formers) {
    const former = catalogue.companions.favourite(id)
    if (!former) continue
    const key = `${former.folder} ${former.directory}`
    const some = byDirectory.get(key)
    if (some) some.push(former)
    else byDirectory.set(key, [former])
  }
  for (const some of byDirectory.values()) {
    const heirs = heirsOf(catalogue, some)
    if (heirs.length > 0) catalogue.favourites.set(heirs, true)
  }
}

/** Who stands for these photos, all of one directory. */
function heirsOf(catalogue: Catalogue, formers: readonly Former[]): number[] {
  const [{ folder, directory } = { folder: 0, directory: '' }] = formers
  const names = new Set(formers.map(({ name }) => name))
  const companions = new Set(formers.flatMap((former) => former.companions))
  return catalogue.companions
    .others(folder, directory)
    .filter((one) => companions.has(one.name) || one.companions.some((name) => names.has(name)))
    .map(({ id }) => id)
}
