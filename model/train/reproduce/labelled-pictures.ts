// Labelled pictures of 32x32 pixels, as the papers' benchmark takes them. Pure.
import { randomAt, shuffled } from './draws.ts'

/** Pixels of a side. */
export const SIDE = 32
/** Numbers of a picture. */
export const PICTURE = 3 * SIDE * SIDE

export interface Pictures {
  /** RGB planes, 0..255: [n, 3, 32, 32]. */
  readonly pixels: Uint8Array
  /** The class of each, [n]. */
  readonly labels: Uint16Array
}

/** Some pictures, in the order of the rows given. */
export function picturesAt({ pixels, labels }: Pictures, rows: ArrayLike<number>): Pictures {
  const part = new Uint8Array(rows.length * PICTURE)
  for (let i = 0; i < rows.length; i++)
    part.set(pixels.subarray(rows[i]! * PICTURE, (rows[i]! + 1) * PICTURE), i * PICTURE)
  return { pixels: part, labels: Uint16Array.from(rows, (row) => labels[row]!) }
}

/**
 * Rows of `count` pictures, as many of each class as the classes have (one of each in turn until
 * they are enough), in an order of the seed.
 * @throws RangeError when there are fewer
 */
export function balancedRows(labels: Uint16Array, count: number, seed: number): Uint32Array {
  if (count > labels.length)
    throw new RangeError(`pictures: expected at most ${labels.length}, got ${count}`)
  const classes = new Map<number, number[]>()
  for (const row of shuffled(labels.length, randomAt(seed, 'part'))) {
    const rows = classes.get(labels[row]!) ?? []
    classes.set(labels[row]!, rows)
    rows.push(row)
  }
  const inOrder = [...classes.keys()].sort((a, b) => a - b).map((label) => classes.get(label)!)
  const chosen: number[] = []
  for (let turn = 0; chosen.length < count; turn++)
    for (const rows of inOrder)
      if (turn < rows.length && chosen.length < count) chosen.push(rows[turn]!)
  const order = shuffled(count, randomAt(seed, 'part', 1))
  return Uint32Array.from(order, (at) => chosen[at]!)
}
