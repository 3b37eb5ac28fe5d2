// Decoding in tests: what they ask of either decoder, and the one of plain Node. Test code only.
import assert from 'node:assert/strict'
import { decodedFormatOf } from '../../main/decode/format.ts'
import { decodeWithSharp } from '../../main/decode/node.ts'
import { sharpDecoder } from '../../main/decode/node-large.ts'
import type { Handlers } from '../../main/wire/channel.ts'
import type { DecoderContract, Pixels } from '../../main/wire/decoder-contract.ts'

/** Short side that is asked for, pixels. */
export const SHORT_SIDE = 256

/** What tests look at. */
export type Decoded = Omit<Pixels, 'thumbnail'>

/** What a decoder of tests serves for the large picture. */
export const LARGE_PICTURES: Pick<Handlers<DecoderContract>, 'picture' | 'hold' | 'part'> = {
  picture: async (...call) => ({ bytes: await sharpDecoder.picture(...call) }),
  hold: async (...call) => (await sharpDecoder.hold(...call), {}),
  part: async (...call) => ({ bytes: await sharpDecoder.part(...call) })
}

/** Decodes a file, or throws its Fault. */
export type DecodeFile = (file: Uint8Array, name: string) => Promise<Decoded>

/** In plain Node, at a short side. */
export function inNodeAt(shortSide: number): DecodeFile {
  return async (file, subject) => {
    const bytes = new Uint8Array(file)
    const format = decodedFormatOf(bytes, subject)
    const request = { bytes, format, shortSide, thumbnail: false, subject }
    return decodeWithSharp(request, new AbortController().signal)
  }
}

/** In plain Node. */
export const inNode = inNodeAt(SHORT_SIDE)

/** Of the whole photo, of its pixels, and how many bytes they are. */
export function sizes({ width, height, pixelWidth, pixelHeight, rgb }: Decoded): number[] {
  return [width, height, pixelWidth, pixelHeight, rgb.length]
}

/**
 * A thumbnail is made of pixels: the page draws it, and no byte of a photo may come to be decoded
 * there. Flat pictures have the same bytes everywhere, which says nothing.
 */
export function assertOfPixels(thumbnail: Uint8Array, file: Uint8Array, name: string): void {
  const half = file.length >> 1
  const middle = file.subarray(half, half + 64)
  const isFlat = new Set(middle).size < 32
  if (isFlat) return
  assert.ok(!Buffer.from(thumbnail).includes(Buffer.from(middle)), `${name}: its own bytes`)
}
