// A library of many photos that were made up at once, all alike to a computer, with codes of a real
// model: for what takes long or writes much. Test code only.
import { openBulk } from '../bench/simulate/bulk.ts'
import { encode, multiplyReference, serialiseQuantizer } from '../../model/retrieval.ts'
import { clusteredFeatures, fitted } from './quantizers.ts'
import { hashOf } from './library.ts'

const [N, D] = [300, 32]
const AT_ONCE = 5000

/** Makes the library in a folder; its photos lie in a folder that is not there. */
export async function largeLibrary(library: string, photos: number): Promise<void> {
  const quantizer = await fitted(N, D, { bits: 64 })
  const features = clusteredFeatures(N, D, 10)
  const { projected, descriptors, codes } = await encode(quantizer, features, multiplyReference)
  const rowOf = <T extends Uint16Array | Uint8Array>(rows: T, row: number): T =>
    rows.subarray((row * rows.length) / N, ((row + 1) * rows.length) / N) as T
  const bulk = openBulk(library, serialiseQuantizer(quantizer), 0)
  const folder = bulk.addAbsentFolder('/nowhere/Photos', 'Photos')
  for (let from = 0; from < photos; from += AT_ONCE)
    bulk.addPhotos(
      Array.from({ length: Math.min(AT_ONCE, photos - from) }, (_, i) => ({
        folder,
        directory: 'all',
        name: `${from + i}.jpg`,
        size: 1000 + from + i,
        modifiedAt: Date.UTC(2020, 0),
        capturedAt: null,
        hash: hashOf(`${from + i}`),
        width: 4000,
        height: 3000,
        favourite: false,
        encoding: {
          projected: rowOf(projected, i % N),
          descriptor: rowOf(descriptors, i % N),
          code: rowOf(codes, i % N)
        }
      }))
    )
  bulk.finish()
}
