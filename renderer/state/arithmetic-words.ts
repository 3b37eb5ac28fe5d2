// Words on how photos are described: in which numbers, and what it would be like in others. Pure.
import type { Arithmetic, ArithmeticState } from '../../main/wire/arithmetic.ts'

/** How photos are described now, as a sentence or two. */
export function arithmeticSentence({ own, isSlow, offer, isChanging }: ArithmeticState): string {
  if (isChanging) return 'Your photos are being described anew. You find kin as before until then.'
  if (isSlow)
    return (
      'Your photos were described with whole numbers, which this processor adds up slowly. ' +
      'New ones are described in the same way, so that they can be compared.'
    )
  if (own === 'tuned') return 'Your photos are described by the image model that was trained on them.'
  const now =
    own === '8-bit'
      ? 'Your photos are described with whole numbers, the fast way of this processor.'
      : 'Your photos are described with decimal numbers.'
  return offer === '8-bit' ? `${now} This processor does it twice as fast with whole numbers.` : now
}

/** What describing anew is for. */
export function arithmeticOffer(arithmetic: Arithmetic): string {
  return arithmetic === '8-bit'
    ? 'New photos are then described about twice as fast.'
    : 'New photos are then described faster on this processor.'
}
