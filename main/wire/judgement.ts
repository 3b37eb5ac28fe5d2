// What is told of photos changes when decoders and rules change. Each change has a number, and
// each photo's row says by which it was looked at, so that no more is looked at again than can have
// changed.
// Pure. A change is never edited once it was released: what changes later is a new one.
import type { DecodedFormat } from './decoder-contract.ts'

export interface Change {
  what: string
  /** Formats whose files are looked at again, `all` of them, or none but what was refused. */
  formats: readonly DecodedFormat[] | 'all'
  /** What can have changed: only what metadata tells, such as dates, or the picture, too. */
  asks: 'metadata' | 'picture'
}

/** Oldest first. The first stands for all that changed before rows said anything of it. */
export const CHANGES: readonly Change[] = [
  {
    what: 'marks of damage, pictures that browsers show otherwise, formats, dates that lie ahead',
    formats: 'all',
    asks: 'picture'
  },
  {
    what: 'colours of a HEIC that are named at its tiles only',
    formats: ['heic'],
    asks: 'picture'
  },
  {
    what: 'cameras, lenses, how photos were taken, and where',
    formats: 'all',
    asks: 'metadata'
  },
  {
    what: 'animated PNGs that count their frames wrong, names of rare TIFFs',
    formats: [],
    asks: 'picture'
  }
]

/** The number of today's judgement. */
export const JUDGEMENT = CHANGES.length

/**
 * What of a photo is to be looked at again that was last looked at by an older judgement: null for
 * nothing. `format`: null where it is not known.
 */
export function changedSince(
  judgement: number,
  format: string | null,
  changes = CHANGES
): Change['asks'] | null {
  const asks = changes
    .slice(judgement)
    .filter(({ formats }) => formats === 'all' || format === null || includes(formats, format))
    .map((change) => change.asks)
  return asks.includes('picture') ? 'picture' : (asks[0] ?? null)
}

function includes(formats: readonly string[], format: string): boolean {
  return formats.includes(format)
}
