// How near a kin is, in steps that have words: the same on the page and on the command line.
import * as v from 'valibot'

/** Nearest first. `chance`: no more alike than two photos of the library are by chance. */
const NEARNESSES = ['same-picture', 'same-thing', 'same-kind', 'little', 'chance'] as const
export const Nearness = v.picklist(NEARNESSES)
export type Nearness = v.InferOutput<typeof Nearness>

const WORDS: Record<Nearness, string> = {
  'same-picture': 'the same picture',
  'same-thing': 'the same thing',
  'same-kind': 'the same kind',
  little: 'little alike',
  chance: 'alike by chance'
}

/** "the same thing". */
export function nearnessWords(nearness: Nearness): string {
  return WORDS[nearness]
}
