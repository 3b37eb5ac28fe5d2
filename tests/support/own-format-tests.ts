// What every decoder window must do with formats that Chromium does not know: see `testDecoder`.
// Test code only.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import sharp from 'sharp'
import { isFault, type FaultKind } from '../../main/wire/fault.ts'
import { bmpCases } from './bmp-files.ts'
import { inNode, sizes, type DecodeFile } from './decoding.ts'
import { dngOf } from './dng-files.ts'
import { exifBlock, jpegWithExif } from './exif-blocks.ts'
import { HEIC_FILES, checkQuarters } from './heic-files.ts'
import { JXL_FILES } from './jxl-files.ts'
import { MOVING_AVIF, MOVING_QUARTERS } from './moving-avif.ts'
import { endlessGif, movingCases } from './moving-files.ts'
import { drawPicture, meanDifference, picture } from './pictures.ts'
import { pnmCases } from './pnm-files.ts'
import { psdCases } from './psd-files.ts'
import { GREY_OF_12_BITS, RARE_JPEGS } from './rare-jpegs.ts'
import { RAW_FILES } from './raw-files.ts'
import { pageOf, tiffCases, tiffOf, turnedTiff, type PictureCase } from './tiff-files.ts'

/** Runs every test of these formats on a decoder that is open. */
export async function testOwnFormats(t: TestContext, decode: DecodeFile): Promise<void> {
  async function showsAll(cases: Record<string, PictureCase>): Promise<void> {
    for (const [name, { file, width, height, expected, limit }] of Object.entries(cases)) {
      const [ours, theirs] = [await decode(file, name), await inNode(file, name)]
      assert.deepEqual(sizes(ours), [width, height, width, height, expected.length], name)
      assert.deepEqual(sizes(ours), sizes(theirs), name)
      const between = meanDifference(ours.rgb, theirs.rgb)
      assert.ok(between < 1, `${name} differs by ${between}`)
      const difference = meanDifference(ours.rgb, expected)
      assert.ok(difference < limit, `${name} is off by ${difference}`)
    }
  }

  await t.test('HEIC: the main picture upright, with 8 and 10 bits', async () => {
    for (const [name, heic] of Object.entries(HEIC_FILES)) {
      const file = Buffer.from(heic.base64, 'base64')
      const [ours, theirs] = [await decode(file, name), await inNode(file, name)]
      assert.deepEqual(sizes(ours), sizes(theirs), name)
      const difference = meanDifference(ours.rgb, theirs.rgb)
      assert.ok(difference < 1, `${name} differs by ${difference}`)
      checkQuarters(ours, heic, name)
    }
  })

  await t.test('JPEGs of rare kinds, as they lie, and RAWs without a preview', async () => {
    for (const one of [decode, inNode])
      await assert.rejects(
        one(Buffer.from(GREY_OF_12_BITS, 'base64'), 'deep.jpg'),
        (error) => isFault(error, 'unsupported-format') && /12 bits/.test(error.record.received)
      )
    for (const [name, jpeg] of Object.entries(RARE_JPEGS)) {
      const file = Buffer.from(jpeg.base64, 'base64')
      const [ours, theirs] = [await decode(file, name), await inNode(file, name)]
      assert.deepEqual(ours.rgb, theirs.rgb, name)
      checkQuarters(ours, jpeg, name)
    }
    const [arithmetic] = Object.values(RARE_JPEGS)
    const turned = jpegWithExif(Buffer.from(arithmetic!.base64, 'base64'), [exifBlock([6])])
    const dng = dngOf({ width: 600, height: 400, rgb: drawPicture(600, 400), orientation: 6 })
    for (const [name, file, size] of [
      ['turned.jpg', turned, [64, 96]],
      ['a.dng', dng, [400, 600]]
    ] as const) {
      const [ours, theirs] = [await decode(file, name), await inNode(file, name)]
      assert.deepEqual([ours.width, ours.height], size, name)
      assert.deepEqual(ours.rgb, theirs.rgb, name)
    }
  })

  await t.test('TIFF: the first full picture, however it is stored', async () => {
    await showsAll(await tiffCases())
    const upright = drawPicture(300, 180)
    for (let value = 1; value <= 8; value++) {
      const file = await turnedTiff(value, 300, 180)
      for (const { width, height, rgb } of [await decode(file, 't'), await inNode(file, 't')]) {
        assert.deepEqual([width, height], [300, 180])
        assert.ok(meanDifference(rgb, upright) < 3, `orientation ${value}`)
      }
    }
  })

  await t.test('TIFF: what is cut short, spoilt, too large or of a rare kind', async () => {
    const whole = tiffOf([pageOf(300, 200)])
    const lzw = await picture(300, 200).tiff({ compression: 'lzw' }).toBuffer()
    const large = pageOf(8, 8, 0, { tags: { 256: 60_000, 257: 60_000 } })
    const cut = pageOf(300, 200, 0, { tags: { 257: 400, 278: 400 } })
    const rare = pageOf(8, 8, 0, { tags: { 259: 34_925 } }) // LZMA
    const inside = pageOf(8, 8, 0, { tags: { 259: 34_933 } }) // a PNG
    const measured = pageOf(8, 8, 0, { tags: { 262: 32_803 } })
    const refusals: [name: string, file: Buffer, kind: FaultKind][] = [
      ['cut in its directory', whole.subarray(0, whole.length - 20), 'corrupt-photo'],
      ['cut in its pixels', tiffOf([cut]), 'corrupt-photo'],
      ['spoilt', Buffer.from(lzw).fill(0xff, 100, lzw.length - 400), 'corrupt-photo'],
      ['nothing in it', Buffer.from('II*\0\0\0\0\0', 'latin1'), 'corrupt-photo'],
      ['too large', tiffOf([large]), 'too-large'],
      ['a rare kind', tiffOf([rare]), 'unsupported-format'],
      ['compressed as PNG', tiffOf([inside]), 'unsupported-format'],
      ['sensor data alone', tiffOf([measured]), 'unsupported-format']
    ]
    for (const [name, file, kind] of refusals)
      for (const how of [decode, inNode])
        await assert.rejects(how(file, 'a.tif'), (error) => {
          assert.ok(isFault(error, kind), `${name}: ${String(error)}`)
          assert.doesNotMatch(error.record.received, /magick|tiff?lib|libtiff|@/i)
          return true
        })
    // What a bad file leaves behind spoils no good one.
    assert.equal((await decode(whole, 'a.tif')).width, 300)
  })

  await t.test('Photoshop: the composite, in every mode', async () => {
    await showsAll(await psdCases())
  })

  await t.test('BMP: of every kind', async () => {
    await showsAll(await bmpCases())
  })

  await t.test('PNM: of every kind; what is cut short is damaged', async () => {
    await showsAll(pnmCases())
    const { file } = pnmCases()['P6']!
    for (const how of [decode, inNode])
      for (const length of [12, 40, 1000])
        await assert.rejects(how(file.subarray(0, length), 'a.ppm'), (error) =>
          isFault(error, 'corrupt-photo')
        )
  })

  await t.test('GIFs of one and two pixels whose codes have no end', async () => {
    for (const width of [1, 2]) {
      const file = endlessGif(width)
      for (const { rgb } of [await decode(file, 'a.gif'), await inNode(file, 'a.gif')])
        assert.deepEqual([...rgb], [255, 255, 255, 0, 0, 0].slice(0, 3 * width))
    }
  })

  await t.test('JPEG XL: upright, whether by its own word or that of a JPEG in it', async () => {
    for (const [name, jxl] of Object.entries(JXL_FILES)) {
      const file = Buffer.from(jxl.base64, 'base64')
      const [ours, theirs] = [await decode(file, name), await inNode(file, name)]
      assert.deepEqual(sizes(ours), sizes(theirs), name)
      assert.ok(meanDifference(ours.rgb, theirs.rgb) < 1, name)
      checkQuarters(ours, jxl, name)
    }
  })

  await t.test('animations: the first frame with something on it', async () => {
    await showsAll(await movingCases())
    for (const [name, base64] of Object.entries(MOVING_AVIF))
      for (const how of [decode, inNode])
        checkQuarters(await how(Buffer.from(base64, 'base64'), name), MOVING_QUARTERS, name)
    const background = { r: 9, g: 9, b: 9, alpha: 0 }
    const empty = sharp({ create: { width: 40, height: 30, channels: 4, background } })
    for (const format of ['gif', 'png', 'webp'] as const) {
      const file = await empty.clone().toFormat(format).toBuffer()
      for (const how of [decode, inNode])
        assert.ok((await how(file, 'empty')).rgb.every((value) => value === 255), format)
    }
  })

  await t.test('what ends before its last pixels, or is too large, is refused', async () => {
    const [psd, bmp] = [(await psdCases())['packed']!.file, (await bmpCases())['runs']!.file]
    const files = { psd, bmp, jxl: Buffer.from(JXL_FILES.boxes.base64, 'base64') }
    for (const [name, file] of Object.entries(files))
      for (const share of [0.5, 0.97]) {
        const cut = file.subarray(0, Math.floor(file.length * share))
        for (const how of [decode, inNode])
          await assert.rejects(how(cut, name), (error) => isFault(error, 'corrupt-photo'), name)
      }
    const large = Buffer.from(psd)
    large.writeUInt32BE(30_000, 14)
    large.writeUInt32BE(30_000, 18)
    const long = Buffer.from(bmp)
    long.writeInt32LE(-2_000_000_000, 22)
    // A JPEG XL that says no more than its size: 2^30 rows, each twice as long.
    const huge = Buffer.from([0xff, 0x0a, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0])
    for (const [name, file] of Object.entries({ large, long, huge }))
      for (const how of [decode, inNode])
        await assert.rejects(how(file, name), (error) => isFault(error, 'too-large'), name)
  })

  await t.test('RAW: the preview, as the RAW lies', async () => {
    const preview = await picture(640, 400).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()
    for (const [ending, rawOf] of Object.entries(RAW_FILES)) {
      const file = rawOf(6, preview)
      const [ours, theirs] = [await decode(file, `a.${ending}`), await inNode(file, `a.${ending}`)]
      assert.deepEqual(sizes(ours), sizes(theirs), ending)
      assert.deepEqual([ours.width, ours.height], [400, 640], ending)
      const difference = meanDifference(ours.rgb, theirs.rgb)
      assert.ok(difference < 2, `${ending} differs by ${difference}`)
    }
  })
}
