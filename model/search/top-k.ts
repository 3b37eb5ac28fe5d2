// The k best of a stream of (distance, id): a bounded heap whose worst is on top. Pure.
import type { Matches } from './code-index.ts'

/** Whether (distance, id) comes after (otherDistance, otherId) in the order of results. */
function after(distance: number, id: number, otherDistance: number, otherId: number): boolean {
  return distance > otherDistance || (distance === otherDistance && id > otherId)
}

/** Keeps the k least by (distance, id). Distances are held in f32. */
export class TopK {
  readonly #k: number
  readonly #ids: Uint32Array
  readonly #distances: Float32Array
  #size = 0

  constructor(k: number) {
    this.#k = k
    this.#ids = new Uint32Array(k)
    this.#distances = new Float32Array(k)
  }

  /** A larger distance is not taken: infinite until k are held, -Infinity for k = 0. */
  get limit(): number {
    if (this.#k === 0) return -Infinity
    return this.#size < this.#k ? Infinity : this.#distances[0]!
  }

  /** Takes one in, if it is among the k best so far. Distances must not be NaN. */
  offer(id: number, distance: number): void {
    const ids = this.#ids
    const distances = this.#distances
    let at: number
    if (this.#size < this.#k) {
      at = this.#size++
      for (let parent = (at - 1) >> 1; at > 0; at = parent, parent = (at - 1) >> 1) {
        if (!after(distance, id, distances[parent]!, ids[parent]!)) break
        distances[at] = distances[parent]!
        ids[at] = ids[parent]!
      }
    } else {
      if (this.#k === 0 || !after(distances[0]!, ids[0]!, distance, id)) return
      at = this.#sink(id, distance)
    }
    distances[at] = distance
    ids[at] = id
  }

  /** Where (distance, id) belongs once the worst has left from the top; those above it move up. */
  #sink(id: number, distance: number): number {
    const ids = this.#ids
    const distances = this.#distances
    let at = 0
    for (let child = 1; child < this.#size; child = 2 * at + 1) {
      const right = child + 1
      if (
        right < this.#size &&
        after(distances[right]!, ids[right]!, distances[child]!, ids[child]!)
      )
        child = right
      if (!after(distances[child]!, ids[child]!, distance, id)) break
      distances[at] = distances[child]!
      ids[at] = ids[child]!
      at = child
    }
    return at
  }

  /** Those held, best first. */
  sorted(): Matches {
    const order = Array.from({ length: this.#size }, (_, i) => i).sort((a, b) => {
      const [x, y] = [this.#distances[a]!, this.#distances[b]!]
      return x === y ? this.#ids[a]! - this.#ids[b]! : x - y
    })
    return {
      ids: Uint32Array.from(order, (i) => this.#ids[i]!),
      distances: Float32Array.from(order, (i) => this.#distances[i]!)
    }
  }
}
