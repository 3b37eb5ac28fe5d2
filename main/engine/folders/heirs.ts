// Hands on what a person decided when another file of a picture becomes its photo. Runs in the
// writer.
import type { Catalogue } from '../../catalogue/catalogue.ts'

type Former = NonNullable<ReturnType<Catalogue['companions']['marked']>>

/**
 * A favourite stays one, and a rating stays, when another file of the picture is the photo from now
 * on: one that was its companion, or that has it as one.
 */
export function handOn(catalogue: Catalogue, formers: readonly number[]): void {
  const byDirectory = new Map<string, Former[]>()
  for (const id of formers) {
    const former = catalogue.companions.marked(id)
    if (!former) continue
    const key = `${former.folder} ${former.directory}`
    const some = byDirectory.get(key)
    if (some) some.push(former)
    else byDirectory.set(key, [former])
  }
  for (const some of byDirectory.values()) handOnIn(catalogue, some)
}

/** The same for photos that are all of one directory. */
function handOnIn(catalogue: Catalogue, formers: readonly Former[]): void {
  const [{ folder, directory } = { folder: 0, directory: '' }] = formers
  const byName = new Map(formers.map((former) => [former.name, former]))
  const byCompanion = new Map(
    formers.flatMap((former) => former.companions.map((name) => [name, former] as const))
  )
  const favourites: number[] = []
  for (const one of catalogue.companions.others(folder, directory)) {
    const stoodFor = one.companions.find((name) => byName.has(name))
    const former = byCompanion.get(one.name) ?? byName.get(stoodFor ?? '')
    if (!former) continue
    if (former.favourite === 1 && one.favourite === 0) favourites.push(one.id)
    if (former.rating > 0 && one.rating === 0) catalogue.ratings.set([one.id], former.rating)
  }
  if (favourites.length > 0) catalogue.favourites.set(favourites, true)
}
