// Where the coded pixels of a HEIC or AVIF lie, of its main picture and of the tiles that it is
// made of (ISO/IEC 14496-12, 8.11.3; ISO/IEC 23008-12, 6.6.2.3). Pure; bytes are untrusted: a read
// beyond the end throws a RangeError, a broken box `Malformed`.
import { boxesAt, type Box } from './boxes.ts'
import type { Size } from './decoder.ts'
import { mainItem, propertiesOf } from './items.ts'

/** A picture that is coded by itself. */
export interface Part {
  item: number
  /** Where its bytes are in the file. */
  extents: { begin: number; end: number }[]
}

export interface TileGrid {
  across: number
  down: number
  /** Height of a tile, pixels. */
  tile: number
}

const MOST_EXTENTS = 64
const [IN_FILE, IN_BOX] = [0, 1]

/** The main picture, or its tiles in their order. Empty where that is told in a rare way. */
export function codedParts(view: DataView): Part[] {
  const main = mainItem(view)
  if (main === undefined) return []
  const tiles = tilesOf(view, main)
  const items = tiles.length > 0 ? tiles : [main]
  const places = placesIn(view)
  const parts = items.map((item) => ({ item, place: places.get(item) }))
  if (parts.some(({ place }) => place?.method !== IN_FILE)) return []
  return parts.map(({ item, place }) => ({ item, extents: place!.extents }))
}

/** Where the bytes of one item are in the file; undefined where that is told in a rare way. */
export function extentsOf(view: DataView, item: number): Part['extents'] | undefined {
  const place = placesIn(view).get(item)
  return place?.method === IN_FILE ? place.extents : undefined
}

/** How the tiles of the main picture lie; undefined where it is in one piece. */
export function gridOfMain(view: DataView): TileGrid | undefined {
  const main = mainItem(view)
  const [tile] = main === undefined ? [] : tilesOf(view, main)
  const place = main === undefined ? undefined : placesIn(view).get(main)
  const [extent] = place?.extents ?? []
  if (tile === undefined || !place || !extent) return undefined
  const [box] = [...boxesAt(view, ['meta', 'idat'])]
  const at = extent.begin + (place.method === IN_BOX ? (box?.body ?? 0) : 0)
  const [down, across] = [view.getUint8(at + 2) + 1, view.getUint8(at + 3) + 1]
  const [size] = [...propertiesOf(view, tile, 'ispe')]
  return size && { across, down, tile: view.getUint32(size.body + 8) }
}

/** A picture as it is stored; 0 x 0 where the file does not tell. */
export function itemSize(view: DataView, item: number | undefined): Size {
  const [size] = item === undefined ? [] : [...propertiesOf(view, item, 'ispe')]
  if (!size) return { width: 0, height: 0 }
  return { width: view.getUint32(size.body + 4), height: view.getUint32(size.body + 8) }
}

/**
 * The boxes that name the colours of the main picture. Where it has none and is made of tiles, as
 * in files of older iPhones, its colours are those of its first tile; libheif has them so, too.
 */
export function mainColours(view: DataView): Box[] {
  const main = mainItem(view)
  if (main === undefined) return []
  const own = [...propertiesOf(view, main, 'colr')]
  const [tile] = tilesOf(view, main)
  return own.length > 0 || tile === undefined ? own : [...propertiesOf(view, tile, 'colr')]
}

function tilesOf(view: DataView, main: number): number[] {
  for (const { body, end } of boxesAt(view, ['meta', 'iref'])) {
    const idBytes = view.getUint8(body) === 0 ? 2 : 4
    const id = (at: number): number => (idBytes === 2 ? view.getUint16(at) : view.getUint32(at))
    for (const made of boxesAt(view, ['dimg'], body + 4, end)) {
      if (id(made.body) !== main) continue
      const first = made.body + idBytes + 2
      const count = view.getUint16(made.body + idBytes)
      return Array.from({ length: count }, (_, i) => id(first + i * idBytes))
    }
  }
  return []
}

interface Place {
  method: number
  extents: Part['extents']
}

function placesIn(view: DataView): Map<number, Place> {
  const places = new Map<number, Place>()
  for (const { body, end } of boxesAt(view, ['meta', 'iloc'])) {
    const version = view.getUint8(body)
    const sizes = view.getUint16(body + 4)
    const nibble = (shift: number): number => (sizes >> shift) & 15
    const [offsetBytes, lengthBytes, baseBytes] = [nibble(12), nibble(8), nibble(4)]
    const indexBytes = version === 0 ? 0 : nibble(0)
    const extentBytes = indexBytes + offsetBytes + lengthBytes
    let at = body + 6
    const read = (bytes: number): number => {
      at += bytes
      if (bytes === 8) return Number(view.getBigUint64(at - 8))
      if (bytes === 4) return view.getUint32(at - 4)
      return bytes === 2 ? view.getUint16(at - 2) : 0
    }
    const idBytes = version < 2 ? 2 : 4
    for (let count = read(idBytes); count > 0 && at < end; count--) {
      const item = read(idBytes)
      const method = version === 0 ? IN_FILE : read(2) & 15
      const outside = read(2) // of another file
      const base = read(baseBytes)
      const extents: Part['extents'] = []
      for (let left = read(2); left > 0 && at < end; left--) {
        read(indexBytes)
        const begin = base + read(offsetBytes)
        const length = read(lengthBytes)
        if (extents.length < MOST_EXTENTS) extents.push({ begin, end: begin + length })
        if (extentBytes === 0) break // all of them are this one
      }
      places.set(item, { method: outside > 0 ? -1 : method, extents })
    }
  }
  return places
}
