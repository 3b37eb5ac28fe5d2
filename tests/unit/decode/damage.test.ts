// Damage in proportion, in plain Node: what is read, what is marked, what is refused, and that no
// honest picture is taken for a damaged one.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { cropped, soundPart } from '../../../main/compute/crop-pixels.ts'
import { decodedFormatOf } from '../../../main/decode/format.ts'
import { judge } from '../../../main/decode/judge.ts'
import { checkScans } from '../../../main/decode/jpeg-scans.ts'
import { decodeWithSharp } from '../../../main/decode/node.ts'
import type { Pixels } from '../../../main/wire/decoder-contract.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { seededRandom } from '../../../model/retrieval.ts'
import { damagedFiles, busy, cut, withBytes } from '../../support/damaged-files.ts'
import { meanDifference, picture, sharedEveryPhoto, sharedPhotos } from '../../support/pictures.ts'

function decode(file: Uint8Array, subject = 'photo'): Promise<Pixels> {
  const bytes = new Uint8Array(file)
  const format = decodedFormatOf(bytes, subject)
  const request = { bytes, format, shortSide: 400, thumbnail: false, subject }
  return decodeWithSharp(request, new AbortController().signal)
}

/** What a file becomes, and its pixels. */
async function became(file: Uint8Array): Promise<{ verdict: string; pixels?: Pixels }> {
  try {
    const pixels = await decode(file)
    return { verdict: pixels.damage?.kind ?? 'whole', pixels }
  } catch (error) {
    if (!isFault(error, 'corrupt-photo')) throw error
    return { verdict: 'refused' }
  }
}

test('damaged files of every kind are read, marked or refused', async () => {
  for (const { name, file, becomes, whole } of await damagedFiles()) {
    const { verdict, pixels } = await became(file)
    assert.equal(verdict, becomes, name)
    if (!pixels) continue
    const sound = pixels.damage?.sound ?? { left: 0, top: 0, width: 1, height: 1 }
    const difference = meanDifference(
      cropped(pixels, sound).rgb,
      cropped(await decode(whole), sound).rgb
    )
    // What is whole is as it was, and so are the rows above missing ones; some rows, some details
    // may be lost of others.
    const limit = { whole: 0.1, 'end-missing': 1.5, coarse: 4, 'part-broken': 50, refused: 0 }
    assert.ok(difference <= limit[becomes], `${name} differs by ${difference}`)
    if (becomes === 'end-missing') assert.ok(sound.height >= 0.85 && sound.height < 1, name)
  }
})

test('missing rows are left out of what a photo is described by, however it lies', async () => {
  for (let value = 1; value <= 8; value++) {
    const whole = await busy(640, 480).jpeg().withMetadata({ orientation: value }).toBuffer()
    const pixels = await decode(cut(whole, 0.95))
    const expected = await decode(whole)
    assert.equal(pixels.damage?.kind, 'end-missing')
    const part = soundPart(pixels)
    assert.ok(part.rgb.length < pixels.rgb.length && part.rgb.length > 0.85 * pixels.rgb.length)
    const same = cropped(expected, pixels.damage.sound)
    const difference = meanDifference(part.rgb, same.rgb)
    assert.ok(difference < 2, `orientation ${value} differs by ${difference}`)
    assert.ok(meanDifference(pixels.rgb, expected.rgb) > 2, 'and shown it is with them')
  }
})

/** The share of squares of 8 pixels that show what they showed. */
function shareOf(before: Uint8Array, after: Uint8Array, width: number, height: number): number {
  let [right, all] = [0, 0]
  for (let top = 0; top < height; top += 8)
    for (let left = 0; left < width; left += 8) {
      let sum = 0
      for (let y = top; y < top + 8; y++)
        for (let at = 3 * (y * width + left); at < 3 * (y * width + left + 8); at++)
          sum += Math.abs(before[at]! - after[at]!)
      all++
      if (sum < 8 * 192) right++
    }
  return right / all
}

test('of flipped bits and stray bytes that spoil a picture most are seen', async () => {
  const [width, height] = [320, 240]
  const random = seededRandom(3)
  let [spoilt, seen] = [0, 0]
  for (let i = 0; i < 80; i++) {
    const file = new Uint8Array(await picture(width, height, i).jpeg({ quality: 85 }).toBuffer())
    const rgb = async (jpeg: Uint8Array): Promise<Uint8Array> =>
      sharp(jpeg, { failOn: 'none' }).raw().toBuffer()
    const place = Math.floor(file.length * (0.3 + 0.5 * random()))
    const stray = 17 * i % 255
    const spoiled = i % 2 === 0 ? file.slice() : new Uint8Array(withBytes(file, place, stray))
    if (i % 2 === 0) spoiled[place]! ^= 1 << (i % 8)
    if (spoiled.includes(0xff, place - 1) && spoiled.indexOf(0xff, place - 1) <= place + 1) continue
    if (shareOf(await rgb(file), await rgb(spoiled), width, height) >= 0.9) continue
    spoilt++
    if (judge(spoiled, 'jpeg', 'photo').damage !== null) seen++
  }
  assert.ok(spoilt > 40, `${spoilt} pictures spoilt`)
  // Of these drawn pictures, which have few colours; of photos nine tenths are seen.
  assert.ok(seen >= 0.55 * spoilt, `${seen} of ${spoilt} seen`)
})

test('a large file is walked where its markers or long stretches raise a doubt', async () => {
  const file = new Uint8Array(await busy(2400, 1600).jpeg({ quality: 95 }).toBuffer())
  assert.ok(file.length > 2 ** 18)
  assert.deepEqual(judge(file, 'jpeg', 'photo'), { bytes: file, damage: null })
  for (const damaged of [cut(file, 0.5), file.slice().fill(0, file.length / 2, file.length / 1.9)])
    assert.throws(() => checkScans(damaged, 'photo'), (error) => isFault(error, 'corrupt-photo'))
  assert.equal(judge(new Uint8Array(cut(file, 0.97)), 'jpeg', 'photo').damage?.kind, 'end-missing')
  for (const other of ['What was written over it, a text. ', 'U\xaa']) {
    const spoiled = file.slice()
    spoiled.set(Buffer.alloc(file.length / 10, other, 'latin1'), Math.floor(file.length / 2))
    const { verdict } = await became(spoiled)
    assert.notEqual(verdict, 'whole', other)
  }
})

test('flat and drawn pictures are whole', async () => {
  const flat = (background: string): Sharp =>
    sharp({ create: { width: 600, height: 400, channels: 3, background } })
  const half = await busy(600, 160).png().toBuffer()
  const pictures = [
    ...['#000', '#fff', '#808080', '#123456'].map((background) => flat(background)),
    flat('#fff').composite([{ input: half, gravity: 'north' }]),
    flat('#808080').composite([{ input: half, gravity: 'south' }]),
    busy(3, 2),
    busy(16, 900)
  ]
  for (const [i, one] of pictures.entries()) {
    for (const options of [
      {},
      { progressive: true },
      { optimiseCoding: false },
      { quality: 100, chromaSubsampling: '4:4:4' }
    ]) {
      const file = new Uint8Array(await one.clone().jpeg(options).toBuffer())
      const name = `${i} ${JSON.stringify(options)}`
      assert.deepEqual(judge(file, 'jpeg', name), { bytes: file, damage: null }, name)
    }
    for (const options of [{}, { palette: true }, { progressive: true }]) {
      const file = new Uint8Array(await one.clone().png(options).toBuffer())
      assert.deepEqual(judge(file, 'png', 'photo'), { bytes: file, damage: null })
    }
    for (const options of [{}, { progressive: true }, { colours: 2 }]) {
      const file = new Uint8Array(await one.clone().gif(options).toBuffer())
      assert.deepEqual(judge(file, 'gif', 'photo'), { bytes: file, damage: null })
    }
    for (const options of [{}, { quality: 20 }, { lossless: true }]) {
      const file = new Uint8Array(await one.clone().webp(options).toBuffer())
      assert.deepEqual(judge(file, 'webp', 'photo'), { bytes: file, damage: null })
    }
  }
})

test('interlaced, grey, deep and palette PNGs keep their rows', async () => {
  for (const options of [{ progressive: true }, { palette: true, colours: 16 }]) {
    const file = new Uint8Array(await busy(300, 600).png(options).toBuffer())
    assert.equal((await became(file)).verdict, 'whole')
    assert.equal((await became(cut(file, 0.4))).verdict, 'refused')
    const { verdict, pixels } = await became(cut(file, 0.98))
    assert.equal(verdict, 'end-missing')
    const sound = pixels!.damage!.sound
    const expected = cropped(await decode(file), sound).rgb
    assert.ok(meanDifference(cropped(pixels!, sound).rgb, expected) < 0.5, JSON.stringify(options))
  }
})

const skipHeic = sharedEveryPhoto ? false : 'no ../shared/every-photo here'

test('a HEIC of tiles loses those that are not there', { skip: skipHeic }, () => {
  for (const name of ['iphone-13.HEIC', 'heic-immich.heic']) {
    const file = new Uint8Array(readFileSync(join(sharedEveryPhoto!, 'good', name)))
    assert.deepEqual(judge(file, 'heic', name), { bytes: file, damage: null })
    assert.throws(
      () => judge(new Uint8Array(cut(file, 0.5)), 'heic', name),
      (error) => isFault(error, 'corrupt-photo')
    )
    const { damage } = judge(new Uint8Array(cut(file, 0.94)), 'heic', name)
    assert.equal(damage?.kind, 'end-missing', name)
    assert.ok(damage.rows >= 0.8 && damage.rows < 1, name)
  }
})

const skip = sharedPhotos ? false : 'no ../shared/photos here'

test('no real photo is taken for a damaged one', { skip }, () => {
  let photos = 0
  for (const name of readdirSync(sharedPhotos!, { recursive: true, encoding: 'utf8' })) {
    if (!/\.jpe?g$/i.test(name)) continue
    if (photos++ % 10 > 0) continue // all of them were tried: it takes half a minute
    const file = new Uint8Array(readFileSync(join(sharedPhotos!, name)))
    assert.deepEqual(judge(file, 'jpeg', name), { bytes: file, damage: null }, name)
  }
  assert.ok(photos > 0)
})

test('bad bytes of any kind give a fault or a picture, nothing else', async () => {
  const file = new Uint8Array(await busy(96, 80).jpeg({ progressive: true }).toBuffer())
  for (let at = 2; at < file.length; at += 7) {
    const spoilt = withBytes(file, at, 0xff, 0xc4 + (at % 30))
    try {
      judge(new Uint8Array(spoilt), 'jpeg', 'photo')
    } catch (error) {
      if (!isFault(error, 'corrupt-photo')) throw error
    }
  }
})
