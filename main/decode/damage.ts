// What is known of a damaged file: how much of its picture is there, and the file mended so that
// every decoder shows that and nothing else. Pure; used by both decoders before they decode.
//
// [Note: damage] Decoders differ in what they make of damage, and say it in words of their own, or
// not at all. So their opinion is not asked: the bytes are judged here, alike for both. A picture
// of which nine tenths came out is read and marked. Of less, kin would be found by what decoders
// fill in: it is refused.
import type { DamageKind, Pixels } from '../wire/decoder-contract.ts'
import { corrupt } from './decoder.ts'
import type { OrientationValue } from './orientation.ts'

/** The share of a picture that must have come out. */
const LEAST_SOUND = 0.9

/** What is wrong with a picture of which enough came out. */
export interface Damage {
  kind: DamageKind
  /** The share of its rows, as stored, before those that are missing at its end. */
  rows: number
}

/** A file as it is to be decoded. */
export interface Decodable {
  /** The bytes as they came, or others. */
  bytes: Uint8Array<ArrayBuffer>
  /** Null for a file of which nothing is lost. */
  damage: Damage | null
}

/** What became of the parts of a picture, from the top. */
export class Losses {
  readonly #isLost: Uint8Array
  readonly #across: number

  /** @param across parts side by side, of one size; @param down and below each other */
  constructor(across: number, down: number) {
    this.#across = across
    this.#isLost = new Uint8Array(across * down)
  }

  lose(column: number, row: number): void {
    this.#isLost[row * this.#across + column] = 1
  }

  loseAll(): void {
    this.#isLost.fill(1)
  }

  /**
   * Null where nothing was lost. `rowHeight` and `height` in pixels, as stored. Throws a Fault
   * `corrupt-photo` where too little is left.
   */
  damage(rowHeight: number, height: number, subject: string): Damage | null {
    const first = this.#isLost.indexOf(1)
    if (first === -1) return null
    const lost = this.#isLost.reduce((sum, one) => sum + one, 0)
    const isEnd = lost === this.#isLost.length - first
    const sound = 1 - lost / this.#isLost.length
    checkIsEnough(sound, isEnd, subject)
    const rows = Math.min(1, (Math.floor(first / this.#across) * rowHeight) / height)
    return isEnd ? { kind: 'end-missing', rows } : { kind: 'part-broken', rows: 1 }
  }
}

/** Throws a Fault `corrupt-photo` where this share of a picture is too little. */
export function checkIsEnough(sound: number, isEnd: boolean, subject: string): void {
  if (sound >= LEAST_SOUND) return
  const percent = Math.floor(100 * sound)
  if (percent === 0) throw corrupt(subject, 'a picture of which nothing is left')
  throw corrupt(
    subject,
    isEnd ? `a picture that ends after ${percent} %` : `a picture of which ${percent} % are left`
  )
}

/** Damage as it is told of upright pixels: stored rows may lie any way in them. */
export function uprightDamage(
  damage: Damage | null,
  orientation: OrientationValue = 1
): Pixels['damage'] {
  if (!damage) return null
  const { kind, rows } = damage
  const isTurned = orientation >= 5
  const isFromEnd = [3, 4, 6, 7].includes(orientation) // the first row is the last, or at the right
  const [left, top] = isFromEnd ? (isTurned ? [1 - rows, 0] : [0, 1 - rows]) : [0, 0]
  const [width, height] = isTurned ? [rows, 1] : [1, rows]
  return { kind, sound: { left, top, width, height } }
}
