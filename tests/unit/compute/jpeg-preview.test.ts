// Small pictures in JPEGs are taken where they show the same, and only there.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { before } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { decodePreview } from '../../../main/compute/decode-preview.ts'
import { previewOf } from '../../../main/compute/jpeg-preview.ts'
import { decodeWithSharp } from '../../../main/decode/node.ts'
import type { Pixels } from '../../../main/wire/decoder-contract.ts'
import { withExif, withMpf, type ExifOptions } from '../../support/exif.ts'
import { picture, sharedEveryPhoto } from '../../support/pictures.ts'

const SIZE = { width: 2400, height: 1600 }
const SHORT_SIDE = 256
const { signal } = new AbortController()
const request = { shortSide: SHORT_SIDE, thumbnail: false, subject: 'a.jpg' }

let large: Buffer
let small: Buffer
before(async () => {
  large = await picture(SIZE.width, SIZE.height).jpeg({ quality: 90 }).toBuffer()
  small = await smallOf(sharp(large))
})

function smallOf(from: Sharp, width = 420, height = 280): Promise<Buffer> {
  return from.resize(width, height, { fit: 'fill' }).jpeg({ quality: 90 }).toBuffer()
}

/** What is taken in place of the whole; undefined where the whole is to be decoded. */
async function taken(file: Buffer): Promise<Pixels | undefined> {
  const preview = previewOf(new Uint8Array(file), SHORT_SIDE)
  return preview && decodePreview(decodeWithSharp, preview, request, signal)
}

async function isTaken(file: Buffer): Promise<boolean> {
  return (await taken(file)) !== undefined
}

function camera(options: Partial<ExifOptions> = {}): Buffer {
  return withExif(large, { ...SIZE, preview: small, ...options })
}

/** Fails unless both show the same, as far as a smaller one can. */
function checkLike(pixels: Pixels | undefined, whole: Pixels, name: string, most = 2): void {
  assert.ok(pixels, name)
  const sizes = (one: Pixels): unknown => [one.width, one.height, one.pixelWidth, one.pixelHeight]
  assert.deepEqual(sizes(pixels), sizes(whole), name)
  const differences = pixels.rgb.map((value, i) => Math.abs(value - whole.rgb[i]!))
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
  assert.ok(mean < most, `${name}: ${mean}`)
}

test('a preview lies as the whole does, whichever way that is, and has its size', async () => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const file = camera({ orientation })
    const whole = { ...request, bytes: new Uint8Array(file), format: 'jpeg' as const }
    checkLike(await taken(file), await decodeWithSharp(whole, signal), `orientation ${orientation}`)
  }
})

test('the smallest that has enough pixels is taken, a little less where there is no other', async () => {
  const tiny = await smallOf(sharp(large), 160, 107)
  assert.equal(await isTaken(camera({ preview: tiny })), false, 'too small')
  const almost = await smallOf(sharp(large), 360, 240)
  assert.equal((await taken(camera({ preview: almost })))?.pixelHeight, 240)
  const two = withMpf(camera({ preview: almost }), await smallOf(sharp(large), 960, 640))
  assert.equal((await taken(two))?.pixelHeight, 256)
  assert.ok((previewOf(new Uint8Array(two), 256)?.bytes.length ?? 0) > almost.length)
})

test('a large thumbnail that MPF lists is taken, a picture of another kind is not', async () => {
  const plain = camera({ preview: undefined })
  assert.equal(await isTaken(plain), false, 'no preview at all')
  assert.equal(await isTaken(withMpf(plain, small)), true)
  assert.equal(await isTaken(withMpf(plain, small, 0)), false, 'a gain map, perhaps')
  assert.equal(await isTaken(withMpf(plain, small, 0x020002)), false, 'the other eye')
  assert.equal(await isTaken(withMpf(plain, small).subarray(0, -100)), false, 'beyond the end')
})

test('a preview that shows something else is not taken', async () => {
  const others: Record<string, Buffer> = {
    'another picture': await smallOf(picture(600, 400, 3)),
    'a mirrored one': await smallOf(sharp(large).flop()),
    'one upside down': await smallOf(sharp(large).rotate(180)),
    'a part': await smallOf(sharp(large).extract({ left: 300, top: 200, width: 1800, height: 1200 })),
    'one in grey': await smallOf(sharp(large).greyscale()),
    'a brighter one': await smallOf(sharp(large).linear(1.2, 10)),
    'another shape': await smallOf(sharp(large), 400, 300),
    'black bars': await smallOf(sharp(large).resize(2400, 1800, { fit: 'contain' }), 400, 300),
    'no picture': Buffer.from('\xff\xd8\xff\xe0 no picture', 'latin1')
  }
  for (const [name, preview] of Object.entries(others))
    assert.equal(await isTaken(camera({ preview })), false, name)
})

test('nor that of a file with signs of a change', async () => {
  assert.equal(await isTaken(camera()), true)
  assert.equal(await isTaken(camera({ changed: '2024:05:06 07:08:11' })), true, 'written at once')
  assert.equal(await isTaken(camera({ changed: '2024:05:07 10:00:00' })), false, 'changed later')
  assert.equal(await isTaken(camera({ changed: '' })), false, 'nobody knows when')
  assert.equal(await isTaken(camera({ width: 4800, height: 3200 })), false, 'made smaller')
  const photoshop = Buffer.from('\xff\xed\0\x10Photoshop 3.0\0', 'latin1')
  const file = camera()
  const marked = Buffer.concat([file.subarray(0, 2), photoshop, file.subarray(2)])
  assert.equal(await isTaken(marked), false, 'a program of pictures was here')
  assert.equal(await isTaken(withExif(file, SIZE)), false, 'two EXIF segments')
})

test('nor that of a file that is damaged, or coded in several passes', async () => {
  const file = camera()
  const half = file.length - Math.floor(large.length / 2)
  assert.equal(await isTaken(file.subarray(0, half)), false, 'cut short')
  const hole = Buffer.from(file)
  hole.fill(0, half, half + 2000)
  assert.equal(await isTaken(hole), false, 'a hole')
  const passes = await sharp(large).jpeg({ progressive: true }).toBuffer()
  assert.equal(await isTaken(withExif(passes, { ...SIZE, preview: small })), false)
  for (let length = 0; length < file.length; length += 997)
    assert.equal(await isTaken(file.subarray(0, length)), false, `${length} bytes`)
})

test('the preview of a P3 photo is converted by the profile of the whole', async () => {
  const wide = await sharp(large).keepIccProfile().withIccProfile('p3').jpeg().toBuffer()
  const inside = await sharp(wide, { ignoreIcc: true }).resize(420, 280).jpeg().toBuffer()
  const file = withExif(wide, { ...SIZE, preview: inside })
  const whole = { ...request, bytes: new Uint8Array(file), format: 'jpeg' as const }
  checkLike(await taken(file), await decodeWithSharp(whole, signal), 'P3')
})

const skip = sharedEveryPhoto ? false : '../shared/every-photo is not there'

test('the preview behind the picture of a real camera is taken', { skip }, async () => {
  const file = readFileSync(join(sharedEveryPhoto ?? '', 'good/two-pictures-mpo.jpg'))
  const whole = { ...request, bytes: new Uint8Array(file), format: 'jpeg' as const }
  checkLike(await taken(file), await decodeWithSharp(whole, signal), 'two-pictures-mpo.jpg', 5)
})
