// The kin of many photos, for learning. Runs in the reader, which answers the page in between.
import { cancelled } from '../../wire/fault.ts'
import type { Search } from './search.ts'

/**
 * The `count` nearest of each photo, best first; none of those without a code, or while no model
 * serves. Rejects with Fault cancelled when the signal aborts.
 */
export async function kinOfEach(
  search: Pick<Search, 'serving' | 'vectorsOf' | 'find'>,
  ids: Uint32Array,
  count: number,
  signal: AbortSignal
): Promise<Uint32Array<ArrayBuffer>[]> {
  const kin: Uint32Array<ArrayBuffer>[] = []
  for (const id of ids) {
    await new Promise(setImmediate)
    if (signal.aborted) throw cancelled('kin')
    const vectors = search.serving() && search.vectorsOf(id)
    const found = vectors && search.find([{ vectors, weight: 1 }], { top: count, except: [id] })
    kin.push(Uint32Array.from(found?.ids ?? []))
  }
  return kin
}
