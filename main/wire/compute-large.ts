// What compute offers of photos and other pictures that are looked at large; a part of its
// contract. Pure. See [Note: large picture].
import * as v from 'valibot'
import { TilePlace, LargeSide } from './large-picture.ts'

const bytes = v.instance<new () => Uint8Array>(Uint8Array) // over whatever buffer

/** A file whose bytes must have this SHA-256 (lower-case hexadecimal), else Fault not-found. */
const HashedFile = { path: v.string(), hash: v.string() }

export const largeMethods = {
  /** A JPEG of a whole photo. Throws a Fault. */
  large: { argument: v.object({ ...HashedFile, side: LargeSide }), result: v.object({ bytes }) },
  /** A JPEG of a tile of it; Fault not-found where there is no such tile, too. */
  part: {
    argument: v.object({ ...HashedFile, ...TilePlace.entries }),
    result: v.object({ bytes })
  },
  /** A JPEG of a picture that is not in the library, as of a photo. Throws a Fault. */
  draw: { argument: v.object({ bytes, side: LargeSide }), result: v.object({ bytes }) }
} as const
