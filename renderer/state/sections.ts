// Tiles in two sections, one below the other with a heading between them: where they lie, and where
// keys lead. Pure; runs in the page.
import { layRows, nearestTile, placeRow, rowCount, rowHeight, stepFrom, totalHeight } from './rows.ts'
import type { Rows, Step } from './rows.ts'

export interface Place {
  left: number // CSS pixels, as the others
  top: number
  width: number
  height: number // of the picture
}

export interface Sections {
  places: Place[]
  /** Where the heading between them begins; undefined where all tiles are in one section. */
  headingTop: number | undefined
  height: number
  parts: readonly { rows: Rows; aspects: Float32Array; first: number }[]
}

export interface SectionsOptions {
  width: number
  target: number // height of a row's pictures
  gap: number
  caption: number
  heading: number // height that it takes, gaps included
}

/**
 * Lays tiles in two sections.
 * @param aspects width / height of each [n]
 * @param second the place of the first one of the second section: 0 or n for a single section,
 *   with a heading above it where it is 0 and there are any
 */
export function laySections(
  aspects: Float32Array,
  second: number,
  { width, target, gap, caption, heading }: SectionsOptions
): Sections {
  const bounds = [0, second, aspects.length]
  const places: Place[] = []
  const parts: Sections['parts'][number][] = []
  let headingTop: number | undefined
  let top = 0
  for (const [part, first] of bounds.slice(0, 2).entries()) {
    const own = aspects.subarray(first, bounds[part + 1])
    if (own.length === 0) continue
    if (part === 1) {
      headingTop = top
      top += heading
    }
    const rows = layRows(own, width, target, gap, caption)
    for (let row = 0; row < rowCount(rows); row++) {
      const tiles = placeRow(rows, own, row)
      for (let i = 0; 2 * i < tiles.length; i++)
        places.push({
          left: tiles[2 * i] ?? 0,
          width: tiles[2 * i + 1] ?? 0,
          top: top + (rows.tops[row] ?? 0),
          height: rowHeight(rows, row)
        })
    }
    parts.push({ rows, aspects: own, first })
    top += totalHeight(rows) + gap
  }
  return { places, headingTop, height: Math.max(0, top - gap), parts }
}

/** The tile that a step from tile `index` leads to: across the heading, to the nearest one. */
export function stepAcross(
  { parts, places }: Sections,
  index: number,
  step: Step,
  pageHeight: number
): number {
  const last = places.length - 1
  if (step === 'left') return Math.max(0, index - 1)
  if (step === 'right') return Math.min(last, index + 1)
  if (step === 'first') return 0
  if (step === 'last') return last
  const at = parts.filter(({ first }) => first <= index).length - 1
  const part = parts[at]
  if (!part) return index
  const to = part.first + stepFrom(part.rows, part.aspects, index - part.first, step, pageHeight)
  if (to !== index) return to
  const isUp = step === 'up' || step === 'page-up'
  const next = parts[at + (isUp ? -1 : 1)]
  if (!next) return index
  const row = isUp ? rowCount(next.rows) - 1 : 0
  const tile = nearestTile(placeRow(next.rows, next.aspects, row), middleOf(places[index]))
  return next.first + (next.rows.starts[row] ?? 0) + tile
}

function middleOf(place: Place | undefined): number {
  return place ? place.left + place.width / 2 : 0
}
