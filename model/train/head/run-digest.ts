// What tells a run of learning from any other, so that it goes on from a checkpoint of its own
// alone. Pure.
import { digestOf } from './checkpoint.ts'
import type { LearnHeadOptions, Setting } from './head-contract.ts'
import { storedSetting } from './stored-names.ts'

/** Of the options that change a number, and the data. */
export function digestOfRun(
  options: LearnHeadOptions,
  settings: readonly Setting[],
  heldOut: Uint32Array | undefined
): string {
  const { data, start, serving, bits, seed, witness, outside, notKin, repeats = 0 } = options
  const stored = settings.map(storedSetting)
  const rungs = options.rungs ? [options.rungs] : []
  const numbers = [repeats, bits, seed, data.n, data.V, ...(heldOut ?? [])]
  const text = JSON.stringify([stored, ...numbers, ...rungs])
  const arrays = [data.projected, data.views, start.projection.matrix]
  if (options.servingProjected) arrays.push(options.servingProjected)
  for (const { head, codebooks } of [start, serving])
    arrays.push(head.weight, head.bias, codebooks.values)
  arrays.push(Uint16Array.from(witness))
  if (notKin && notKin.length > 0) arrays.push(Float32Array.from(notKin))
  for (const labels of Object.values(outside ?? {})) arrays.push(Float32Array.from(labels))
  return digestOf(text, arrays)
}
