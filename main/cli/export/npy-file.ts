// Arrays of NumPy's own format, a part at a time: version 1.0 of "numpy.lib.format", rows one after
// the other, little-endian. Pure, but for the file that it is given.
import type { ExportFile } from './export-folder.ts'

/** Numbers as NumPy names them: half, float and unsigned byte. */
export type NpyType = '<f2' | '<f4' | '|u1'

/** The header fills whole lines of so many bytes. */
const ALIGNMENT = 64
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0] // \x93NUMPY, version 1.0

/** What comes before the numbers of an array of this shape. */
export function npyHeader(type: NpyType, shape: readonly number[]): Uint8Array {
  const lengths = shape.map((length) => `${length}, `).join('')
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${lengths}), }`
  const before = MAGIC.length + 2
  const length = Math.ceil((before + text.length + 1) / ALIGNMENT) * ALIGNMENT - before
  const header = Buffer.alloc(before + length, ' ')
  header.set(MAGIC)
  header.writeUInt16LE(length, MAGIC.length)
  header.write(text, before, 'latin1')
  header.write('\n', before + length - 1, 'latin1')
  return header
}

/** The bytes of numbers, as every machine that we run on has them: little-endian. */
export function bytesOfNumbers(numbers: Uint8Array | Uint16Array | Float32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}

/** Begins an array of this shape; what is written then are its rows. */
export function beginNpy(file: ExportFile, type: NpyType, shape: readonly number[]): ExportFile {
  file.write(npyHeader(type, shape))
  return file
}
