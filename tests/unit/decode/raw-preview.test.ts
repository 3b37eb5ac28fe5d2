// The previews of RAW files: the largest one, as the RAW lies, whatever structure it is in.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { decodedFormatOf } from '../../../main/decode/format.ts'
import { decodeWithSharp } from '../../../main/decode/node.ts'
import { rawPreview } from '../../../main/decode/raw-preview.ts'
import type { Pixels } from '../../../main/wire/decoder-contract.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { dngOf } from '../../support/dng-files.ts'
import { drawPicture, meanDifference, picture, sharedEveryPhoto } from '../../support/pictures.ts'
import { stored, turnedJpeg } from '../../support/pictures.ts'
import { RAW_FILES } from '../../support/raw-files.ts'

function decode(file: Buffer, name: string, shortSide = 240): Promise<Pixels> {
  const bytes = new Uint8Array(file)
  const request = { bytes, format: decodedFormatOf(bytes, name), shortSide }
  const signal = new AbortController().signal
  return decodeWithSharp({ ...request, thumbnail: false, subject: name }, signal)
}

/** A JPEG without EXIF that is stored as one with this orientation is. */
async function storedAs(orientation: number, width: number, height: number): Promise<Buffer> {
  const jpeg = await turnedJpeg(orientation, width, height)
  // Its EXIF segment is taken out.
  const at = jpeg.indexOf(Buffer.from('Exif\0\0', 'latin1')) - 4
  assert.equal(jpeg[at + 1], 0xe1)
  const end = at + 2 + jpeg.readUInt16BE(at + 2)
  return Buffer.concat([jpeg.subarray(0, at), jpeg.subarray(end)])
}

test('the largest preview of each maker is shown upright', async () => {
  const small = await picture(320, 220, 3).jpeg().toBuffer()
  for (const [ending, rawOf] of Object.entries(RAW_FILES))
    for (const orientation of [1, 3, 6, 8]) {
      const large = await storedAs(orientation, 480, 300)
      const name = `${ending}, orientation ${orientation}`
      const pixels = await decode(rawOf(orientation, small, large, small), `a.${ending}`)
      assert.deepEqual([pixels.width, pixels.height], [480, 300], name)
      const { pixelWidth: width, pixelHeight: height } = pixels
      assert.ok(meanDifference(pixels.rgb, drawPicture(width, height)) < 4, name)
    }
})

test('a preview that says itself how it lies is believed', async () => {
  const preview = await turnedJpeg(6, 480, 300)
  const pixels = await decode(RAW_FILES['dng']!(3, preview), 'a.dng')
  assert.deepEqual([pixels.width, pixels.height], [480, 300])
})

test('sensor data, thumbnails and broken JPEGs are no previews', async () => {
  const jpeg = await picture(480, 300).jpeg().toBuffer()
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  const lossless = Buffer.from(jpeg)
  lossless[frame + 1] = 0xc3
  const deep = Buffer.from(jpeg)
  deep[frame + 4] = 12
  const thumbnail = await picture(160, 120).jpeg().toBuffer()
  for (const bad of [lossless, deep, thumbnail, jpeg.subarray(0, frame + 8), Buffer.alloc(0)]) {
    const file = RAW_FILES['dng']!(6, bad)
    assert.equal(rawPreview(file), undefined)
    await assert.rejects(
      decode(file, 'a.dng'),
      (error) => isFault(error, 'unsupported-format') && /preview/.test(error.record.received)
    )
    // One that can be shown is found beside it.
    const good = await picture(300, 220).jpeg().toBuffer()
    const { bytes } = rawPreview(Buffer.concat([file, good]))!
    assert.equal(Buffer.from(bytes).includes(good.subarray(20)), true)
  }
})

test('without a preview what the sensor measured is developed, upright', async () => {
  const upright = drawPicture(300, 200)
  for (const orientation of [1, 3, 6, 8]) {
    const isTurned = orientation > 4
    const [width, height] = isTurned ? [200, 300] : [300, 200]
    const { data } = await (await stored(orientation, 300, 200))
      .raw()
      .toBuffer({ resolveWithObject: true })
    const dng = dngOf({ width, height, rgb: data, orientation })
    const pixels = await decode(dng, 'a.dng', 200)
    assert.deepEqual([pixels.width, pixels.height], [300, 200])
    const difference = meanDifference(pixels.rgb, upright)
    assert.ok(difference < 8, `orientation ${orientation} is off by ${difference}`) // its own curve
  }
})

test('sensor data that is not there, or coded in a rare way, is told', async () => {
  const drawn = { width: 300, height: 200, rgb: drawPicture(300, 200) }
  const short = dngOf({ ...drawn, missing: 5000 })
  await assert.rejects(
    decode(short, 'a.dng'),
    (error) => isFault(error, 'corrupt-photo') && /ends before/.test(error.record.received)
  )
  await assert.rejects(
    decode(dngOf({ ...drawn, compression: 34_892 }), 'a.dng'),
    (error) => isFault(error, 'unsupported-format') && /rare kind/.test(error.record.received)
  )
  assert.equal((await decode(dngOf(drawn), 'a.dng')).width, 300) // the next one is read
})

test('the preview ends where its pixels do', async () => {
  for (const progressive of [false, true]) {
    const jpeg = await picture(480, 300).jpeg({ progressive }).toBuffer()
    const { bytes } = rawPreview(RAW_FILES['nef']!(1, jpeg))!
    assert.deepEqual(Buffer.from(bytes), jpeg)
  }
})

const skip = sharedEveryPhoto ? false : 'no ../shared/every-photo here'

test('files of ten makers without their pictures say what is missing', { skip }, async () => {
  const folder = join(sharedEveryPhoto!, 'raw')
  const names = readdirSync(folder)
  assert.ok(names.length >= 10)
  for (const name of names)
    await assert.rejects(
      decode(readFileSync(join(folder, name)), name),
      (error) =>
        isFault(error, 'unsupported-format', 'corrupt-photo') &&
        /without a preview/.test(error.record.received),
      name
    )
})
