// Makes inverted lists of the codes that an index holds, while that is searched and codes come and
// go. It takes seconds for millions of codes, in parts of some milliseconds.
//
// [Note: what changes while lists are made]
// Of an index, its store tells which ids change: their code is new, gone or moved to another
// position. These are left out, and brought over in the end: so what is read of the others is still
// as it was, wherever reading has come to. An id at a position that is not its own is what a code
// that went left behind.
import type { Codebooks } from '../../quant/codes.ts'
import { inParts, type GiveWay } from './give-way.ts'
import { CoarseQuantizer } from './coarse-quantizer.ts'
import type { Kernels } from './kernel.ts'
import { InvertedLists, pick, pickCodes, type ListsOptions } from './inverted-lists.ts'
import type { Run, Store } from './store.ts'

/** Codes that are read, sorted or moved at a time. */
const PART = 16384
/** Codes that were changed meanwhile and are brought over at a time. */
const LATE = 1024

export interface MakeOptions extends ListsOptions {
  kernels: Kernels
  codebooks: Codebooks
  /** Lists; rounded up to a multiple of 16. */
  lists: number
  seed: number
  giveWay: GiveWay
}

/** What lists are made of. */
export interface Source {
  readonly store: Store
  runs(): Iterable<Run>
}

/**
 * Makes lists of all codes of a source and hands them to `takeOver` in the turn in which they are
 * up to date. Throws RangeError when there is no room.
 */
export async function makeLists(
  source: Source,
  options: MakeOptions,
  takeOver: (lists: InvertedLists) => void
): Promise<void> {
  const { kernels, codebooks, seed, giveWay } = options
  const changed = new Set<number>()
  source.store.onChange = (id) => changed.add(id)
  try {
    const { ids, codes } = await readAll(source, changed, giveWay)
    const coarse = new CoarseQuantizer(kernels, codebooks, options.lists)
    await coarse.train(codes, seed, giveWay)
    const listOf = await coarse.assignAll(codes, giveWay)
    const order = await orderByList(listOf, coarse.lists, giveWay)
    const made = new InvertedLists(kernels, codebooks.M, coarse, options)
    await inParts(order.length, PART, giveWay, (from, to) => {
      const part = order.subarray(from, to)
      made.fill(pick(ids, part), pickCodes(codes, part, codebooks.M / 2), pick(listOf, part))
    })
    while (changed.size > LATE) {
      const late = Uint32Array.from(changed)
      changed.clear()
      await inParts(late.length, LATE, giveWay, (from, to) =>
        bringOver(source.store, made, late.subarray(from, to))
      )
    }
    bringOver(source.store, made, Uint32Array.from(changed))
    takeOver(made)
  } finally {
    source.store.onChange = undefined
  }
}

/** Ids [n] and codes [n, M/2] of all that does not change meanwhile. */
async function readAll(
  source: Source,
  changed: ReadonlySet<number>,
  giveWay: GiveWay
): Promise<{ ids: Uint32Array; codes: Uint8Array }> {
  const { store } = source
  const all = [...source.runs()]
  const most = all.reduce((sum, { count }) => sum + count, 0)
  const ids = new Uint32Array(most)
  const codes = new Uint8Array(most * store.width)
  let n = 0
  for (const run of all)
    await inParts(run.count, PART, giveWay, (from, to) => {
      const position = run.position + from
      for (const part of store.read({ position, count: to - from })) {
        const isWanted = (id: number, i: number): boolean =>
          !changed.has(id) && store.positions.get(id) === position + i
        const places = counted(part.ids.length).filter((i) => isWanted(part.ids[i]!, i))
        ids.set(pick(part.ids, places), n)
        codes.set(pickCodes(part.codes, places, store.width), n * store.width)
        n += places.length
      }
    })
  return { ids: ids.subarray(0, n), codes: codes.subarray(0, n * store.width) }
}

/** Makes ids in lists what they are in a store: gone, or of its code. */
function bringOver(store: Store, lists: InvertedLists, ids: Uint32Array): void {
  const held = ids.filter((id) => store.positions.get(id) >= 0)
  lists.remove(ids.filter((id) => store.positions.get(id) < 0))
  lists.append(held, store.codesOf(held))
}

/** Indices in the order of their lists (a counting sort). */
async function orderByList(
  listOf: Uint16Array,
  lists: number,
  giveWay: GiveWay
): Promise<Uint32Array> {
  const next = new Uint32Array(lists + 1)
  for (const list of listOf) next[list + 1]!++
  for (let list = 0; list < lists; list++) next[list + 1]! += next[list]!
  const order = new Uint32Array(listOf.length)
  await inParts(order.length, 16 * PART, giveWay, (from, to) => {
    for (let i = from; i < to; i++) order[next[listOf[i]!]!++] = i
  })
  return order
}

function counted(n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => i)
}
