// The decoder of plain Node on pictures made here, and on real files good and bad where at hand.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import sharp from 'sharp'
import { decodedFormatOf } from '../../../main/decode/format.ts'
import { decodeWithSharp } from '../../../main/decode/node.ts'
import { SHOWN_FORMATS, type Pixels } from '../../../main/wire/decoder-contract.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { badFiles, LIBRARIES } from '../../support/bad-files.ts'
import { assertOfPixels } from '../../support/decoding.ts'
import { HEIC_FILES, checkQuarters } from '../../support/heic-files.ts'
import { drawPicture, meanDifference, picture } from '../../support/pictures.ts'
import { SHOWN_THOUGH_BAD, sharedEveryPhoto, sharedFormats, turnedJpeg } from '../../support/pictures.ts'

function decode(file: Uint8Array, shortSide = 256, thumbnail = false): Promise<Pixels> {
  const bytes = new Uint8Array(file)
  const format = decodedFormatOf(bytes, 'photo')
  const request = { bytes, format, shortSide, thumbnail, subject: 'photo' }
  return decodeWithSharp(request, new AbortController().signal)
}

function sizes(pixels: Pixels): number[] {
  return [pixels.width, pixels.height, pixels.pixelWidth, pixels.pixelHeight, pixels.rgb.length]
}

test('every format gives the same picture', async () => {
  const expected = drawPicture(320, 200)
  for (const format of SHOWN_FORMATS) {
    const bytes = await picture(320, 200).toFormat(format).toBuffer()
    const pixels = await decode(bytes, 200)
    assert.deepEqual(sizes(pixels), [320, 200, 320, 200, 320 * 200 * 3])
    const limit = format === 'gif' ? 12 : 3 // a GIF has 256 colours
    const difference = meanDifference(pixels.rgb, expected)
    assert.ok(difference < limit, `${format} differs by ${difference}`)
  }
})

test('all eight orientations give the same upright picture', async () => {
  const upright = await decode(await turnedJpeg(1, 300, 180), 90)
  assert.deepEqual(sizes(upright), [300, 180, 150, 90, 150 * 90 * 3])
  assert.ok(meanDifference(upright.rgb, drawPicture(150, 90)) < 3)
  for (let value = 2; value <= 8; value++) {
    const turned = await decode(await turnedJpeg(value, 300, 180), 90)
    assert.deepEqual(sizes(turned), sizes(upright))
    assert.ok(meanDifference(turned.rgb, upright.rgb) < 1.5, `orientation ${value}`)
  }
})

test('the short side is scaled down, never up; the thumbnail is a JPEG as large', async () => {
  const scaled = async (width: number, height: number): Promise<number[]> =>
    sizes(await decode(await picture(width, height).jpeg().toBuffer())).slice(2, 4)
  assert.deepEqual(await scaled(1000, 600), [427, 256])
  assert.deepEqual(await scaled(60, 1000), [60, 1000])
  const { thumbnail } = await decode(await picture(1000, 600).jpeg().toBuffer(), 256, true)
  assert.ok(thumbnail)
  const { format, width, height } = await sharp(thumbnail).metadata()
  assert.deepEqual([format, width, height], ['jpeg', 427, 256])
})

test('the thumbnail of a photo that is no larger is made of pixels, not of its bytes', async () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
  const create = { width: 120, height: 90, channels: 3, background: '#888', noise } as const
  const file = await sharp({ create }).jpeg().toBuffer()
  const { thumbnail } = await decode(file, 256, true)
  assert.ok(thumbnail)
  assertOfPixels(thumbnail, file, 'noise')
  assert.throws(() => assertOfPixels(file, file, 'itself'))
})

test('a strip that is longer than any screen is scaled down further', async () => {
  const strip = sharp({ create: { width: 20_000, height: 40, channels: 3, background: '#345' } })
  const pixels = await decode(await strip.png().toBuffer(), 256, true)
  assert.deepEqual(sizes(pixels).slice(0, 4), [20_000, 40, 16_383, 33])
  assert.ok(pixels.thumbnail)
})

test('transparency is laid on white; grey, 16 bits and CMYK become RGB', async () => {
  const clear = sharp({ create: { width: 9, height: 9, channels: 4, background: '#00000000' } })
  const white = await decode(await clear.png().toBuffer())
  assert.ok(white.rgb.every((value) => value === 255))
  const grey = await decode(await picture(30, 20).greyscale().jpeg().toBuffer())
  assert.equal(grey.rgb.length, 30 * 20 * 3)
  assert.equal(grey.rgb[0], grey.rgb[1])
  const deep = await picture(30, 20).toColourspace('rgb16').png().toBuffer()
  assert.ok(meanDifference((await decode(deep)).rgb, drawPicture(30, 20)) < 2)
  const inks = await decode(await picture(30, 20).toColourspace('cmyk').jpeg().toBuffer())
  assert.ok(meanDifference(inks.rgb, drawPicture(30, 20)) < 40) // inks hold fewer colours
})

test('a colour profile is applied: Display P3 and sRGB files show the same', async () => {
  const wide = await picture(60, 40).withIccProfile('p3').png().toBuffer()
  assert.ok(meanDifference((await decode(wide)).rgb, drawPicture(60, 40)) < 1.5)
})

test('the first frame of an animation is taken', async () => {
  const frames = [drawPicture(16, 16, 1), drawPicture(16, 16, 2), drawPicture(16, 16, 3)]
  const raw = { width: 16, height: 48, channels: 3, pageHeight: 16 } as const
  const bytes = await sharp(Buffer.concat(frames), { raw }).webp({ lossless: true }).toBuffer()
  const pixels = await decode(bytes)
  assert.deepEqual(sizes(pixels).slice(0, 2), [16, 16])
  assert.deepEqual(Buffer.from(pixels.rgb), frames[0])
})

test('a file cut short far before its end is refused, in every format', async () => {
  for (const format of SHOWN_FORMATS) {
    const bytes = await picture(600, 400).toFormat(format).toBuffer()
    for (const share of [0.5, 0.7]) {
      await assert.rejects(
        decode(bytes.subarray(0, Math.floor(bytes.length * share))),
        (error) => isFault(error, 'corrupt-photo'),
        `${format} cut at ${share}`
      )
    }
  }
})

test('of many bad files at once each is refused for what it is, and good ones are not', async () => {
  const bad = await badFiles(8)
  const good = await picture(600, 400).jpeg().toBuffer()
  const work = bad.map(async ({ name, file, reason }) => {
    const attempt = async (): Promise<Pixels> => decode(file)
    await assert.rejects(attempt(), (error) => {
      assert.ok(isFault(error, 'corrupt-photo', 'unsupported-format'), name)
      assert.match(error.record.received, reason, name)
      assert.doesNotMatch(error.record.received, LIBRARIES, name)
      return true
    })
    assert.equal((await decode(good)).damage, null)
  })
  await Promise.all(work)
})

const skip = sharedFormats ? false : 'no ../shared/formats here'
const skipEvery = sharedEveryPhoto ? false : 'no ../shared/every-photo here'

test('every bad file is refused with a reason', { skip }, async () => {
  const folder = join(sharedFormats!, 'bad')
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name))
    const attempt = async (): Promise<Pixels> => decode(bytes)
    if (name === SHOWN_THOUGH_BAD) {
      assert.equal((await attempt()).damage?.kind, 'part-broken')
      continue
    }
    const kinds = name.startsWith('bomb')
      ? (['too-large'] as const)
      : (['corrupt-photo', 'unsupported-format'] as const)
    await assert.rejects(
      attempt(),
      (error) => isFault(error, ...kinds) && error.record.received !== '',
      name
    )
  }
})

test('a HEIC is decoded upright, and refused where it is cut short or spoilt', async () => {
  for (const [name, heic] of Object.entries(HEIC_FILES)) {
    const file = Buffer.from(heic.base64, 'base64')
    checkQuarters(await decode(file), heic, name)
    for (const length of [40, 200, file.length - 1])
      await assert.rejects(
        decode(file.subarray(0, length)),
        (error) => isFault(error, 'corrupt-photo') && !/heif|hevc/i.test(error.record.received),
        `${name} cut to ${length}`
      )
  }
  // What a bad file leaves behind spoils no good one.
  const { plain } = HEIC_FILES
  const spoilt = Buffer.from(plain.base64, 'base64')
  spoilt.fill(0xff, spoilt.length - 300)
  await decode(spoilt).catch((error: unknown) => assert.ok(isFault(error, 'corrupt-photo')))
  checkQuarters(await decode(Buffer.from(plain.base64, 'base64')), plain, 'afterwards')
})

test('every HEIC of phones and cameras is decoded', { skip: skipEvery }, async () => {
  const folder = join(sharedEveryPhoto!, 'good')
  const names = readdirSync(folder).filter((name) => /\.(heic|heif|hif)$/i.test(name))
  assert.ok(names.length > 0)
  for (const name of names) {
    const pixels = await decode(readFileSync(join(folder, name)))
    const short = Math.min(pixels.pixelWidth, pixels.pixelHeight)
    assert.ok(short === 256 || short === 240, `${name}: ${short}, its thumbnail at least`)
    const wholeShort = Math.min(pixels.width, pixels.height)
    assert.ok(wholeShort > 2000, `${name}: the size of the whole, ${wholeShort}`)
    const { channels } = await sharp(pixels.rgb, {
      raw: { width: pixels.pixelWidth, height: pixels.pixelHeight, channels: 3 }
    }).stats()
    assert.ok(channels.every(({ stdev }) => stdev > 10), `${name} shows something`)
  }
})

test('many HEICs at once come out as one does', { skip: skipEvery }, async () => {
  const folder = join(sharedEveryPhoto!, 'good')
  const names = ['heic-immich.heic', 'iphone-13.HEIC', 'orientation.heic']
  const files = names.map((name) => readFileSync(join(folder, name)))
  const alone: Pixels[] = []
  for (const file of files) alone.push(await decode(file))
  const many = await Promise.all(Array.from({ length: 24 }, (_, i) => decode(files[i % 3]!)))
  for (const [i, { rgb }] of many.entries())
    assert.ok(Buffer.from(rgb).equals(alone[i % 3]!.rgb), names[i % 3])
})

test('every good file is decoded', { skip }, async () => {
  const folder = join(sharedFormats!, 'good')
  for (const name of readdirSync(folder)) {
    const pixels = await decode(readFileSync(join(folder, name)), 256, true)
    assert.ok(Math.min(pixels.pixelWidth, pixels.pixelHeight) <= 256, name)
    assert.equal(pixels.rgb.length, pixels.pixelWidth * pixels.pixelHeight * 3, name)
  }
})

test('the eight orientations of a camera photo agree', { skip }, async () => {
  const all = [1, 2, 3, 4, 5, 6, 7, 8].map((value) =>
    decode(readFileSync(join(sharedFormats!, `good/orientation-${value}.jpg`)), 128)
  )
  const [upright, ...others] = await Promise.all(all)
  for (const other of others) {
    assert.deepEqual(sizes(other), sizes(upright!))
    assert.ok(meanDifference(other.rgb, upright!.rgb) < 4)
  }
})
