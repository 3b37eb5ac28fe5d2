// Which photos a person said are no duplicates: see [Note: no duplicates]. Pure.

interface OfContent {
  hash: string
}

export interface Apart {
  /** Those photos of which nobody said that they are no duplicates of this one. */
  notFrom<T extends OfContent>(photo: OfContent, others: readonly T[]): T[]
  /** Somebody said that all equal files of a content are wanted. */
  areWanted(hash: string): boolean
}

/** What decisions say; `byContent`: those that name a content, by its hash. */
export function apartBy(byContent: ReadonlyMap<string, ReadonlySet<number>>): Apart {
  const contents = new Map<number, number>() // how many each decision names
  for (const decisions of byContent.values())
    for (const one of decisions) contents.set(one, (contents.get(one) ?? 0) + 1)
  const decisionsOf = (hash: string): number[] => [...(byContent.get(hash) ?? [])]
  return {
    notFrom(photo, others) {
      const own = decisionsOf(photo.hash)
      if (own.length === 0) return [...others]
      return others.filter(({ hash }) => !own.some((one) => byContent.get(hash)?.has(one)))
    },
    areWanted: (hash) => decisionsOf(hash).some((one) => contents.get(one) === 1)
  }
}
