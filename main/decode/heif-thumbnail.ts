// The thumbnail that a HEIC holds of its main picture (ISO/IEC 23008-12, 6.4.2), as a file of its
// own with that picture alone, so that the bytes of the main picture go nowhere. Pure; used by the
// photo threads and where HEICs are decoded. Bytes are untrusted: what cannot be read is none.
import { boxesAt, boxOf, nameAt, type Box } from './boxes.ts'
import { joined, viewOf } from './bytes.ts'
import type { Size } from './decoder.ts'
import { extentsOf, itemSize, mainColours } from './heif-places.ts'
import { mainItem, propertiesOf } from './items.ts'
import { Malformed } from './malformed.ts'

export interface HeicThumbnail {
  /** Turned as the main picture is, and in its colours where it names none itself. */
  file: Uint8Array<ArrayBuffer>
  /** The size of the main picture as it is stored. */
  whole: Size
}

/** A thumbnail will do whose short side is this share of the one that is asked for, or longer. */
const LEAST_SHARE = 15 / 16
/** How much the shapes of a picture and its thumbnail differ: both have whole pixels. */
const SHAPE = 0.01
/** More than files have: no time and memory for those that claim more. */
const MOST_THUMBNAILS = 16
const MOST_PROPERTIES = 16
const MOST_PROPERTY_BYTES = 8 * 2 ** 20 // a profile of inks has some

/** The first thumbnail that is large enough and has the shape of the main picture. */
export function heicThumbnail(bytes: Uint8Array, shortSide: number): HeicThumbnail | undefined {
  try {
    return found(bytes, shortSide)
  } catch (error) {
    if (error instanceof Malformed || error instanceof RangeError) return undefined
    throw error
  }
}

function found(bytes: Uint8Array, shortSide: number): HeicThumbnail | undefined {
  const view = viewOf(bytes)
  const main = mainItem(view)
  if (main === undefined || first(view, main, 'clap')) return undefined // a part of it is shown
  const whole = itemSize(view, main)
  for (const item of thumbnailsOf(view, main)) {
    const { width, height } = itemSize(view, item)
    const shape = (width * whole.height) / (height * whole.width)
    const isEnough = Math.min(width, height) >= shortSide * LEAST_SHARE
    const coded = isEnough && Math.abs(shape - 1) <= SHAPE ? codedBytes(bytes, item) : undefined
    const properties = coded ? propertiesFor(view, item, main) : []
    if (coded && properties.length > 0) return { file: fileOf(coded, properties), whole }
  }
  return undefined
}

/** The ids of the first items that a file calls thumbnails of its main picture. */
function thumbnailsOf(view: DataView, main: number): number[] {
  const items: number[] = []
  for (const { body, end } of boxesAt(view, ['meta', 'iref'])) {
    const isShort = view.getUint8(body) === 0 // ids of 16 bits
    const id = (at: number): number => (isShort ? view.getUint16(at) : view.getUint32(at))
    const size = isShort ? 2 : 4
    for (const reference of boxesAt(view, ['thmb'], body + 4, end)) {
      const begin = reference.body + size + 2
      const told = view.getUint16(begin - 2)
      const count = Math.min(told, Math.floor((reference.end - begin) / size)) // that it has
      const places = Array.from({ length: count }, (_, i) => begin + i * size)
      if (places.some((at) => id(at) === main)) items.push(id(reference.body))
      if (items.length === MOST_THUMBNAILS) return items
    }
  }
  return items
}

/** Undefined for those that are not all in the file, or in a rare place. */
function codedBytes(bytes: Uint8Array, item: number): Uint8Array | undefined {
  const extents = extentsOf(viewOf(bytes), item) ?? []
  const length = extents.reduce((sum, { begin, end }) => sum + end - begin, 0)
  const isThere = extents.every(({ end }) => end <= bytes.length)
  if (length === 0 || length > bytes.length || !isThere) return undefined
  return joined(extents.map(({ begin, end }) => bytes.subarray(begin, end)))
}

interface Property {
  box: Uint8Array
  /** A reader that does not know it may not show the picture. */
  isEssential: boolean
}

/**
 * What the thumbnail is decoded by, and how the main picture is shown; empty if it is no HEVC, or
 * has more of these than a picture needs.
 */
function propertiesFor(view: DataView, item: number, main: number): Property[] {
  const own = ['hvcC', 'ispe', 'pixi'].flatMap((name) => first(view, item, name) ?? [])
  if (own[0]?.name !== 'hvcC') return []
  const turns = propertiesOf(view, main, 'irot', 'imir')
  const all = [...own, ...coloursOf(view, item), ...turns]
  const size = all.reduce((sum, { body, end }) => sum + end - body, 0)
  if (all.length > MOST_PROPERTIES || size > MOST_PROPERTY_BYTES) return []
  return all.map(({ name, body, end }) => ({
    box: boxOf(name, new Uint8Array(view.buffer, view.byteOffset + body, end - body)),
    isEssential: name === 'hvcC' || name === 'irot' || name === 'imir'
  }))
}

/** Names of colours by numbers and by a profile, each the thumbnail's own or the main picture's. */
function coloursOf(view: DataView, item: number): Box[] {
  const all = [[...propertiesOf(view, item, 'colr')], mainColours(view)]
  const isNumbers = ({ body }: Box): boolean => nameAt(view, body) === 'nclx'
  return [true, false].flatMap((wanted) => {
    const of = all.map((boxes) => boxes.filter((box) => isNumbers(box) === wanted))
    return of.find((boxes) => boxes.length > 0) ?? []
  })
}

function first(view: DataView, item: number, name: string): Box | undefined {
  for (const box of propertiesOf(view, item, name)) return box
  return undefined
}

/** Version and flags of a box: none. */
const NONE = [0, 0, 0, 0]
const ITEM = [0, 1]

/** A HEIC of one item. */
function fileOf(coded: Uint8Array, properties: readonly Property[]): Uint8Array<ArrayBuffer> {
  const marks = properties.map(({ isEssential }, i) => (isEssential ? 0x80 : 0) + i + 1)
  const boxes = properties.map(({ box }) => box)
  const before = (at: number): Uint8Array =>
    joined([
      boxOf('ftyp', letters('heic'), Uint8Array.from(NONE), letters('mif1heic')),
      boxOf(
        'meta',
        Uint8Array.from(NONE),
        boxOf('hdlr', Uint8Array.of(...NONE, ...NONE), letters('pict'), new Uint8Array(13)),
        boxOf('pitm', Uint8Array.of(...NONE, ...ITEM)),
        // One piece, by an offset and a length of four bytes each.
        boxOf(
          'iloc',
          Uint8Array.of(...NONE, 0x44, 0, 0, 1, ...ITEM, 0, 0, 0, 1),
          long(at),
          long(coded.length)
        ),
        boxOf('iinf', Uint8Array.of(...NONE, 0, 1), INFO),
        boxOf(
          'iprp',
          boxOf('ipco', ...boxes),
          boxOf('ipma', Uint8Array.of(...NONE, 0, 0, 0, 1, ...ITEM, marks.length, ...marks))
        )
      )
    ])
  const begin = before(0).length + 8 // behind the head of the last box
  return joined([before(begin), boxOf('mdat', coded)])
}

function letters(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

function long(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  viewOf(bytes).setUint32(0, value)
  return bytes
}

/** What kind of item it is: pixels by HEVC. */
const INFO = boxOf(
  'infe',
  Uint8Array.of(2, 0, 0, 0, ...ITEM, 0, 0),
  letters('hvc1'),
  new Uint8Array(1)
)
