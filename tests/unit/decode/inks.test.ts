// The inks of a CMYK JPEG seen apart, and mixed without a profile.
import assert from 'node:assert/strict'
import test from 'node:test'
import sharp from 'sharp'
import { inksApart, makeOpaque, mixInks } from '../../../main/decode/inks.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { picture } from '../../support/pictures.ts'

function inksOf(jpeg: Uint8Array): Promise<Buffer> {
  const photo = sharp(jpeg, { ignoreIcc: true })
  return photo.pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer()
}

const isEven = (value: number): boolean => value === 127 || value === 128

test('of two twins one has even black, the other nothing else than black', async () => {
  for (const progressive of [false, true]) {
    const file = picture(90, 60).toColourspace('cmyk').jpeg({ progressive, quality: 90 })
    const jpeg = await file.toBuffer()
    const [whole, colours, black] = [jpeg, ...inksApart(jpeg, 'photo')].map(inksOf)
    const [all, first, second] = [await whole!, await colours!, await black!]
    assert.ok(new Set(all.filter((_, i) => i % 4 === 3)).size > 20, 'there is black in it')
    for (let at = 0; at < all.length; at += 4) {
      assert.deepEqual(first.subarray(at, at + 3), all.subarray(at, at + 3))
      assert.ok(isEven(first[at + 3]!))
      assert.ok([0, 1, 2].every((ink) => isEven(second[at + ink]!)))
      assert.equal(second[at + 3], all[at + 3])
    }
  }
})

test('a JPEG of other than four components, or without pixels, has no inks', async () => {
  const isCorrupt = (error: unknown): boolean => isFault(error, 'corrupt-photo')
  const colours = await picture(40, 30).jpeg().toBuffer()
  assert.throws(() => inksApart(colours, 'photo'), isCorrupt)
  const inks = await picture(40, 30).toColourspace('cmyk').jpeg().toBuffer()
  inks[inks.indexOf(Buffer.from([0xff, 0xda])) + 1] = 0xd9 // the end in place of the pixels
  assert.throws(() => inksApart(inks, 'photo'), isCorrupt)
})

test('inks mixed without a profile are each times black', () => {
  const pixels = Uint8Array.of(255, 100, 0, 255, 255, 100, 0, 51, 255, 255, 255, 0)
  mixInks(pixels)
  makeOpaque(pixels)
  assert.deepEqual([...pixels], [255, 100, 0, 255, 51, 20, 0, 255, 0, 0, 0, 255])
})
