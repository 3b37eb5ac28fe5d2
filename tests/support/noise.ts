// Generated pictures and numbers that tests share: no file, the same on every machine.
import { parseCard, seededRandom } from '../../model/retrieval.ts'
import type { Card, Photo } from '../../model/retrieval.ts'

/** Noise that makes filters overshoot: byte i is the top byte of i * 2654435761 modulo 2^32. */
export function noisePhoto(width: number, height: number): Photo {
  const rgb = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => Math.imul(i, 2654435761) >>> 24
  )
  return { rgb, width, height }
}

/** A valid card of a backbone that does not exist. */
export function exampleCard(input: Partial<Card['input']> = {}): Card {
  return parseCard({
    name: 'example',
    title: 'An example',
    file: 'example.onnx',
    sha256: '0'.repeat(64),
    input: {
      name: 'pixels',
      layout: 'NCHW',
      channels: 'RGB',
      size: 32,
      resize: { shortSide: 36, filter: 'bicubic', antialias: true, crop: 'centre' },
      mean: [0, 0, 0],
      scale: [1, 1, 1],
      ...input
    },
    output: { name: 'features', size: 8 },
    licence: 'CC0-1.0',
    origin: 'made for a test'
  })
}

/** Numbers of a seed, uniform in -1..1. */
export function noiseNumbers(length: number, seed: number): Float32Array {
  const random = seededRandom(seed)
  return Float32Array.from({ length }, () => random() * 2 - 1)
}
