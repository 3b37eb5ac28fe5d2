// Whether two pictures show the same, one resized, saved again, brightened, grey, turned, mirrored,
// cropped a little or framed: their fingerprints are laid over each other and compared. Pure.
//
// A turn or a mirroring is one of the eight symmetries of a square; those by which the pictures
// agree best are tried, and there one is laid over the other: either may be the one that shows
// more.
import { DEVIATION, FINGERPRINT_BYTES, GREY_AT, MIDDLE, SIDE } from './fingerprint.ts'
import { correlation, laidOver, shownAt, softened } from './lay-over.ts'

const HALF = SIDE / 2
/** Agreement (correlation) of what was laid over each other: at least, for the same picture. */
const SAME = 0.94
/** The same in a quarter of the cells, before anything was moved: less is not looked at. */
const LIKELY = 0.5
/** Levels: mean colour of what may be grey, and the distance of mean colours that are others. */
const GREY = 3
const OTHER_COLOUR = 14
/** Symmetries that are tried, those that agree best. */
const TRIED = 3
/** Where a picture is the inner part of another, the search begins at this share of its sides. */
const INNER = 0.86

/** Means of the colour differences Cb and Cr, levels. */
interface Colour {
  blue: number
  red: number
}

/** A fingerprint made ready to be compared many times. */
export interface Print extends Colour {
  fine: Float32Array // [SIDE, SIDE], mean 0, deviation 1
  coarse: Float32Array // [SIDE / 2, SIDE / 2], the means of four
  // coarse and the same of its middle, INNER of its width and height: mean 0, length 1
  unitCoarse: Float32Array
  unitInner: Float32Array
}

/** Makes a fingerprint ready. */
export function printOf(fingerprint: Uint8Array): Print {
  if (fingerprint.length !== FINGERPRINT_BYTES)
    throw new RangeError(`expected ${FINGERPRINT_BYTES} bytes, got ${fingerprint.length}`)
  const fine = new Float32Array(SIDE * SIDE)
  const coarse = new Float32Array(HALF * HALF)
  const [side, begin, middle, deviation] = [SIDE, GREY_AT, MIDDLE, DEVIATION]
  for (let y = 0, at = 0; y < side; y++)
    for (let x = 0; x < side; x++, at++) {
      const value = (fingerprint[begin + at]! - middle) / deviation
      fine[at] = value
      coarse[(y >> 1) * HALF + (x >> 1)]! += value / 4
    }
  const unitInner = unit(shownAt([INNER, 0, INNER, 0], coarse, HALF))
  return { fine, coarse, unitCoarse: unit(coarse), unitInner, ...colourOf(fingerprint) }
}

/** Cells with mean 0 and length 1; zeros where all are equal. */
function unit(cells: Float32Array): Float32Array {
  const n = cells.length
  let [sum, squares] = [0, 0]
  for (let i = 0; i < n; i++) {
    sum += cells[i]!
    squares += cells[i]! ** 2
  }
  const mean = sum / n
  const length = Math.sqrt(Math.max(0, squares - sum * mean))
  const found = new Float32Array(n)
  if (length > 0) for (let i = 0; i < n; i++) found[i] = (cells[i]! - mean) / length
  return found
}

/**
 * Numbers [5] that a picture has in common with itself turned and mirrored, of the size of its
 * deviation: means of its cosines of even frequencies (DCT-II), which mirroring does not change,
 * and a turn by 90 degrees only swaps.
 */
export function turnKeyOf({ fine }: Print): number[] {
  return FREQUENCIES.map(([u, v]) => {
    let sum = 0
    for (let y = 0, at = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++, at++)
        sum += fine[at]! * (WAVES[u]![x]! * WAVES[v]![y]! + WAVES[v]![x]! * WAVES[u]![y]!)
    return sum / (SIDE * SIDE)
  })
}

const FREQUENCIES = [
  [0, 2],
  [2, 2],
  [0, 4],
  [2, 4],
  [4, 4]
] as const
const WAVES = [0, 1, 2, 3, 4].map((frequency) =>
  Float64Array.from({ length: SIDE }, (_, x) => Math.cos((Math.PI * frequency * (x + 0.5)) / SIDE))
)

/** The places of a picture [side, side] that its symmetry number 0 to 7 takes its cells from. */
function placesOf(side: number, symmetry: number): Uint16Array {
  const places = new Uint16Array(side * side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [a, b] = symmetry & 4 ? [y, x] : [x, y]
      const column = symmetry & 1 ? side - 1 - a : a
      const row = symmetry & 2 ? side - 1 - b : b
      places[y * side + x] = row * side + column
    }
  return places
}

const SYMMETRIES = [...Array(8).keys()]
const FINE = SYMMETRIES.map((symmetry) => placesOf(SIDE, symmetry))
const COARSE = SYMMETRIES.map((symmetry) => placesOf(HALF, symmetry))

/** How well two pictures agree once one is laid over the other: 1 where they are equal. */
export function agreement(one: Print, other: Print): number {
  let best = 0
  if (isOfOtherColour(one, other)) return best
  for (const { symmetry, inside } of likely(one, other)) {
    const turned = turnedBy(other, symmetry)
    const share = inside === 'neither' ? 1 : INNER
    if (inside === 'neither')
      best = Math.max(best, correlation(softened(one.fine), softened(turned.fine)))
    if (best >= SAME) return best
    if (inside !== 'other') best = Math.max(best, laidOver(one, turned, share))
    if (best >= SAME) return best
    if (inside !== 'one') best = Math.max(best, laidOver(turned, one, share))
    if (best >= SAME) return best
  }
  return best
}

/** Two pictures of which neither is grey, in other colours: they are not the same. */
function isOfOtherColour(one: Colour, other: Colour): boolean {
  const isGrey = ({ blue, red }: Colour): boolean => Math.hypot(blue, red) <= GREY
  if (isGrey(one) || isGrey(other)) return false
  return Math.hypot(one.blue - other.blue, one.red - other.red) > OTHER_COLOUR
}

/** The same of a fingerprint that was not made ready: a third of those that come near are. */
export function areOfOtherColours(one: Print, other: Uint8Array): boolean {
  return isOfOtherColour(one, colourOf(other))
}

function colourOf(fingerprint: Uint8Array): Colour {
  return { blue: fingerprint[1]! - MIDDLE, red: fingerprint[2]! - MIDDLE }
}

/** How one picture may lie over the other: turned, and as the inner part of it. */
interface Guess {
  symmetry: number
  inside: 'one' | 'other' | 'neither'
  likeness: number
}

/** The guesses by which two pictures agree best, before anything is moved. */
function likely(one: Print, other: Print): Guess[] {
  const guesses: Guess[] = []
  for (const symmetry of SYMMETRIES) {
    const places = COARSE[symmetry]!
    const add = (inside: Guess['inside'], a: Float32Array, b: Float32Array): void => {
      let likeness = 0 // correlation: both have mean 0 and length 1
      for (let i = 0; i < a.length; i++) likeness += a[i]! * b[places[i]!]!
      if (likeness >= LIKELY) guesses.push({ symmetry, inside, likeness })
    }
    add('neither', one.unitCoarse, other.unitCoarse)
    add('one', one.unitCoarse, other.unitInner)
    add('other', one.unitInner, other.unitCoarse)
  }
  return guesses.sort((a, b) => b.likeness - a.likeness).slice(0, TRIED)
}

/** True where two fingerprints are of the same picture. */
export function areNearIdentical(one: Print, other: Print): boolean {
  return agreement(one, other) >= SAME
}

function turnedBy(print: Print, symmetry: number): Print {
  if (symmetry === 0) return print
  const fine = atPlaces(print.fine, FINE[symmetry]!)
  const coarse = atPlaces(print.coarse, COARSE[symmetry]!)
  return { ...print, fine, coarse }
}

function atPlaces(cells: Float32Array, places: Uint16Array): Float32Array {
  const found = new Float32Array(cells.length)
  for (let i = 0; i < found.length; i++) found[i] = cells[places[i]!]!
  return found
}
