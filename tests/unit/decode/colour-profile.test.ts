// ICC profiles found in files of every format, and nothing taken for one that is none.
import assert from 'node:assert/strict'
import test from 'node:test'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { readProfile } from '../../../main/decode/colour-profile.ts'
import { decodedFormatOf } from '../../../main/decode/format.ts'
import { SHOWN_FORMATS } from '../../../main/wire/decoder-contract.ts'
import { RGB_PROFILES, jpegWith, pngChunk, pngWith } from '../../support/icc.ts'
import { picture } from '../../support/pictures.ts'

const ICC = RGB_PROFILES['Adobe RGB']

async function profileOf(file: Buffer): Promise<Buffer | undefined> {
  const bytes = new Uint8Array(file)
  const format = decodedFormatOf(bytes, 'photo')
  assert.ok(format !== 'raw')
  const profile = await readProfile(bytes, format)
  return profile && Buffer.from(profile)
}

test('the profile is the one that sharp put there, in every format that has one', async () => {
  for (const format of SHOWN_FORMATS) {
    const file = await picture(40, 30).withIccProfile('p3').toFormat(format).toBuffer()
    const { icc } = await sharp(file).metadata()
    assert.equal(icc === undefined, format === 'gif')
    assert.deepEqual(await profileOf(file), icc, format)
    const bare = await picture(40, 30).toFormat(format).toBuffer()
    assert.equal(await profileOf(bare), undefined, format)
  }
})

test('pieces of a JPEG are joined by their numbers; one that lacks any has none', async () => {
  const whole = jpegWith(await picture(40, 30).jpeg().toBuffer(), ICC, 100)
  assert.deepEqual(await profileOf(whole), ICC)
  const pieces = Math.ceil(ICC.length / 100)
  const pieceAt = (i: number): number => 2 + i * 118
  const [first, second] = [whole.subarray(2, 120), whole.subarray(120, 238)]
  const swapped = Buffer.concat([whole.subarray(0, 2), second, first, whole.subarray(238)])
  assert.deepEqual(await profileOf(swapped), ICC)
  for (let i = 0; i < pieces - 1; i++) {
    const cut = Buffer.concat([whole.subarray(0, pieceAt(i)), whole.subarray(pieceAt(i + 1))])
    assert.equal(await profileOf(cut), undefined)
  }
})

test('a profile in a PNG counts as far as its zlib stream can be read', async () => {
  const png = await picture(40, 30).png().toBuffer()
  assert.deepEqual(await profileOf(pngWith(png, ICC)), ICC)
  const chunk = (stream: Buffer): Buffer => pngChunk(png, 'iCCP', Buffer.concat([Buffer.from('x\0\0'), stream]))
  const stream = deflateSync(ICC)
  assert.deepEqual(await profileOf(chunk(Buffer.concat([stream, Buffer.from('more')]))), ICC)
  assert.equal(await profileOf(chunk(stream.subarray(0, stream.length >> 1))), undefined)
  assert.equal(await profileOf(chunk(Buffer.from('no stream'))), undefined)
})

test('a stream that unpacks into far more than a profile is none', async () => {
  const huge = Buffer.alloc(64 * 2 ** 20)
  ICC.copy(huge)
  huge.writeUInt32BE(huge.length)
  assert.equal(await profileOf(pngWith(await picture(40, 30).png().toBuffer(), huge)), undefined)
})

test('named colours of a PNG go before its profile, and that before its gamma', async () => {
  const plain = await picture(40, 30).png().toBuffer()
  const png = pngWith(plain, ICC)
  const gamma = Buffer.from([0, 1, 0x86, 0xa0]) // 1
  assert.equal(await profileOf(pngChunk(png, 'cICP', Buffer.from([1, 13, 0, 1]))), undefined)
  const wide = await profileOf(pngChunk(png, 'cICP', Buffer.from([12, 13, 0, 1])))
  assert.ok(wide && !ICC.equals(wide))
  assert.deepEqual(await profileOf(pngChunk(png, 'gAMA', gamma)), ICC)
  assert.ok(await profileOf(pngChunk(plain, 'gAMA', gamma)))
  const both = pngChunk(pngChunk(plain, 'gAMA', gamma), 'sRGB', Buffer.from([0]))
  assert.equal(await profileOf(both), undefined)
})

test('a profile that says it is longer than it is, or too short for one, is none', async () => {
  const jpeg = await picture(40, 30).jpeg().toBuffer()
  const long = Buffer.from(ICC)
  long.writeUInt32BE(ICC.length + 1)
  assert.equal(await profileOf(jpegWith(jpeg, long)), undefined)
  assert.equal(await profileOf(jpegWith(jpeg, ICC.subarray(0, 127))), undefined)
  assert.deepEqual(await profileOf(jpegWith(jpeg, Buffer.concat([ICC, Buffer.alloc(9)]))), ICC)
})
