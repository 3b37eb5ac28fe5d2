// Where the coded pixels of a JPEG lie, and what is needed to read them (ITU T.81, annex B), as far
// as a damaged file tells. Pure; bytes are untrusted: every step moves on. Decodes nothing.
import type { HuffmanCodes } from './jpeg-huffman.ts'

export interface Component {
  id: number
  /** Blocks of 8 x 8 pixels that a unit has of it, across and down. */
  across: number
  down: number
  /** The number that its mean values were divided by, 1 where it is not known. */
  divisor: number
}

export interface Frame {
  width: number
  height: number
  bits: number
  isProgressive: boolean
  components: Component[]
}

/** Coded pixels between two markers. */
export interface Piece {
  begin: number
  end: number
  /** The number of the restart marker before it; undefined for the first. */
  number: number | undefined
  /** Where it goes on after a marker that cannot stand here, if there is one. */
  next: number
  /** The longest stretch of it, in bytes, in which no byte is 0xff. */
  longest: number
}

/** One pass over the picture. */
export interface Scan {
  parts: { component: Component; dc: HuffmanCodes | undefined; ac: HuffmanCodes | undefined }[]
  /** The first and last of the 64 numbers of a block that it tells. */
  from: number
  to: number
  /** Whether it only refines numbers that an earlier one told. */
  isRefinement: boolean
  /** Bits that are still left out. */
  low: number
  /** Units between two restart markers; 0 without them. */
  interval: number
  pieces: Piece[]
}

export interface Layout {
  frame: Frame | undefined
  /** The file is of a kind that is not read here: arithmetic, lossless, without a height. */
  isRare: boolean
  scans: Scan[]
  /** Where the end mark is; undefined where there is none. */
  end: number | undefined
}

/** Reads where everything is, up to the end mark or to where the file makes no sense any more. */
export function layoutOf(bytes: Uint8Array): Layout {
  return new Reader(bytes).layout
}

class Reader {
  readonly layout: Layout = { frame: undefined, isRare: false, scans: [], end: undefined }
  readonly #bytes: Uint8Array
  readonly #codes = new Map<number, HuffmanCodes>()
  readonly #divisors = new Map<number, number>()
  #interval = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    for (let at = 2; at < bytes.length;) {
      at = bytes.indexOf(0xff, at)
      if (at === -1) return
      const marker = bytes[at + 1] ?? 0xff
      if (marker === 0xd9) {
        this.layout.end = at
        return
      }
      const hasLength = marker >= 0xc0 && marker !== 0xff && (marker < 0xd0 || marker > 0xd8)
      if (!hasLength) {
        at += marker === 0xff ? 1 : 2
        continue
      }
      const end = at + 2 + this.#word(at + 2)
      if (marker === 0xda) at = this.#scan(at + 4, end)
      else {
        this.#segment(marker, at + 4, Math.min(end, bytes.length))
        at = Math.max(end, at + 2)
      }
    }
  }

  #word(at: number): number {
    return ((this.#bytes[at] ?? 0) << 8) | (this.#bytes[at + 1] ?? 0)
  }

  #byte(at: number): number {
    return this.#bytes[at] ?? 0
  }

  #segment(marker: number, body: number, end: number): void {
    if (marker === 0xc4) this.#huffmanCodes(body, end)
    else if (marker === 0xdb) this.#quantisation(body, end)
    else if (marker === 0xdd) this.#interval = this.#word(body)
    else if (marker === 0xdc) this.layout.isRare = true
    else if (marker >= 0xc0 && marker <= 0xc2) this.#frame(marker, body)
    else if (marker <= 0xcf) this.layout.isRare = true
  }

  #huffmanCodes(body: number, end: number): void {
    for (let at = body; at + 17 <= end;) {
      const counts = this.#bytes.subarray(at + 1, at + 17)
      const size = counts.reduce((sum, count) => sum + count, 0)
      const symbols = this.#bytes.subarray(at + 17, at + 17 + size)
      this.#codes.set(this.#byte(at), { counts, symbols })
      at += 17 + size
    }
  }

  #quantisation(body: number, end: number): void {
    for (let at = body; at < end;) {
      const isWide = this.#byte(at) >> 4 > 0
      this.#divisors.set(this.#byte(at) & 15, isWide ? this.#word(at + 1) : this.#byte(at + 1))
      at += 1 + 64 * (isWide ? 2 : 1)
    }
  }

  #frame(marker: number, body: number): void {
    const height = this.#word(body + 1)
    if (this.layout.frame || height === 0 || this.#byte(body) !== 8) this.layout.isRare = true
    const components = Array.from({ length: this.#byte(body + 5) }, (_, i) => {
      const at = body + 6 + 3 * i
      const [across, down] = [this.#byte(at + 1) >> 4 || 1, this.#byte(at + 1) & 15 || 1]
      const divisor = this.#divisors.get(this.#byte(at + 2)) ?? 1
      return { id: this.#byte(at), across, down, divisor }
    })
    this.layout.frame = {
      width: this.#word(body + 3),
      height,
      bits: this.#byte(body),
      isProgressive: marker === 0xc2,
      components
    }
  }

  /** @returns where the segment after the scan begins */
  #scan(body: number, end: number): number {
    const count = this.#byte(body)
    const known = this.layout.frame?.components ?? []
    const parts = Array.from({ length: count }, (_, i) => {
      const [id, tables] = [this.#byte(body + 1 + 2 * i), this.#byte(body + 2 + 2 * i)]
      const component = known.find((one) => one.id === id)
      const [dc, ac] = [this.#codes.get(tables >> 4), this.#codes.get(0x10 | (tables & 15))]
      return component ? [{ component, dc, ac }] : []
    }).flat()
    if (parts.length !== count || count === 0) this.layout.isRare = true
    const at = body + 1 + 2 * count
    const { pieces, next } = piecesOf(this.#bytes, end, this.#interval > 0)
    this.layout.scans.push({
      parts,
      from: this.#byte(at),
      to: this.#byte(at + 1),
      isRefinement: this.#byte(at + 2) >> 4 > 0,
      low: this.#byte(at + 2) & 15,
      interval: this.#interval,
      pieces
    })
    return next
  }
}

/** The pieces of a scan that begins here, and where the next segment is. */
function piecesOf(
  bytes: Uint8Array,
  begin: number,
  hasRestarts: boolean
): { pieces: Piece[]; next: number } {
  const pieces: Piece[] = []
  let piece: Piece = { begin, end: -1, number: undefined, next: -1, longest: 0 }
  const close = (at: number): void => {
    pieces.push({ ...piece, end: piece.end === -1 ? at : piece.end, next: at })
  }
  for (let at = begin; ;) {
    const from = at
    at = bytes.indexOf(0xff, at)
    piece.longest = Math.max(piece.longest, (at === -1 ? bytes.length : at) - from)
    const marker = at === -1 ? undefined : bytes[at + 1]
    if (marker === undefined) {
      close(at === -1 ? bytes.length : at)
      return { pieces, next: bytes.length }
    }
    if (marker === 0 || marker === 0xff) {
      at += marker === 0 ? 2 : 1 // a byte of the pixels, or padding
    } else if (hasRestarts && marker >= 0xd0 && marker <= 0xd7) {
      close(at)
      piece = { begin: at + 2, end: -1, number: marker & 7, next: -1, longest: 0 }
      at += 2
    } else if (isSegment(bytes, at)) {
      close(at)
      return { pieces, next: at }
    } else {
      if (piece.end === -1) piece.end = at // no decoder takes more of the piece
      at += 2
    }
  }
}

const FOLLOWERS = [0xc4, 0xdb, 0xdc, 0xdd, 0xfe]

/** True where a marker can stand after a scan: from it whole segments lead to pixels or the end. */
function isSegment(bytes: Uint8Array, begin: number): boolean {
  for (let at = begin; bytes[at] === 0xff;) {
    while (bytes[at + 1] === 0xff) at++
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xd9) return true
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
    const isApplication = marker >= 0xe0 && marker <= 0xef
    if (marker === 0xda) return length === 6 + 2 * (bytes[at + 4] ?? 0)
    if ((!isApplication && !FOLLOWERS.includes(marker)) || length < 2) return false
    at += 2 + length
  }
  return false
}
