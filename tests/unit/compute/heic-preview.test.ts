// The thumbnail of a HEIC is decoded as a file of its own where it shows the same as the whole.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { decodePreview } from '../../../main/compute/decode-preview.ts'
import { heicPreview } from '../../../main/compute/heic-preview.ts'
import { viewOf } from '../../../main/decode/bytes.ts'
import { readProfile } from '../../../main/decode/colour-profile.ts'
import { extentsOf } from '../../../main/decode/heif-places.ts'
import { decodeWithSharp } from '../../../main/decode/node.ts'
import type { Pixels } from '../../../main/wire/decoder-contract.ts'
import { box } from '../../support/boxes.ts'
import { HEIC_FILES, checkQuarters } from '../../support/heic-files.ts'
import { heicWithThumbnail, type MadeHeic } from '../../support/made-heic.ts'
import { meanDifference, sharedEveryPhoto } from '../../support/pictures.ts'

const SHORT_SIDE = 68 // of which the thumbnail's 64 are enough
const { signal } = new AbortController()
const request = { shortSide: SHORT_SIDE, thumbnail: false, subject: 'a.heic' }

async function taken(file: Buffer, shortSide = SHORT_SIDE): Promise<Pixels | undefined> {
  const preview = heicPreview(new Uint8Array(file), shortSide)
  if (!preview) return undefined
  return decodePreview(decodeWithSharp, { ...preview, rows: null }, request, signal)
}

test('a thumbnail lies as the main picture does, and has its size', async () => {
  const [irot, imir] = [box('irot', Buffer.of(1)), box('imir', Buffer.of(1))]
  for (const [main, { width, height, quarters }] of [
    [[], HEIC_FILES.plain],
    [[irot], HEIC_FILES.turned],
    [[imir], HEIC_FILES.mirrored],
    [[irot, imir], { ...HEIC_FILES.turned, quarters: ['white', 'lime', 'blue', 'red'] }],
    [[imir, irot], { ...HEIC_FILES.turned, quarters: ['red', 'blue', 'lime', 'white'] }]
  ] as const) {
    // What the thumbnail says of its own turn counts for nothing, as before.
    for (const thumbnail of [[], [irot]]) {
      const pixels = await taken(heicWithThumbnail({ main, thumbnail }))
      assert.ok(pixels)
      const whole = { width: width * 10, height: height * 10, quarters } as const
      checkQuarters(pixels, whole, `${main.length} turns`)
      assert.deepEqual([pixels.pixelWidth, pixels.pixelHeight], [width, height])
    }
  }
})

test('the whole is decoded where the thumbnail may show something else, or the file is damaged', async () => {
  const irot = box('irot', Buffer.of(1))
  assert.ok(await taken(heicWithThumbnail()))
  assert.equal(await taken(heicWithThumbnail(), 80), undefined, 'too small')
  const others: Record<string, MadeHeic> = {
    'another shape': { size: [960, 720] },
    'a part of the main picture': { main: [box('clap', Buffer.alloc(32, 1))] },
    'of another picture': { of: 3 },
    'zeros in the main picture': { pixels: Buffer.alloc(4000) },
    'too large to be decoded': { size: [30_000, 20_000] },
    'more turns than a picture needs': { main: Array.from({ length: 20 }, () => irot) },
    'colours larger than any': { main: [box('colr', Buffer.from('prof'), Buffer.alloc(9 << 20))] }
  }
  for (const [name, made] of Object.entries(others))
    assert.equal(await taken(heicWithThumbnail(made)), undefined, name)
  const whole = heicWithThumbnail()
  assert.equal(await taken(whole.subarray(0, -1)), undefined, 'cut off in the thumbnail')
  for (let length = 0; length < whole.length; length += 7)
    assert.equal(heicPreview(new Uint8Array(whole.subarray(0, length)), SHORT_SIDE), undefined)
})

test('pieces that take no bytes in the file are one piece', () => {
  const none = Buffer.alloc(4)
  const sizes = Buffer.of(0, 0) // of offsets, lengths and what lies before them: none
  const items = Buffer.of(0, 2, 0, 5, 0, 0, 255, 255, 0, 6, 0, 0, 0, 1)
  const file = box('meta', none, box('iloc', none, sizes, items))
  assert.deepEqual(extentsOf(viewOf(file), 5), [{ begin: 0, end: 0 }])
})

test('colours that the thumbnail does not name are those of the main picture', async () => {
  const profileOf = (letter: string): Buffer => {
    const profile = Buffer.alloc(200, letter)
    profile.writeUInt32BE(profile.length)
    return profile
  }
  const colour = (profile: Buffer): Buffer => box('colr', Buffer.from('prof'), profile)
  for (const [made, profile] of [
    [{ main: [colour(profileOf('m'))] }, profileOf('m')],
    [{ main: [colour(profileOf('m'))], thumbnail: [colour(profileOf('t'))] }, profileOf('t')],
    [{}, undefined]
  ] as const) {
    const preview = heicPreview(new Uint8Array(heicWithThumbnail(made)), SHORT_SIDE)
    assert.ok(preview)
    const found = await readProfile(preview.bytes, 'heic')
    assert.deepEqual(found && Buffer.from(found), profile)
  }
})

const skip = sharedEveryPhoto ? false : 'no ../shared/every-photo here'

test('real files: a hundredth of the bytes shows what the file shows', { skip }, async () => {
  const folder = join(sharedEveryPhoto!, 'good')
  let found = 0
  for (const name of readdirSync(folder).filter((one) => /\.hei[cf]$/i.test(one))) {
    const bytes = (): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(folder, name)))
    const preview = heicPreview(bytes(), 256)
    if (!preview) continue
    found++
    const options = { ...request, shortSide: 256, subject: name }
    const small = await decodePreview(decodeWithSharp, { ...preview, rows: null }, options, signal)
    // At a larger size the whole is decoded, at this one its thumbnail.
    const large = { ...options, shortSide: 600, bytes: bytes(), format: 'heic' as const }
    const whole = await decodeWithSharp(large, signal)
    assert.ok(small && preview.bytes.length < bytes().length / 20, name)
    assert.deepEqual([small.width, small.height], [whole.width, whole.height], name)
    const same = await decodeWithSharp({ ...large, shortSide: 256, bytes: bytes() }, signal)
    assert.equal(meanDifference(small.rgb, same.rgb), 0, name)
  }
  assert.ok(found >= 3, `${found} have a thumbnail`)
})
