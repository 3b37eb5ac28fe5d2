// How many photos have each trait that a filter may ask for. Runs in the reader, when a choice of
// filters is offered.
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { OFFERED_MEGAPIXELS, orientationOf, type Traits } from '../../wire/filter.ts'

/** The traits of a library, kept until its `revision` changes. */
export function createTraits(catalogue: Catalogue, revision: () => number): () => Traits {
  let kept: { revision: number; traits: Traits } | undefined
  return () => {
    const now = revision()
    if (kept?.revision !== now) kept = { revision: now, traits: traitsOf(catalogue) }
    return kept.traits
  }
}

/** Counts them, of the photos that are in the grid. */
export function traitsOf({ traits }: Catalogue): Traits {
  const { widths, heights, counts } = traits.sizes()
  const orientations = { landscape: 0, portrait: 0, square: 0 }
  const megapixels = OFFERED_MEGAPIXELS.map((least) => ({ least, photos: 0 }))
  let all = 0
  counts.forEach((photos, i) => {
    const [width = 0, height = 0] = [widths[i], heights[i]]
    all += photos
    orientations[orientationOf(width, height)] += photos
    for (const size of megapixels) if (width * height >= 1e6 * size.least) size.photos += photos
  })
  const { cameras, placed } = traits.known()
  return {
    formats: traits.formats().sort(mostFirst),
    cameras: cameras.filter(({ photos }) => photos > 0).sort(mostFirst),
    orientations,
    megapixels: megapixels.filter(({ photos }) => photos > 0),
    placed,
    unplaced: all - placed
  }
}

function mostFirst(one: { photos: number }, other: { photos: number }): number {
  return other.photos - one.photos
}
