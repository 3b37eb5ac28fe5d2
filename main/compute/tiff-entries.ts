// The directories of a TIFF structure, as EXIF and MPF segments hold them (TIFF 6.0, section 2).
// Pure; bytes are untrusted: every read is bounded, and one beyond the end throws a RangeError.

/** One entry: its tag, and how its values are read. */
export interface Entry {
  tag: number
  /** Its value, the first one where it has several. */
  number(): number
  /** Its values as text, without the zeros at the end. */
  text(): string
  /** Where its values lie in the view. */
  at: number
  count: number
}

export interface Directory {
  entries: Map<number, Entry>
  /** Where the next one begins, from the structure's begin; 0 for none. */
  next: number
}

const TYPE_BYTES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1 }
const SHORT = 3
const MOST_TEXT = 64

/** A TIFF structure that begins somewhere in a view. */
export class Tiff {
  readonly view: DataView
  readonly begin: number
  readonly littleEndian: boolean

  constructor(view: DataView, begin: number) {
    this.view = view
    this.begin = begin
    this.littleEndian = view.getUint16(begin) === 0x4949
  }

  /** The first directory. */
  first(): Directory {
    return this.at(this.view.getUint32(this.begin + 4, this.littleEndian))
  }

  /** The directory at an offset from the structure's begin. Entries of rare types are left out. */
  at(offset: number): Directory {
    const { view, begin, littleEndian } = this
    const start = begin + offset
    const count = view.getUint16(start, littleEndian)
    const entries = new Map<number, Entry>()
    for (let i = 0; i < count; i++) {
      const at = start + 2 + i * 12
      const type = view.getUint16(at + 2, littleEndian)
      const size = TYPE_BYTES[type]
      if (size === undefined) continue
      const tag = view.getUint16(at, littleEndian)
      if (!entries.has(tag)) entries.set(tag, this.#entry(at, tag, type, size))
    }
    return { entries, next: view.getUint32(start + 2 + count * 12, littleEndian) }
  }

  #entry(at: number, tag: number, type: number, size: number): Entry {
    const { view, begin, littleEndian } = this
    const count = view.getUint32(at + 4, littleEndian)
    const place = size * count <= 4 ? at + 8 : begin + view.getUint32(at + 8, littleEndian)
    return {
      tag,
      at: place,
      count,
      number: () =>
        type === SHORT ? view.getUint16(place, littleEndian) : view.getUint32(place, littleEndian),
      text() {
        const codes = Array.from({ length: Math.min(count, MOST_TEXT) }, (_, i) =>
          view.getUint8(place + i)
        )
        return String.fromCharCode(...codes).replace(/\0[^]*$/, '')
      }
    }
  }
}
