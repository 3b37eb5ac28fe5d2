// Which items of a HEIC are thumbnails of its main picture (ISO/IEC 23008-12, 6.4.2). Pure; bytes
// are untrusted: what cannot be read is none.
import { viewOf } from './bytes.ts'
import { boxesAt } from './boxes.ts'
import { Malformed } from './malformed.ts'

/** The ids of the items that a file calls thumbnails of its main picture. */
export function thumbnailItems(bytes: Uint8Array): number[] {
  try {
    return found(viewOf(bytes))
  } catch (error) {
    if (error instanceof Malformed || error instanceof RangeError) return []
    throw error
  }
}

function found(view: DataView): number[] {
  const [main] = [...boxesAt(view, ['meta', 'pitm'])].map(({ body }) =>
    view.getUint8(body) === 0 ? view.getUint16(body + 4) : view.getUint32(body + 4)
  )
  const items: number[] = []
  for (const { body, end } of boxesAt(view, ['meta', 'iref'])) {
    const isShort = view.getUint8(body) === 0 // ids of 16 bits
    const id = (at: number): number => (isShort ? view.getUint16(at) : view.getUint32(at))
    const size = isShort ? 2 : 4
    for (const reference of boxesAt(view, ['thmb'], body + 4, end)) {
      const count = view.getUint16(reference.body + size)
      const first = reference.body + size + 2
      const places = Array.from({ length: count }, (_, i) => first + i * size)
      if (places.some((at) => id(at) === main)) items.push(id(reference.body))
    }
  }
  return items
}
