// Encodings as a library keeps them: of a quantizer that averages, descriptors are averaged with
// those of their kin before they get a code, and codebooks are fitted to these (METHOD.md 4.9).
// Runs in compute and the command line; the engine does the same of what is stored.
import { encodeDescriptors } from '../../quant/codes.ts'
import { AVERAGED, averageWithKin, kinshipRows } from '../../quant/average.ts'
import { encodeProjected } from '../../quant/encode.ts'
import type { EncodeCodes, Encoded } from '../../quant/encode.ts'
import { fitCodebooks } from '../../quant/fit.ts'
import { fromHalves, toHalves } from '../../quant/float16.ts'
import { frozenRows } from '../../quant/frozen.ts'
import type { Multiply } from '../../quant/multiply.ts'
import type { Projection } from '../../quant/projection.ts'
import type { Quantizer } from '../../quant/quantizer.ts'
import { seededRandom } from '../../quant/random.ts'
import { nearestRows } from './neighbour-graph.ts'
import { notKinOf } from './not-kin.ts'
import type { NotKin } from './not-kin.ts'

/** Nearest that are looked at: some of them may be the same picture once more. */
const LOOKED_AT = AVERAGED + 7

/** A quantizer as far as it encodes; one that averages needs its projection to know who is near. */
export type Averaging = Pick<Quantizer, 'head' | 'codebooks'> &
  ({ averages?: false } | Pick<Quantizer, 'averages' | 'projection'>)

/** Projected features [n, 256] of a whole library to the descriptors and codes that it keeps. */
export async function encodeLibrary(
  quantizer: Averaging,
  projected: Uint16Array,
  {
    multiply,
    encodeCodes = encodeDescriptors,
    notKin = notKinOf()
  }: { multiply: Multiply; encodeCodes?: EncodeCodes | undefined; notKin?: NotKin }
): Promise<Omit<Encoded, 'projected'>> {
  const encoded = await encodeProjected(quantizer, projected, multiply, encodeCodes)
  if (!quantizer.averages) return encoded
  const { codebooks } = quantizer
  const frozen = frozenRows(projected, quantizer.projection)
  const averaged = await averageAll(encoded.descriptors, codebooks, frozen, notKin)
  const descriptors = toHalves(averaged)
  return { descriptors, codes: encodeCodes(fromHalves(descriptors), codebooks) }
}

/** The same quantizer, averaging: with codebooks that are fitted to averaged descriptors. */
export async function averagedQuantizer<T extends Pick<Quantizer, 'head' | 'codebooks'>>(
  quantizer: T,
  projection: Projection,
  projected: Uint16Array,
  { multiply, notKin, seed }: { multiply: Multiply; notKin: NotKin; seed: number }
): Promise<T & { averages: true; projection: Projection }> {
  const { descriptors } = await encodeProjected(quantizer, projected, multiply)
  const frozen = frozenRows(projected, projection)
  const averaged = await averageAll(descriptors, quantizer.codebooks, frozen, notKin)
  const codebooks = await fitCodebooks(averaged, quantizer.codebooks, seededRandom(seed))
  return { ...quantizer, projection, averages: true, codebooks }
}

/** Descriptors (f16 [n, M*L]) averaged, [n, M*L] of length sqrt(M). */
async function averageAll(
  descriptors: Uint16Array,
  { M, L }: Quantizer['codebooks'],
  frozen: Float32Array,
  notKin: NotKin
): Promise<Float32Array> {
  const size = M * L
  const rows = fromHalves(descriptors)
  const kinship = kinshipRows(rows, size, frozen)
  const nearest = await nearestRows(kinship, kinship.length / (rows.length / size), LOOKED_AT)
  return averageWithKin(rows, size, { ...nearest, notKin }, { length: Math.sqrt(M) })
}
