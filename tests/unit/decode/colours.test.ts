// Pixels converted by profiles, and what is left as it is.
import assert from 'node:assert/strict'
import test from 'node:test'
import sharp from 'sharp'
import { Colours, spaceOf } from '../../../main/decode/colours.ts'
import { openLittleCms } from '../../../main/decode/little-cms.ts'
import { RGB_PROFILES, greyProfile, storedOf, tableProfile } from '../../support/icc.ts'

const ADOBE = RGB_PROFILES['Adobe RGB']

/** A profile that sharp embeds by its name. */
async function builtIn(name: string): Promise<Buffer> {
  const grey = sharp({ create: { width: 1, height: 1, channels: 3, background: '#888' } })
  const { icc } = await sharp(await grey.withIccProfile(name).jpeg().toBuffer()).metadata()
  assert.ok(icc)
  return icc
}

test('a profile serves pictures of its own kind of colours', () => {
  const inks = tableProfile('CMYK', [0, 1, 2])
  const suits = (profile: Buffer): (string | undefined)[] =>
    [1, 3, 4, undefined].map((channels) => spaceOf(profile, channels))
  assert.deepEqual(suits(ADOBE), ['RGB ', 'RGB ', undefined, 'RGB '])
  assert.deepEqual(suits(greyProfile(1)), ['GRAY', undefined, undefined, 'GRAY'])
  assert.deepEqual(suits(inks), [undefined, undefined, 'CMYK', undefined])
})

test('three of four bytes are converted; the fourth stays', async () => {
  const colours = new Colours(openLittleCms)
  const pixels = Uint8Array.of(200, 60, 50, 7, 255, 255, 255, 0)
  assert.equal(await colours.convert(pixels, tableProfile('RGB ', [1, 2, 0]), 'RGB '), true)
  assert.deepEqual([...pixels], [60, 50, 200, 7, 255, 255, 255, 0])
  // As ImageMagick with Little CMS 2.14 has it.
  const wide = Uint8Array.of(200, 60, 50, 7)
  await colours.convert(wide, ADOBE, 'RGB ')
  assert.deepEqual([...wide], [231, 57, 46, 7])
  const grey = Uint8Array.of(128, 1, 2, 3)
  await colours.convert(grey, greyProfile(1), 'GRAY')
  const light = Math.round(255 * storedOf(128 / 255))
  assert.deepEqual([...grey], [light, light, light, 3])
  const inks = Uint8Array.of(255, 0, 128, 64)
  await colours.convert(inks, tableProfile('CMYK', [3, 2, 0]), 'CMYK')
  assert.deepEqual([...inks], [64, 128, 255, 64])
})

test('more pixels than are converted at once all are', async () => {
  const pixels = new Uint8Array(4 * 150_000).map((_, i) => i % 251)
  const before = pixels.slice()
  await new Colours(openLittleCms).convert(pixels, tableProfile('RGB ', [2, 1, 0]), 'RGB ')
  for (let at = 0; at < pixels.length; at += 4) {
    const [red, green, blue, rest] = before.subarray(at, at + 4)
    assert.deepEqual([...pixels.subarray(at, at + 4)], [blue, green, red, rest])
  }
})

test('what is sRGB, or no profile that can be used, is left alone', async () => {
  const colours = new Colours(openLittleCms)
  for (const profile of [await builtIn('srgb'), Buffer.from(ADOBE).fill(1, 140), Buffer.alloc(200)]) {
    const pixels = Uint8Array.of(200, 60, 50, 7)
    assert.equal(await colours.convert(pixels, profile, 'RGB '), false)
    assert.deepEqual([...pixels], [200, 60, 50, 7])
  }
})

test('many profiles in turns are told apart, and Little CMS is started once', async () => {
  let started = 0
  const colours = new Colours(() => {
    started++
    return openLittleCms()
  })
  const orders: [number, number, number][] = [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
  const profiles = orders.map((order) => tableProfile('RGB ', order))
  const work = Array.from({ length: 60 }, async (_, i) => {
    const pixels = Uint8Array.of(10, 120, 240, 0)
    await colours.convert(pixels, profiles[(i * 7) % 5]!, 'RGB ')
    assert.deepEqual([...pixels.subarray(0, 3)], orders[(i * 7) % 5]!.map((n) => [10, 120, 240][n]))
  })
  await Promise.all(work)
  assert.equal(started, 1)
})

test('a profile that Little CMS does not survive is left out, and the next is converted', async () => {
  let started = 0
  const colours = new Colours(() => {
    started++
    return openLittleCms()
  })
  const pixels = Uint8Array.of(200, 60, 50, 7)
  // Longer than its stack; files may hold no such profile.
  const endless = Buffer.concat([ADOBE, Buffer.alloc(20 * 2 ** 20)])
  assert.equal(await colours.convert(pixels, endless, 'RGB '), false)
  assert.equal(await colours.convert(pixels, ADOBE, 'RGB '), true)
  assert.deepEqual([...pixels], [231, 57, 46, 7])
  assert.equal(started, 2)
  // The same where both wait for it at once.
  const others = Uint8Array.of(200, 60, 50, 7)
  const another = Buffer.concat([endless, Buffer.alloc(4)])
  const both = [colours.convert(pixels, another, 'RGB '), colours.convert(others, ADOBE, 'RGB ')]
  assert.deepEqual(await Promise.all(both), [false, true])
  assert.equal(started, 3)
})
