// The decoder of the app where the machine lacks something: no photo is to blame. In place of what
// Chromium has and plain Node lacks stand parts of which the test says what they refuse.
import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { decodeWithChromium } from '../../../main/decode/chromium.ts'
import type { Pixels } from '../../../main/wire/decoder-contract.ts'
import { isFault, type FaultKind, type FaultRecord } from '../../../main/wire/fault.ts'
import { picture } from '../../support/pictures.ts'

const [WIDTH, HEIGHT] = [64, 48]

function refuse(): never {
  throw new RangeError('out of memory')
}

/** What Chromium does at its best: a white picture. */
const CHROMIUM = {
  decode: async () => ({ width: WIDTH, height: HEIGHT, close: () => undefined }),
  read: (width: number, height: number) => new Uint8ClampedArray(width * height * 4).fill(255),
  hasCanvas: true
}

async function decode(t: TestContext, chromium: Partial<typeof CHROMIUM> = {}): Promise<Pixels> {
  const { decode: createImageBitmap, read, hasCanvas } = { ...CHROMIUM, ...chromium }
  class OffscreenCanvas {
    getContext(): object | null {
      if (!hasCanvas) return null
      const getImageData = (_x: number, _y: number, width: number, height: number) => ({
        data: read(width, height)
      })
      return { drawImage: () => undefined, getImageData }
    }
  }
  Object.assign(globalThis, { createImageBitmap, OffscreenCanvas })
  t.after(() => {
    Reflect.deleteProperty(globalThis, 'createImageBitmap')
    Reflect.deleteProperty(globalThis, 'OffscreenCanvas')
  })
  const bytes = new Uint8Array(await picture(WIDTH, HEIGHT).png().toBuffer())
  const request = { format: 'png', shortSide: 16, thumbnail: false, subject: 'photo' } as const
  return decodeWithChromium({ ...request, bytes }, new AbortController().signal)
}

async function refusal(decoding: Promise<Pixels>): Promise<FaultRecord> {
  const error: unknown = await decoding.then(
    () => undefined,
    (reason: unknown) => reason
  )
  assert.ok(isFault(error), String(error))
  return error.record
}

async function waits(decoding: Promise<Pixels>, kind: FaultKind): Promise<void> {
  const fault = await refusal(decoding)
  assert.deepEqual([fault.kind, fault.about, fault.passes], [kind, 'photo', true])
}

test('code of ours that cannot be loaded, or finds no memory, is tried again', async (t) => {
  const compile = t.mock.method(WebAssembly, 'compile', () => Promise.reject(new Error('no code')))
  await waits(decode(t), 'internal')
  compile.mock.mockImplementation(() => Promise.reject(new RangeError('out of memory')))
  await waits(decode(t), 'system-busy')
  compile.mock.restore()
  const memory = t.mock.method(WebAssembly, 'Memory', refuse)
  await waits(decode(t), 'system-busy')
  memory.mock.restore()
  const { pixelWidth, pixelHeight, rgb } = await decode(t)
  assert.deepEqual([pixelWidth, pixelHeight], [21, 16])
  assert.ok(rgb.every((value) => value === 255))
})

test('where there is no canvas, or none that can be read, the photo waits', async (t) => {
  await waits(decode(t, { hasCanvas: false }), 'system-busy')
  await waits(decode(t, { read: refuse }), 'system-busy')
})

test('a photo that Chromium does not decode is damaged, for good', async (t) => {
  for (const error of [new RangeError('no such frame'), new Error('no picture')]) {
    const { kind, passes } = await refusal(decode(t, { decode: () => Promise.reject(error) }))
    assert.deepEqual([kind, passes], ['corrupt-photo', false])
  }
})

test('one that is wider than any canvas is too large', async (t) => {
  const wide = async () => ({ width: 65_536, height: 1, close: () => undefined })
  const fault = await refusal(decode(t, { decode: wide, hasCanvas: false }))
  assert.deepEqual([fault.kind, fault.passes], ['too-large', false])
})
