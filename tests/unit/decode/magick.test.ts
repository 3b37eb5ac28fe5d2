// The library behind TIFF and its kin: photos at once, its memory let go after a large one, and one
// that it cannot hold. In plain Node.
import assert from 'node:assert/strict'
import test from 'node:test'
import sharp from 'sharp'
import { decodeMagick } from '../../../main/decode/magick.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { pageOf, tiffOf } from '../../support/tiff-files.ts'

/** A white page of 1 bit a pixel: small on disk. */
function page(width: number, height: number): Promise<Buffer> {
  const create = { width, height, channels: 3, background: '#ffffff' } as const
  const image = sharp({ create, limitInputPixels: false }).toColourspace('b-w')
  return image.tiff({ compression: 'ccittfax4', bitdepth: 1 }).toBuffer()
}

test('photos at once are all decoded, though it is let go after the first', async () => {
  const large = await page(9000, 6000)
  const small = new Uint8Array(tiffOf([pageOf(40, 30)]))
  const all = [large, small, small, large.subarray(0, 100), small].map((bytes) =>
    decodeMagick(new Uint8Array(bytes), 'tiff', 0, 'scan.tif')
  )
  const came = await Promise.allSettled(all)
  const widths = came.map((one) => (one.status === 'fulfilled' ? one.value.width : one.reason))
  assert.ok(isFault(widths.splice(3, 1)[0], 'corrupt-photo'))
  assert.deepEqual(widths, [9000, 40, 40, 40])
})

test('a page that there is not is refused', async () => {
  const bytes = new Uint8Array(tiffOf([pageOf(40, 30)]))
  await assert.rejects(decodeMagick(bytes, 'tiff', 7, 'scan.tif'), (error) => isFault(error))
})

test('a CIELab of floats, which would come out white, is refused by its kind', async () => {
  const create = { width: 32, height: 32, channels: 3, background: '#c81e28' } as const
  const lab = sharp({ create }).toColourspace('lab').tiff({ compression: 'none' })
  const refused = decodeMagick(new Uint8Array(await lab.toBuffer()), 'tiff', 0, 'scan.tif')
  await assert.rejects(refused, (error) => isFault(error, 'unsupported-format'))
})
