// The main picture of an AVIF or HEIC and its properties (ISO/IEC 23008-12, 6.5; ISO/IEC 14496-12,
// 8.11). Pure; bytes are untrusted: a read beyond the end throws a RangeError, a broken box `Malformed`.
import { boxesAt, boxesIn, nameAt, type Box } from './boxes.ts'
import { turnedTwice, type Orientation, type OrientationValue } from './orientation.ts'

/** That an item has a property. */
interface Association {
  item: number
  property: Box
}

/** Of angles of 90 degrees anticlockwise. */
const ROTATIONS: readonly OrientationValue[] = [1, 8, 3, 6]

/** How the main picture is turned. It is hidden by rotations by nothing, for all items. */
export function itemOrientation(view: DataView): Orientation {
  const main = mainItem(view)
  let value: OrientationValue = 1
  const marks = new Map<number, number>()
  for (const { item, property } of associationsIn(view)) {
    const turn = turnOf(view, property)
    if (turn === undefined) continue
    if (item === main) value = turnedTwice(value, turn)
    for (const [i, letter] of [...'irot'].entries())
      marks.set(property.body - 4 + i, letter.charCodeAt(0))
    marks.set(property.body, 0)
  }
  return { value, marks, isUsual: true }
}

function turnOf(view: DataView, { name, body }: Box): OrientationValue | undefined {
  if (name === 'irot') return ROTATIONS[view.getUint8(body) & 3]
  if (name === 'imir') return view.getUint8(body) & 1 ? 2 : 4
  return undefined
}

/** The properties of the main picture that have this name, in their order. */
export function* mainProperties(view: DataView, name: string): Generator<Box> {
  const main = mainItem(view)
  if (main !== undefined) yield* propertiesOf(view, main, name)
}

/** Those of an item by its id that have one of these names. */
export function* propertiesOf(
  view: DataView,
  of: number,
  ...names: readonly string[]
): Generator<Box> {
  for (const { item, property } of associationsIn(view))
    if (item === of && names.includes(property.name)) yield property
}

/** How boxes name colours by numbers (H.273); undefined if they do not. */
export function codesIn(
  view: DataView,
  boxes: Iterable<Box>
): { primaries: number; transfer: number; isFullRange: boolean } | undefined {
  for (const { body } of boxes) {
    if (nameAt(view, body) !== 'nclx') continue
    const [primaries, transfer] = [view.getUint16(body + 4), view.getUint16(body + 6)]
    return { primaries, transfer, isFullRange: (view.getUint8(body + 10) & 0x80) !== 0 }
  }
  return undefined
}

/** True for an AVIF without colours (AV1-ISOBMFF, 2.3.3) whose black is 16 and white is 235. */
export function isGreyOfVideoRange(view: DataView): boolean {
  for (const { body } of mainProperties(view, 'av1C'))
    if (view.getUint8(body + 2) & 0x10)
      return codesIn(view, mainProperties(view, 'colr'))?.isFullRange === false
  return false
}

/** The id of the main picture. */
export function mainItem(view: DataView): number | undefined {
  for (const { body } of boxesAt(view, ['meta', 'pitm']))
    return view.getUint8(body) === 0 ? view.getUint16(body + 4) : view.getUint32(body + 4)
  return undefined
}

function* associationsIn(view: DataView): Generator<Association> {
  const properties: Box[] = []
  for (const { body, end } of boxesAt(view, ['meta', 'iprp', 'ipco']))
    properties.push(...boxesIn(view, body, end))
  for (const { body, end } of boxesAt(view, ['meta', 'iprp', 'ipma'])) {
    const idBytes = view.getUint8(body) === 0 ? 2 : 4
    const length = view.getUint8(body + 3) & 1 ? 2 : 1
    let at = body + 8
    for (let items = view.getUint32(body + 4); items > 0 && at + idBytes < end; items--) {
      const item = idBytes === 2 ? view.getUint16(at) : view.getUint32(at)
      const count = view.getUint8(at + idBytes)
      at += idBytes + 1
      for (let i = 0; i < count && at + length <= end; i++, at += length) {
        const place = length === 2 ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f
        const property = properties[place - 1]
        if (property) yield { item, property }
      }
    }
  }
}
