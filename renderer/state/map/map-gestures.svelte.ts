// Drags, wheels and fingers on the map: what they mean for the framing, and the line that is drawn
// around photos. Runs in the page.
import type { MapCamera } from './map-camera.svelte.ts'
import { placeAt } from './map-framing.ts'
import type { Point } from '../large/zoom-geometry.ts'

/** A press that moves less is a click, CSS pixels. */
const SLOP = 4
/** How much nearer one comes for a pixel of the wheel; a pinch on a trackpad turns less far. */
const WHEEL = 0.0016
const PINCH = 0.01

/** Listens in one field. */
export class MapGestures {
  readonly #camera: MapCamera
  readonly #onLasso: (line: readonly Point[]) => void
  readonly #pressed = new Map<number, Point>()
  #began: Point | undefined
  #draws = false
  #wasDrag = false
  /** What is drawn around photos, in CSS pixels of the field. */
  #line = $state.raw<readonly Point[]>([])

  /** @param onLasso told of a closed line, in places of the map */
  constructor(camera: MapCamera, onLasso: (line: readonly Point[]) => void) {
    this.#camera = camera
    this.#onLasso = onLasso
  }

  get line(): readonly Point[] {
    return this.#line
  }

  /** The press that has just ended moved something: it is no click. */
  get wasDrag(): boolean {
    return this.#wasDrag
  }

  /** An attachment. @param draws whether a drag draws a line; with Shift it always does */
  listen(draws: () => boolean): (field: HTMLElement) => () => void {
    return (field) => {
      const listening = new AbortController()
      const { signal } = listening
      const at = (event: MouseEvent): Point => {
        const box = field.getBoundingClientRect()
        return { x: event.clientX - box.left, y: event.clientY - box.top }
      }
      field.addEventListener('pointerdown', (event) => this.#press(event, at(event), draws()), {
        signal
      })
      field.addEventListener('pointermove', (event) => this.#move(event, at(event), field), {
        signal
      })
      for (const name of ['pointerup', 'pointercancel'] as const)
        field.addEventListener(name, (event) => this.#release(event), { signal })
      const wheel = (event: WheelEvent): void => {
        event.preventDefault()
        const isInLines = event.deltaMode === WheelEvent.DOM_DELTA_LINE
        const pixels = isInLines ? event.deltaY * 33 : event.deltaY
        this.#camera.zoom(Math.exp(-pixels * (event.ctrlKey ? PINCH : WHEEL)), at(event))
      }
      field.addEventListener('wheel', wheel, { signal, passive: false })
      // Before all others that Escape means something to.
      const giveUp = (event: KeyboardEvent): void => {
        if (event.key !== 'Escape' || !this.#began || !this.#draws) return
        this.#line = []
        this.#began = undefined // until the pointer is pressed again, nothing follows it
        event.stopPropagation()
      }
      field.ownerDocument.addEventListener('keydown', giveUp, { signal, capture: true })
      return () => listening.abort()
    }
  }

  #press(event: PointerEvent, point: Point, draws: boolean): void {
    if (event.button !== 0) return
    this.#pressed.set(event.pointerId, point)
    if (this.#pressed.size > 1) return
    this.#began = point
    this.#wasDrag = false
    this.#draws = draws || event.shiftKey
    this.#line = []
  }

  #move(event: PointerEvent, point: Point, field: HTMLElement): void {
    const former = this.#pressed.get(event.pointerId)
    if (!former || !this.#began) return
    // The press ended where nobody told of it: outside of the field, before it was a drag.
    if (event.buttons === 0) return this.#release(event)
    if (!this.#wasDrag) {
      if (distance(point, this.#began) < SLOP) return
      this.#wasDrag = true
      field.setPointerCapture(event.pointerId)
    }
    this.#pressed.set(event.pointerId, point)
    if (this.#draws) {
      this.#line = [...this.#line, point]
      return
    }
    const other = [...this.#pressed].find(([pointer]) => pointer !== event.pointerId)?.[1]
    if (other) {
      const factor = distance(point, other) / Math.max(1, distance(former, other))
      this.#camera.zoom(factor, { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 })
    } else this.#camera.move({ x: point.x - former.x, y: point.y - former.y })
  }

  #release(event: PointerEvent): void {
    if (!this.#pressed.delete(event.pointerId) || this.#pressed.size > 0) return
    const { framing, size } = this.#camera
    const line = this.#line
    this.#line = []
    this.#began = undefined
    if (this.#draws && event.type === 'pointerup' && line.length > 2)
      this.#onLasso(line.map((point) => placeAt(framing, size, point)))
  }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
