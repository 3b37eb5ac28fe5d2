// A photo into the input of a backbone, one output pixel after the other: the reference that the
// fast twin (preprocess.ts) is held against, and plain to read. Equal to Pillow's resize to the
// byte.
import type { Card } from './card.ts'
import { WEIGHT_BITS, frameOf, tapOf } from './resampling.ts'

const HALF = 1 << (WEIGHT_BITS - 1)

/** Fixed point to a byte: rounded to the nearest, clipped to 0..255. */
function toByte(sum: number): number {
  return Math.min(255, Math.max(0, (sum + HALF) >> WEIGHT_BITS))
}

/**
 * Resizes and crops rgb [height, width, 3] by the card's rule to bytes [size, size, 3]. As in
 * Pillow, rows are shrunk first and rounded to bytes before columns are.
 */
export function resizedReference(
  rgb: Uint8Array,
  width: number,
  height: number,
  card: Card
): Uint8Array {
  const { size, resize } = card.input
  const frame = frameOf(resize, size, width, height)
  const square = new Uint8Array(size * size * 3)
  for (let y = 0; y < size; y++) {
    const down = tapOf(resize.filter, height, frame.height, frame.top + y)
    for (let x = 0; x < size; x++) {
      const across = tapOf(resize.filter, width, frame.width, frame.left + x)
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        for (let j = 0; j < down.weights.length; j++) {
          let rowSum = 0
          for (let i = 0; i < across.weights.length; i++) {
            const at = ((down.first + j) * width + across.first + i) * 3 + channel
            rowSum += rgb[at]! * across.weights[i]!
          }
          sum += toByte(rowSum) * down.weights[j]!
        }
        square[(y * size + x) * 3 + channel] = toByte(sum)
      }
    }
  }
  return square
}

/** rgb [height, width, 3] to the values [3, size, size] that the card asks for. */
export function preprocessReference(
  rgb: Uint8Array,
  width: number,
  height: number,
  card: Card
): Float32Array {
  const { size, channels, mean, scale } = card.input
  const square = resizedReference(rgb, width, height, card)
  const values = new Float32Array(3 * size * size)
  for (let channel = 0; channel < 3; channel++) {
    const source = channels === 'RGB' ? channel : 2 - channel
    for (let i = 0; i < size * size; i++)
      values[channel * size * size + i] =
        (square[i * 3 + source]! - mean[channel]!) / scale[channel]!
  }
  return values
}
