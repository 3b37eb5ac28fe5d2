// HEICs of a main picture and a thumbnail of it, put together of boxes: the thumbnail is that of
// heic-files.ts, the main picture can be anything, since it is not to be decoded. Test code only.
import { boxesAt, boxesIn } from '../../main/decode/boxes.ts'
import { viewOf } from '../../main/decode/bytes.ts'
import { box } from './boxes.ts'
import { HEIC_FILES } from './heic-files.ts'

const NONE = Buffer.alloc(4) // version and flags
const [MAIN, THUMBNAIL] = [1, 2]

export interface MadeHeic {
  /** Boxes of properties of the main picture, beside its size, and of its thumbnail. */
  main?: readonly Buffer[]
  thumbnail?: readonly Buffer[]
  /** Of the main picture, pixels. */
  size?: readonly [number, number]
  /** The coded bytes of the main picture. */
  pixels?: Uint8Array
  /** The item that the thumbnail is said to be of. */
  of?: number
}

/** The file. Its thumbnail has 96 x 64 pixels. */
export function heicWithThumbnail(made: MadeHeic = {}): Buffer {
  const { main = [], thumbnail = [], size = [960, 640], of = MAIN } = made
  const { pixels = Buffer.alloc(4000, 'no pixels') } = made
  const plain = Buffer.from(HEIC_FILES.plain.base64, 'base64')
  const view = viewOf(plain)
  const [container] = [...boxesAt(view, ['meta', 'iprp', 'ipco'])]
  const own = [...boxesIn(view, container!.body, container!.end)]
  const boxes = own.map(({ body, end }) => plain.subarray(body - 8, end))
  const [coded] = [...boxesAt(view, ['mdat'])].map(({ body, end }) => plain.subarray(body, end))
  const properties = [...boxes, box('ispe', NONE, longs(...size)), ...main, ...thumbnail]
  const count = boxes.length
  const ofMain = [1, count + 1, ...main.map((_, i) => count + 2 + i)]
  const ofThumbnail = [
    ...boxes.map((_, i) => i + 1),
    ...thumbnail.map((_, i) => count + 2 + main.length + i)
  ]
  const before = (at: number): Buffer =>
    Buffer.concat([
      box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1')),
      box(
        'meta',
        NONE,
        box('hdlr', NONE, NONE, Buffer.from('pict'), Buffer.alloc(13)),
        box('pitm', NONE, shorts(MAIN)),
        box(
          'iloc',
          NONE,
          shorts(0x4400, 2),
          shorts(MAIN, 0, 1), longs(at, pixels.length),
          shorts(THUMBNAIL, 0, 1), longs(at + pixels.length, coded!.length)
        ),
        box('iinf', NONE, shorts(2), ...[MAIN, THUMBNAIL].map(infoOf)),
        box('iref', NONE, box('thmb', shorts(THUMBNAIL, 1, of))),
        box(
          'iprp',
          box('ipco', ...properties),
          box('ipma', NONE, longs(2), associated(MAIN, ofMain), associated(THUMBNAIL, ofThumbnail))
        )
      )
    ])
  const begin = before(0).length + 8
  return Buffer.concat([before(begin), box('mdat', pixels, coded!)])
}

function infoOf(item: number): Buffer {
  return box('infe', Buffer.of(2, 0, 0, 0), shorts(item, 0), Buffer.from('hvc1\0'))
}

function associated(item: number, places: readonly number[]): Buffer {
  return Buffer.concat([shorts(item), Buffer.of(places.length, ...places)])
}

function shorts(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 0xff)))
}

function longs(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => shorts(value >>> 16, value & 0xffff)))
}
