// JPEGs as cameras write them: an EXIF segment with dates, the size in pixels, an orientation and a
// small picture. Test code only.

export interface ExifOptions {
  /** Of the photo as stored, pixels. */
  width: number
  height: number
  /** When it was taken, and when the file was changed: '2024:05:06 07:08:09'. */
  taken?: string
  changed?: string
  orientation?: number
  /** The small picture: a JPEG of less than 64 kB. */
  preview?: Buffer
  /** In place of that: where in a RAW the sensor's data lies, as a directory tells it. */
  sensor?: { at: number; bytes: number }
}

type Entry = [tag: number, type: number, count: number, value: number | Buffer]
const [ASCII, SHORT, LONG] = [2, 3, 4]
const DATE = '2024:05:06 07:08:09'

/** The JPEG with that segment behind its begin. */
export function withExif(jpeg: Buffer, options: ExifOptions): Buffer {
  const mark = Buffer.from('\xff\xe1\0\0Exif\0\0', 'latin1')
  const segment = Buffer.concat([mark, exifTiff(options)])
  segment.writeUInt16BE(segment.length - 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)])
}

/** What such a segment holds: a TIFF structure, as many RAW files begin, too. */
export function exifTiff(options: ExifOptions): Buffer {
  const { width, height, taken = DATE, changed = taken, orientation = 1, preview, sensor } = options
  const first: Entry[] = [
    [0x0112, SHORT, 1, orientation],
    [0x0132, ASCII, 20, Buffer.from(`${changed}\0`)]
  ]
  const photo: Entry[] = [
    [0x9003, ASCII, 20, Buffer.from(`${taken}\0`)],
    [0xa002, LONG, 1, width],
    [0xa003, LONG, 1, height]
  ]
  const photoAt = 8 + sizeOf([...first, [0x8769, LONG, 1, 0]])
  const smallAt = photoAt + sizeOf(photo)
  const small: Entry[] = preview
    ? [
        [0x0103, SHORT, 1, 6],
        [0x0201, LONG, 1, smallAt + 6 + 3 * 12],
        [0x0202, LONG, 1, preview.length]
      ]
    : sensor
      ? [
          [0x0100, LONG, 1, width],
          [0x0101, LONG, 1, height],
          [0x0106, SHORT, 1, 32_803], // behind a mosaic of colours
          [0x0111, LONG, 1, sensor.at],
          [0x0117, LONG, 1, sensor.bytes]
        ]
      : []
  return Buffer.concat([
    Buffer.from('II*\0\x08\0\0\0', 'latin1'),
    directory([...first, [0x8769, LONG, 1, photoAt]], 8, small.length > 0 ? smallAt : 0),
    directory(photo, photoAt, 0),
    ...(small.length > 0 ? [directory(small, smallAt, 0), preview ?? Buffer.alloc(0)] : [])
  ])
}

/** Bytes of a directory with the values that lie behind it. */
function sizeOf(entries: readonly Entry[]): number {
  const behind = entries.map(([, , , value]) => (typeof value === 'number' ? 0 : value.length))
  return 6 + entries.length * 12 + behind.reduce((sum, length) => sum + length, 0)
}

/**
 * The JPEG with another behind it that an MPF segment calls by a kind: a large thumbnail of VGA
 * size if not told.
 */
export function withMpf(jpeg: Buffer, small: Buffer, kind = 0x010001): Buffer {
  const list = Buffer.alloc(32)
  list.writeUInt32LE(0x030000, 0)
  list.writeUInt32LE(kind, 16)
  list.writeUInt32LE(small.length, 20)
  const entry: Entry[] = [[0xb002, 7, list.length, list]]
  const tiff = Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), directory(entry, 8, 0)])
  const segment = Buffer.concat([Buffer.from('\xff\xe2\0\0MPF\0', 'latin1'), tiff])
  segment.writeUInt16BE(segment.length - 2, 2)
  const place = jpeg.length + segment.length - (2 + 8) // from the TIFF header on
  segment.writeUInt32LE(place, segment.length - 8)
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2), small])
}

function directory(entries: readonly Entry[], at: number, next: number): Buffer {
  const head = Buffer.alloc(6 + entries.length * 12)
  const values: Buffer[] = []
  let end = at + head.length
  head.writeUInt16LE(entries.length, 0)
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const place = 2 + i * 12
    head.writeUInt16LE(tag, place)
    head.writeUInt16LE(type, place + 2)
    head.writeUInt32LE(count, place + 4)
    if (typeof value === 'number') {
      head.writeUInt32LE(value, place + 8)
      continue
    }
    head.writeUInt32LE(end, place + 8)
    values.push(value)
    end += value.length
  }
  head.writeUInt32LE(next, 2 + entries.length * 12)
  return Buffer.concat([head, ...values])
}
