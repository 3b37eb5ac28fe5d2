// A part of a picture that is drawn, moved and resized. Pure; runs in the page. Crops are shares of
// the upright picture's width and height; they are never changed, each function gives a new one.
import type { Crop } from '../../main/wire/query-contract.ts'

/** A part is never smaller than this, either way. */
export const SMALLEST = 0.06
/** One press of an arrow key. */
export const STEP = 0.02

/** The middle of the picture: where drawing by keys begins. */
export const MIDDLE: Crop = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 }

interface Point {
  x: number
  y: number
}

/** The part between two points, as one drags; at least the smallest, inside the picture. */
export function between(from: Point, to: Point): Crop {
  const width = Math.max(SMALLEST, Math.abs(to.x - from.x))
  const height = Math.max(SMALLEST, Math.abs(to.y - from.y))
  return held({ left: Math.min(from.x, to.x), top: Math.min(from.y, to.y), width, height })
}

/** Moved by shares of the picture, stopping at its edges. */
export function moved(crop: Crop, x: number, y: number): Crop {
  return held({ ...crop, left: crop.left + x, top: crop.top + y })
}

/** Made larger or smaller to the right and below; what lies at the edge grows no further. */
export function resized(crop: Crop, x: number, y: number): Crop {
  const width = Math.min(1 - crop.left, Math.max(SMALLEST, crop.width + x))
  const height = Math.min(1 - crop.top, Math.max(SMALLEST, crop.height + y))
  return { ...crop, width, height }
}

/** True for a drag that was only a click. */
export function isClick(from: Point, to: Point): boolean {
  return Math.abs(to.x - from.x) < SMALLEST / 3 && Math.abs(to.y - from.y) < SMALLEST / 3
}

/** The part in words, for those who do not see it. */
export function cropInWords(crop: Crop): string {
  const share = (value: number): string => `${Math.round(value * 100)} %`
  return (
    `${share(crop.width)} wide and ${share(crop.height)} high, ` +
    `${share(crop.left)} from the left and ${share(crop.top)} from the top`
  )
}

function held(crop: Crop): Crop {
  const width = Math.min(1, crop.width)
  const height = Math.min(1, crop.height)
  const left = Math.min(1 - width, Math.max(0, crop.left))
  const top = Math.min(1 - height, Math.max(0, crop.top))
  return { left, top, width, height }
}
