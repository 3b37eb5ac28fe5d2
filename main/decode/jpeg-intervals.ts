// The pieces between the restart markers of a JPEG, each in its place, though markers are missing,
// doubled or swapped; and what to put where there is none. Pure; bytes are untrusted.
import { joined } from './bytes.ts'
import { flatUnits } from './jpeg-fill.ts'
import type { Piece, Scan } from './jpeg-layout.ts'
import type { Grid } from './jpeg-walk.ts'

/** Bytes that decoders are to see in place of others. */
export interface Edit {
  from: number
  to: number
  bytes: Uint8Array
}

export interface Intervals {
  /** The piece of each interval; undefined for one that is missing. */
  pieces: readonly (Piece | undefined)[]
  /** After which every interval is there and the markers count up. */
  edits: Edit[]
}

/** Pieces that a scan should have. */
export function intervalsOf({ interval }: Scan, { count }: Grid): number {
  return interval > 0 ? Math.ceil(count / interval) : 1
}

/** True for a piece whose marker has the number of its place. */
export function isInTurn({ number }: Piece, place: number): boolean {
  return number === undefined || number === (place - 1) % 8
}

/**
 * The piece of each interval, by the numbers of the markers, which count to 8. Where as many pieces
 * are there as should be, they are in order. Where numbers jump, all that are missing are missing
 * there, if that fits; else as many as decoders guess.
 */
export function inTurn(scan: Scan, grid: Grid): Intervals {
  const count = intervalsOf(scan, grid)
  const pieces: (Piece | undefined)[] = Array.from({ length: count }, () => undefined)
  const edits: Edit[] = []
  const filled = (first: number, end: number): Uint8Array => filledIn(scan, grid, first, end)
  let missing = count - scan.pieces.length
  let next = 0
  for (const piece of scan.pieces) {
    const isFirst = next === 0
    const ahead = missing === 0 || isFirst ? 0 : ((piece.number ?? 0) - (next - 1)) & 7
    if ((missing < 0 && ahead >= 6) || next >= count) {
      missing++ // it is one of those before, or comes after the last
      edits.push({ from: piece.begin - 2, to: piece.next, bytes: new Uint8Array(0) })
      continue
    }
    const jump = ahead === missing % 8 ? missing : ahead <= 2 ? ahead : 0
    const place = isFirst ? 0 : Math.min(next + Math.max(0, jump), count - 1)
    if (place !== next || !isInTurn(piece, place)) {
      const bytes = joined([filled(next, place), markerBefore(place)])
      edits.push({ from: piece.begin - 2, to: piece.begin, bytes })
    }
    missing -= place - next
    pieces[place] = piece
    next = place + 1
  }
  const end = scan.pieces.at(-1)?.next ?? 0
  if (next < count) edits.push({ from: end, to: end, bytes: filled(next, count) })
  return { pieces, edits }
}

function markerBefore(place: number): Uint8Array {
  return Uint8Array.of(0xff, 0xd0 + ((place - 1) & 7))
}

/** Markers and even pixels for intervals that are missing, from one to before another. */
function filledIn(scan: Scan, grid: Grid, first: number, end: number): Uint8Array {
  const parts: Uint8Array[] = []
  for (let place = first; place < end; place++) {
    const units = Math.min(scan.interval, grid.count - place * scan.interval)
    parts.push(markerBefore(place), flatUnits(scan, units))
  }
  return joined(parts)
}
