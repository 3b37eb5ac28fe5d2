// The learning of a head and its codebooks on the user's photos: trials, choice, proof, refit
// (method.md 4). Runs in compute and the command line; no files, no database.
import type { LearnHeadOptions, LearnHeadResult } from './contract.ts'

/**
 * Trains candidates with a tenth of the photos held out, chooses one by the score without labels,
 * and trains it again on all photos.
 * @throws RangeError when data and quantizers do not fit each other
 * @throws what `breathe` rejects with, or the signal's reason
 */
export async function learnHead(options: LearnHeadOptions): Promise<LearnHeadResult> {
  await options.breathe()
  throw new Error('learnHead: not there yet')
}
