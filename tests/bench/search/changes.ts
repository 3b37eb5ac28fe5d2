// The cost of everything but searching: encoding, bulk loading, adding and removing one by one, and
// bytes resident. Plain Node.
import { encodeDescriptors } from '../../../model/quant/codes.ts'
import { normal, seededRandom } from '../../../model/quant/random.ts'
import { createEncoder } from '../../../model/search/simd/encoder.ts'
import { FlatIndex } from '../../../model/search/simd/flat-index.ts'
import type { Kernels } from '../../../model/search/simd/kernel.ts'
import { galleryOf, idsUpTo } from './data.ts'
import { took } from './timing.ts'

const ONE_BY_ONE = 20_000
const ENCODED = 20_000

/** Prints a line for each size of code, over n codes. */
export function timeChanges(kernels: Kernels, n: number, say: (line: string) => void): void {
  say(`\nChanges (${n} codes), of the CPU`)
  const heads = ['us encode', '(reference)', 'ns load', 'ns add one', 'ns remove', 'bytes']
  say(`${' '.repeat(10)}${heads.map((head) => head.padStart(12)).join('')}`)
  for (const bits of [16, 32, 64, 128]) {
    const { codebooks, codes } = galleryOf(n, bits / 4, 1)
    const random = seededRandom(2)
    const rows = Float32Array.from({ length: ENCODED * 128 }, () => normal(random))
    const encode = createEncoder(kernels, codebooks)
    encode(rows)
    const index = new FlatIndex(kernels, codebooks.M)
    const ids = idsUpTo(n)
    const width = codebooks.M / 2
    const each = (work: () => void, count: number): number => took(work).busy / count
    const cells = [
      1e3 * each(() => encode(rows), ENCODED),
      1e3 * each(() => encodeDescriptors(rows, codebooks), ENCODED),
      1e6 * each(() => index.append(ids, codes), n),
      1e6 * each(() => {
        for (let i = 0; i < ONE_BY_ONE; i++)
          index.append(Uint32Array.of(n + 1 + i), codes.subarray(i * width, (i + 1) * width))
      }, ONE_BY_ONE),
      1e6 * each(() => {
        for (let i = 0; i < ONE_BY_ONE; i++) index.remove(Uint32Array.of(1 + i))
      }, ONE_BY_ONE),
      index.bytes / index.size
    ]
    const line = cells.map((cell) => cell.toPrecision(3).padStart(12)).join('')
    say(`${String(bits).padStart(5)} bits${line}`)
  }
}
