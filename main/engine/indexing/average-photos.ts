// Averages the descriptors of photos with those of their kin, for a model that wants it (METHOD.md
// 4.9): after a library was encoded, and for photos that came since. Kin are found by their codes
// and put in order by what is stored. Runs in the writer; compute is not needed. Safe to stop and
// repeat: what is still to be averaged stands in the catalogue.
import { setImmediate as breath } from 'node:timers/promises'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import type { Encoding } from '../../catalogue/encoding-table.ts'
import {
  averageWithKin,
  createCodeIndex,
  encodeDescriptors,
  frozenRows,
  fromHalves,
  kinshipRows,
  loadKernels,
  orderByCosine,
  parseQuantizer,
  scanKernels,
  tableOfDirection,
  toHalves
} from '../../../model/retrieval.ts'
import type { CodeIndex, Quantizer } from '../../../model/retrieval.ts'
import type { UsedModel } from '../lines/compute-session.ts'
import type { Context } from '../context.ts'

/** Photos that are averaged from what all of them were before, and written together. */
export const AVERAGED_AT_ONCE = 20_000
/** Candidates that the codes give. */
const CANDIDATES = 48
/** Nearest that are looked at: some may be the same picture once more. */
const LOOKED_AT = 12
/** Photos between two breaths, and codes that are read at a time. */
const BREATH = 64
const CODES_AT_ONCE = 20_000

/** What of the writer it needs. */
export interface AveragingParts extends Pick<Context, 'catalogue' | 'aside'> {
  reader: Pick<Context['reader'], 'changed'>
}

/** Averages what is still to be averaged of a model. `onDone` is told how many were. */
export async function averageAll(
  { catalogue, reader, aside }: AveragingParts,
  model: UsedModel,
  signal: AbortSignal,
  onDone: (photos: number) => void = () => undefined
): Promise<void> {
  const { vectors } = catalogue
  let ids = vectors.unaveraged(model.id, 0, AVERAGED_AT_ONCE)
  if (ids.length === 0) return
  const quantizer = parseQuantizer(model.record)
  const index = await indexOf(catalogue, model.id, quantizer)
  for (; ids.length > 0; ids = vectors.unaveraged(model.id, 0, AVERAGED_AT_ONCE)) {
    const averaged = new Map<number, { from: Encoding; to: Encoding }>()
    for (const [place, id] of ids.entries()) {
      if (place % BREATH === 0) await breath()
      await aside.over(signal)
      signal.throwIfAborted()
      const from = vectors.encoding(id, model.id)
      const to = from && averagedOne(catalogue, { id, model: model.id }, quantizer, index, from)
      if (to) averaged.set(id, { from, to })
    }
    await aside.over(signal)
    const changed: number[] = []
    catalogue.transaction(() => {
      for (const id of ids) {
        const one = averaged.get(id)
        const now = one && vectors.encoding(id, model.id)
        // It may have left, or been described anew, on the way: then it is averaged again.
        if (one && now && isSame(now.descriptor, one.from.descriptor)) {
          vectors.putEncoding(id, model.id, one.to)
          changed.push(id)
        } else if (!now) vectors.dropUnaveraged(id, model.id)
      }
    })
    reader.changed(changed, model.id)
    onDone(changed.length)
  }
}

/** One photo with its kin of now. */
function averagedOne(
  { notKin, vectors }: Catalogue,
  { id, model }: { id: number; model: number },
  { codebooks, projection }: Quantizer,
  index: CodeIndex,
  { projected, descriptor }: Encoding
): Encoding {
  const { M, L } = codebooks
  const table = tableOfDirection(fromHalves(descriptor), codebooks)
  const left = new Set([id, ...notKin.of([id])])
  const near = [...index.search(table, CANDIDATES).ids].filter((other) => !left.has(other))
  const found = vectors.encodings(near, model)
  const rows = withOwn(descriptor, found.descriptors)
  const frozen = frozenRows(withOwn(projected, found.projected), projection)
  const kinship = toHalves(kinshipRows(fromHalves(rows), M * L, frozen))
  const width = kinship.length / (found.ids.length + 1)
  const own = fromHalves(kinship.subarray(0, width))
  const places = Uint32Array.from({ length: found.ids.length }, (_, place) => place + 1)
  const nearest = orderByCosine(own, places, kinship.subarray(width), LOOKED_AT)
  const averaged = toHalves(
    averageWithKin(
      fromHalves(rows),
      M * L,
      { k: nearest.ids.length, indices: nearest.ids, similarities: nearest.scores },
      { length: Math.sqrt(M) }
    ).subarray(0, M * L)
  )
  const code = encodeDescriptors(fromHalves(averaged), codebooks)
  return { projected, descriptor: averaged, code }
}

function withOwn(own: Uint16Array, others: Uint16Array): Uint16Array {
  const rows = new Uint16Array(own.length + others.length)
  rows.set(own)
  rows.set(others, own.length)
  return rows
}

/** The codes of a model as they are now. */
export async function indexOf(
  { vectors }: Catalogue,
  model: number,
  { codebooks }: Quantizer
): Promise<CodeIndex> {
  const index = createCodeIndex({ M: codebooks.M, kernels: loadKernels(await scanKernels()) })
  for (let after = 0; ;) {
    const { ids, codes } = vectors.codes(model, after, CODES_AT_ONCE)
    index.append(ids, codes)
    if (ids.length < CODES_AT_ONCE) return index
    after = ids.at(-1) ?? after
    await breath()
  }
}

function isSame(a: Uint16Array, b: Uint16Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}
