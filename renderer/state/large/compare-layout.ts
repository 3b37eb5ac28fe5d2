// How photos that are compared share a window: so that as much as can be seen of them is. Pure;
// runs in the page.
import { fitted, type Size } from './zoom-geometry.ts'

/** What is around the photos, CSS pixels. */
export interface Edges {
  gap: number // between two
  caption: number // below each
}

export interface Layout {
  columns: number
  /** Of what each photo is shown in, whole CSS pixels, without its caption. */
  field: Size
}

/**
 * The columns in which photos are largest, all together; of two ways that are as good the one with
 * fewer rows, so that like lies beside like.
 * @param area CSS pixels
 * @param photos in pixels; at least one
 */
export function laidOut(area: Size, photos: readonly Size[], { gap, caption }: Edges): Layout {
  const layouts = photos.map((_, i) => {
    const columns = photos.length - i
    const rows = Math.ceil(photos.length / columns)
    const side = (all: number, parts: number): number =>
      Math.floor((all - gap * (parts - 1)) / parts)
    const field = {
      width: Math.max(1, side(area.width, columns)),
      height: Math.max(1, side(area.height, rows) - caption)
    }
    return { columns, field }
  })
  const seen = ({ field }: Layout): number =>
    photos.reduce((sum, photo) => {
      const { width, height } = fitted({ photo, field, density: 1 })
      return sum + width * height
    }, 0)
  return layouts.reduce((best, one) => (seen(one) > seen(best) * 1.01 ? one : best))
}

/** The place that an arrow key leads to from another, in rows of so many columns. */
export function placeBeside(
  place: number,
  [across, down]: readonly [number, number],
  count: number,
  columns: number
): number {
  const next = place + across + down * columns
  if (next >= 0 && next < count) return next
  // From above the gap in a last row that is not full, down leads to the row's end.
  const lastRow = Math.floor((count - 1) / columns)
  return down > 0 && Math.floor(place / columns) < lastRow ? count - 1 : place
}
