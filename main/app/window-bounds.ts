// Remembers where the window was, between runs. Runs in app.
import { readFileSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'

const whole = v.pipe(v.number(), v.integer())

const Bounds = v.object({
  x: v.optional(whole),
  y: v.optional(whole),
  width: v.pipe(whole, v.minValue(480)),
  height: v.pipe(whole, v.minValue(360))
})
export type Bounds = v.InferOutput<typeof Bounds>

export interface Area {
  x: number
  y: number
  width: number
  height: number
}

const FIRST_BOUNDS: Bounds = { width: 1280, height: 860 }

/**
 * Reads the bounds that were kept in `file`; those of a first run when there are none that make
 * sense.
 */
export function readBounds(file: string): Bounds {
  try {
    return v.parse(Bounds, JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return FIRST_BOUNDS
  }
}

/** Keeps the bounds in `file`. Throws what the disk says. */
export function writeBounds(file: string, bounds: Area): void {
  writeFileSync(file, JSON.stringify(bounds))
}

/**
 * The bounds if their middle lies on one of the screens; else only their size, and the system
 * places it.
 */
export function onScreen(bounds: Bounds, screens: readonly Area[]): Bounds {
  const { x, y, width, height } = bounds
  if (x === undefined || y === undefined) return { width, height }
  const middle = { x: x + width / 2, y: y + height / 2 }
  const visible = screens.some(
    (screen) =>
      middle.x >= screen.x &&
      middle.x < screen.x + screen.width &&
      middle.y >= screen.y &&
      middle.y < screen.y + screen.height
  )
  return visible ? bounds : { width, height }
}
