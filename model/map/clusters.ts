// Clusters of a map, as one sees them: where photos lie dense, with the emptier ground around it.
// The plane is cut into cells; each belongs to the peak of density that it leads up to, and peaks
// that are hardly apart are one. Pure; the same places, the same clusters. What comes later belongs
// to the cluster of its cell, so no photo changes its cluster while the map stays.

/** Cells along each side of the square from -1 to 1 in which a map lies. */
export const SIDE = 96
/** How far density is spread, in cells: blots of this size are one. */
const SPREAD = 1.6
/** A peak whose saddle to a higher one is at least so high, of its own height, is part of that. */
const HARDLY_APART = 0.6
/** Smaller clusters than this share of the photos belong to the nearest other one. */
const LEAST_SHARE = 0.004
/** Clusters at most. */
export const MOST_CLUSTERS = 60

/** The cluster of each cell [SIDE * SIDE], row by row: 0 has the most photos. */
export type Cells = Uint8Array

/** The cell of a place; what lies beyond the square belongs to its edge. */
export function cellOf(x: number, y: number): number {
  return coordinate(y) * SIDE + coordinate(x)
}

function coordinate(value: number): number {
  return Math.max(0, Math.min(SIDE - 1, Math.floor(((value + 1) / 2) * SIDE)))
}

/** Finds the clusters of places [n, 2]. */
export function clustersOf(places: Float32Array): Cells {
  const counts = new Float64Array(SIDE * SIDE)
  for (let i = 0; i < places.length; i += 2) counts[cellOf(places[i]!, places[i + 1]!)]!++
  const density = blurred(blurred(counts, 1), SIDE)
  const labels = labelled(density)
  const photos = new Map<number, number>()
  labels.forEach((label, cell) => {
    if (label >= 0) photos.set(label, (photos.get(label) ?? 0) + counts[cell]!)
  })
  const largest = [...photos].sort(([a, n], [b, m]) => m - n || a - b)
  const least = (LEAST_SHARE * places.length) / 2
  const kept = largest.slice(0, MOST_CLUSTERS).filter(([, n], i) => i === 0 || n >= least)
  return filled(labels, new Map(kept.map(([label], number) => [label, number])))
}

/** Sums along rows (step 1) or columns (step SIDE), weighted by a bell. */
function blurred(values: Float64Array, step: number): Float64Array {
  const reach = Math.ceil(3 * SPREAD)
  const bell = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * SPREAD * SPREAD))
  )
  const other = step === 1 ? SIDE : 1
  const sums = new Float64Array(values.length)
  for (let line = 0; line < SIDE; line++)
    for (let at = 0; at < SIDE; at++)
      for (let by = -reach; by <= reach; by++) {
        if (at + by < 0 || at + by >= SIDE) continue
        const value = values[line * other + (at + by) * step]!
        sums[line * other + at * step]! += bell[by + reach]! * value
      }
  return sums
}

/** The peak [SIDE * SIDE] that each cell leads up to, by the number of its cell; -1: empty. */
function labelled(density: Float64Array): Int32Array {
  const labels = new Int32Array(density.length).fill(-1)
  const top = density.reduce((most, value) => Math.max(most, value), 0)
  const order = [...density.keys()]
    .filter((cell) => density[cell]! > top * 1e-4)
    .sort((a, b) => density[b]! - density[a]! || a - b)
  const partOf = new Map<number, number>() // peaks that are part of a higher one
  const peakOf = (cell: number): number => {
    let peak = labels[cell]!
    for (let next = partOf.get(peak); next !== undefined; next = partOf.get(peak)) peak = next
    return peak
  }
  for (const cell of order) {
    const around = neighbours(cell).filter((one) => labels[one]! >= 0)
    const peaks = [...new Set(around.map(peakOf))].sort(
      (a, b) => density[b]! - density[a]! || a - b
    )
    const highest = peaks[0] ?? cell
    labels[cell] = around[0] === undefined ? cell : labels[steepest(density, around)]!
    // Here the slopes of several peaks meet.
    for (const peak of peaks.slice(1))
      if (density[cell]! >= HARDLY_APART * density[peak]!) partOf.set(peak, highest)
  }
  return labels.map((label, cell) => (label < 0 ? -1 : peakOf(cell)))
}

function steepest(density: Float64Array, cells: readonly number[]): number {
  return cells.reduce((best, cell) => (density[cell]! > density[best]! ? cell : best))
}

function neighbours(cell: number): number[] {
  const [x, y] = [cell % SIDE, Math.floor(cell / SIDE)]
  const found: number[] = []
  for (let dy = -1; dy <= 1; dy++)
    for (let dx = -1; dx <= 1; dx++) {
      const [u, v] = [x + dx, y + dy]
      if ((dx || dy) && u >= 0 && v >= 0 && u < SIDE && v < SIDE) found.push(v * SIDE + u)
    }
  return found
}

/** Numbers by label; cells of other labels, and empty ones, get that of the nearest cell. */
function filled(labels: Int32Array, numbers: ReadonlyMap<number, number>): Cells {
  const cells = new Uint8Array(labels.length)
  const isFilled = new Uint8Array(labels.length)
  let edge: number[] = []
  labels.forEach((label, cell) => {
    const number = numbers.get(label)
    if (number === undefined) return
    cells[cell] = number
    isFilled[cell] = 1
    edge.push(cell)
  })
  while (edge.length > 0) {
    const next: number[] = []
    for (const cell of edge)
      for (const other of neighbours(cell)) {
        if (isFilled[other]) continue
        cells[other] = cells[cell]!
        isFilled[other] = 1
        next.push(other)
      }
    edge = next
  }
  return cells
}
