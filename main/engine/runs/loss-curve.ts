// The curve of the loss, thinned as it grows. Pure.
import type { CurvePoint } from '../../wire/learning-contract.ts'

/** Points that are kept; with one more, every second one goes. */
const MOST = 400

/** A curve to which points are added. */
export class Curve {
  #points: CurvePoint[] = []
  #every = 1
  #passed = 0

  get points(): CurvePoint[] {
    return this.#points
  }

  add(point: CurvePoint): void {
    if (this.#passed++ % this.#every !== 0) return
    this.#points.push(point)
    if (this.#points.length <= MOST) return
    this.#points = this.#points.filter((_, place) => place % 2 === 0)
    this.#every *= 2
  }

  clear(): void {
    this.#points = []
    this.#every = 1
    this.#passed = 0
  }
}
