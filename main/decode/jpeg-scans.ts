// Damage in a JPEG: how much of its picture came out, and the file mended. The coded pixels are
// walked, which takes about half as long as decoding them; of larger files only where markers or
// long runs of equal bytes raise a doubt. Pure; bytes are untrusted.
import { joined } from './bytes.ts'
import { Losses, type Damage, type Decodable } from './damage.ts'
import { flatUnits } from './jpeg-fill.ts'
import { layoutOf, type Component, type Frame } from './jpeg-layout.ts'
import type { Layout, Piece, Scan } from './jpeg-layout.ts'
import { inTurn, intervalsOf, isInTurn, type Edit } from './jpeg-intervals.ts'
import { gridOf, ScanWalk, type Grid, type Told, type Walked } from './jpeg-walk.ts'

/** Files of so many bytes are always walked: it takes 3 ms at most. */
const ALWAYS_WALKED = 2 ** 18
/** So many equal bytes are rare between pixels, but for pictures that are flat. */
const LONG_RUN = 64
/**
 * Some coded pixels are always 0xff, in texts and patterns none: a stretch without is this share of
 * a file. In whole photos with smooth skies up to a thirtieth was seen; in small files, which
 * smooth drawings are, it says nothing.
 */
const LONG_STRETCH = 1 / 16

/** Throws a Fault `corrupt-photo` for a file of whose picture less than nine tenths came out. */
export function checkScans(bytes: Uint8Array, subject: string): void {
  judgeJpeg(new Uint8Array(bytes), subject)
}

/**
 * What came out of a JPEG, and the file without what did not. Throws a Fault `corrupt-photo` for
 * one that is hopeless.
 */
export function judgeJpeg(bytes: Uint8Array<ArrayBuffer>, subject: string): Decodable {
  const layout = layoutOf(bytes)
  const { frame, isRare } = layout
  if (!frame || isRare) return { bytes, damage: null } // decoders say what they make of it
  if (bytes.length > ALWAYS_WALKED && isBeyondDoubt(bytes, layout, frame))
    return { bytes, damage: null }
  return new Judgement(bytes, layout, frame).judged(subject)
}

/** True for a file of a common kind that raises no doubt; its coded pixels are not walked. */
export function looksWhole(bytes: Uint8Array): boolean {
  const layout = layoutOf(bytes)
  const { frame, isRare } = layout
  return frame !== undefined && !isRare && isBeyondDoubt(bytes, layout, frame)
}

/** Its markers are all there and in turn, and nothing between them looks foreign. */
function isBeyondDoubt(bytes: Uint8Array, { scans, end }: Layout, frame: Frame): boolean {
  if (end === undefined) return false
  const longest = bytes.length > ALWAYS_WALKED ? bytes.length * LONG_STRETCH : Infinity
  return scans.every(
    (scan) =>
      scan.pieces.length === intervalsOf(scan, gridOf(frame, scan)) &&
      scan.pieces.every(
        (piece, i) =>
          isInTurn(piece, i) &&
          !isBroken(piece) &&
          piece.longest < longest &&
          runIn(bytes, piece) === undefined
      )
  )
}

/** A marker stands in it that cannot: decoders take nothing after it. */
function isBroken({ end, next }: Piece): boolean {
  return next > end
}

/** Where a long run of equal bytes begins. */
function runIn(bytes: Uint8Array, { begin, end }: Piece): number | undefined {
  const step = LONG_RUN / 2
  for (let at = begin + step; at + step <= end; at += step) {
    if (bytes[at] !== bytes[at - step] || bytes[at] !== bytes[at - 1]) continue
    let [from, to] = [at, at]
    while (from > begin && bytes[from - 1] === bytes[at]) from--
    while (to < end && bytes[to] === bytes[at]) to++
    if (to - from >= LONG_RUN) return from
    at = Math.max(at, to - step)
  }
  return undefined
}

/** Walks one file and gathers what it lost and what decoders are not to see. */
class Judgement {
  readonly #bytes: Uint8Array<ArrayBuffer>
  readonly #layout: Layout
  readonly #frame: Frame
  /** Of units of all components together. */
  readonly #whole: Grid
  readonly #losses: Losses
  readonly #told: Told = new Map()
  readonly #edits: Edit[] = []
  #endsAt = Infinity
  /** Details are missing; something is not where it was. */
  #isCoarse = false
  #isShifted = false

  constructor(bytes: Uint8Array<ArrayBuffer>, layout: Layout, frame: Frame) {
    this.#bytes = bytes
    this.#layout = layout
    this.#frame = frame
    this.#whole = gridOf(frame, { parts: [] })
    this.#losses = new Losses(this.#whole.across, this.#whole.count / this.#whole.across)
  }

  judged(subject: string): Decodable {
    for (const scan of this.#layout.scans) {
      // Codes that are missing or cannot be: decoders know some by heart, and refuse the others.
      if (!this.#walk(scan)) return { bytes: this.#mended(), damage: null }
      if (this.#endsAt < Infinity) break
    }
    this.#missScans()
    const lost = this.#losses.damage(this.#whole.height, this.#frame.height, subject)
    return { bytes: this.#mended(), damage: this.#damageOf(lost) }
  }

  #damageOf(lost: Damage | null): Damage | null {
    if (this.#isShifted) return { kind: 'part-broken', rows: lost?.rows ?? 1 }
    return lost ?? (this.#isCoarse ? { kind: 'coarse', rows: 1 } : null)
  }

  /** False for a scan that cannot be walked. */
  #walk(scan: Scan): boolean {
    const walk = ScanWalk.of(this.#bytes, this.#frame, scan, this.#told)
    if (!walk) return false
    const grid = gridOf(this.#frame, scan)
    const size = scan.interval || grid.count
    const { pieces, edits } = inTurn(scan, grid)
    this.#edits.push(...edits)
    for (const [i, piece] of pieces.entries()) {
      const first = i * size
      const units = Math.min(size, grid.count - first)
      if (!piece) {
        this.#lose(scan, grid, first, units)
        continue
      }
      const walked = walk.walk(piece, first, units, runIn(this.#bytes, piece))
      // Of many pieces one that went wrong is left out, of one the part before that is kept.
      const isReplaced = scan.interval > 0 && !walked.isWhole && !isOverlong(walked, units)
      const came = isReplaced ? 0 : walked.units
      this.#lose(scan, grid, first + came, units - came)
      const cutAt = walked.wrongAt ?? (isBroken(piece) ? piece.end : undefined)
      if (isReplaced) this.#replace(piece, flatUnits(scan, units))
      else if (cutAt !== undefined) this.#cut(cutAt, piece.next)
      const isOpen = piece.next === this.#bytes.length || (cutAt !== undefined && came < units)
      if (!walked.isWhole && !isReplaced && !isOpen) this.#isShifted = true
    }
    return true
  }

  /** Of a progressive file, whose later scans build on this one, all that follows is left out. */
  #cut(from: number, to: number): void {
    if (this.#frame.isProgressive) this.#endsAt = Math.min(this.#endsAt, from)
    else this.#edits.push({ from, to, bytes: new Uint8Array(0) })
  }

  /** Even pixels in place of a piece, see [Note: warnings]. */
  #replace({ begin, next }: Piece, bytes: Uint8Array): void {
    if (this.#frame.isProgressive) this.#cut(begin, next)
    else this.#edits.push({ from: begin, to: next, bytes })
  }

  #lose(scan: Scan, grid: Grid, first: number, count: number): void {
    if (count === 0) return
    if (isFine(scan, this.#frame)) {
      this.#isCoarse = true
      return
    }
    const [right, down] = [grid.width / this.#whole.width, grid.height / this.#whole.height]
    for (let unit = first; unit < first + count; unit++) {
      const [column, row] = [unit % grid.across, Math.floor(unit / grid.across)]
      this.#losses.lose(Math.floor(column * right), Math.floor(row * down))
    }
  }

  /** Without the first numbers of every component nothing is shown as it was. */
  #missScans(): void {
    const { isProgressive, components } = this.#frame
    const scans = this.#layout.scans.filter(({ pieces }) => (pieces[0]?.begin ?? 0) < this.#endsAt)
    const told = components.map((one) => scans.filter((scan) => tells(scan, one)))
    const isTold = told.every(
      (itsScans, i) =>
        itsScans.some(({ from }) => from === 0) && (i > 0 || itsScans.some(({ to }) => to > 0))
    )
    if (!isTold) this.#losses.loseAll()
    const isOpen = isProgressive && this.#layout.end === undefined && !isFinished(scans)
    if (this.#endsAt < Infinity || isOpen) this.#isCoarse = true
  }

  /** The file without what was cut, its markers in turn, with an end mark. */
  #mended(): Uint8Array<ArrayBuffer> {
    const { scans, end: mark } = this.#layout
    const isAsItWas = this.#edits.length === 0 && this.#endsAt === Infinity && mark !== undefined
    if (isAsItWas) return this.#bytes
    const last = mark ?? scans.at(-1)?.pieces.at(-1)?.next ?? this.#bytes.length
    const end = Math.min(last, this.#endsAt)
    const parts: Uint8Array[] = []
    let at = 0
    for (const { from, to, bytes } of this.#edits.sort((a, b) => a.from - b.from)) {
      if (from < at || from > end) continue // within what was left out
      parts.push(this.#bytes.subarray(at, from), bytes)
      at = to
    }
    parts.push(this.#bytes.subarray(Math.min(at, end), end), Uint8Array.of(0xff, 0xd9))
    return joined(parts)
  }
}

/** Nothing was wrong with it but bytes that are left over. */
function isOverlong({ units, wrongAt, isWhole }: Walked, all: number): boolean {
  return !isWhole && units === all && wrongAt !== undefined
}

/** True for a scan without which all is there, but less sharp or with coarser colours. */
function isFine({ from, isRefinement, parts }: Scan, frame: Frame): boolean {
  if (isRefinement || !frame.isProgressive) return isRefinement
  return from > 1 || (from > 0 && parts[0]?.component !== frame.components[0])
}

function tells({ parts, isRefinement }: Scan, component: Component): boolean {
  return !isRefinement && parts.some((part) => part.component === component)
}

/** Nothing is left out of the numbers that the last scans of a progressive file tell. */
function isFinished(scans: readonly Scan[]): boolean {
  const low = new Map<string, number>()
  for (const scan of scans)
    for (const { component } of scan.parts)
      for (let at = scan.from; at <= scan.to; at++) low.set(`${component.id} ${at}`, scan.low)
  return [...low.values()].every((bits) => bits === 0)
}
