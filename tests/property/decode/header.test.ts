// Whatever the bytes: a header or a Fault, never another error, never no end.
import assert from 'node:assert/strict'
import test, { before } from 'node:test'
import fc from 'fast-check'
import { mayMove, pngFrame } from '../../../main/decode/animation.ts'
import { readProfile } from '../../../main/decode/colour-profile.ts'
import { formatOf } from '../../../main/wire/picture-format.ts'
import { readHeader } from '../../../main/decode/header.ts'
import { holdsSensorData } from '../../../main/decode/tiff-directories.ts'
import { checkScans } from '../../../main/decode/jpeg-scans.ts'
import { SHOWN_FORMATS, type PictureFile } from '../../../main/wire/decoder-contract.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { bmpCases } from '../../support/bmp-files.ts'
import { JXL_FILES } from '../../support/jxl-files.ts'
import { movingCases } from '../../support/moving-files.ts'
import { picture } from '../../support/pictures.ts'
import { pnmCases } from '../../support/pnm-files.ts'
import { psdCases } from '../../support/psd-files.ts'
import { pageOf, tiffOf } from '../../support/tiff-files.ts'

const files: [PictureFile, Buffer][] = []

before(async () => {
  for (const format of SHOWN_FORMATS) {
    const image = picture(90, 60).withIccProfile('p3').withMetadata({ orientation: 6 })
    files.push([format, await image.toFormat(format).toBuffer()])
  }
  files.push(['webp', await picture(90, 60).webp({ lossless: true }).toBuffer()])
  files.push(['png', (await movingCases())['PNG']!.file])
  files.push(['tiff', tiffOf([pageOf(3, 2), pageOf(9, 6)], 'MM')])
  files.push(['tiff', tiffOf([pageOf(9, 6, 0, { inner: [pageOf(3, 2)] })], 'II', true)])
  files.push(['jxl', Buffer.from(JXL_FILES.boxes.base64, 'base64')])
  files.push(['psd', (await psdCases())['colours']!.file])
  files.push(['bmp', (await bmpCases())['1 bit']!.file])
  files.push(['pnm', pnmCases()['P7']!.file])
})

function anyFile(): fc.Arbitrary<(typeof files)[number]> {
  return fc.constantFrom(...files)
}

/** A header within the limits or a Fault of the two kinds; nothing else, and always an end. */
function readsOrFaults(bytes: Uint8Array, format: PictureFile): void {
  try {
    const { width, height, orientation } = readHeader(bytes, format, 'photo')
    assert.ok(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)
    for (const at of orientation?.marks.keys() ?? []) assert.ok(at < bytes.length)
  } catch (error) {
    if (!isFault(error, 'corrupt-photo', 'too-large')) throw error
  }
}

function scansOrFaults(bytes: Uint8Array): void {
  try {
    checkScans(bytes, 'photo')
  } catch (error) {
    if (!isFault(error, 'corrupt-photo')) throw error
  }
}

test('flipped bytes and cut ends give a header or a Fault', () => {
  const damage = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 12 })
  fc.assert(
    fc.property(anyFile(), damage, fc.option(fc.nat(1000)), ([format, file], flips, cut) => {
      const bytes = Uint8Array.from(cut === null ? file : file.subarray(0, cut))
      for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value
      readsOrFaults(bytes, format)
      formatOf(bytes)
      holdsSensorData(new DataView(bytes.buffer))
      if (mayMove(bytes, format) && format === 'png') pngFrame(bytes, 1)
      scansOrFaults(bytes)
    }),
    { numRuns: 5000 }
  )
})

test('random bytes behind a right beginning give a header or a Fault', () => {
  const noise = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(anyFile(), fc.nat(60), noise, ([format, file], kept, noise) => {
      readsOrFaults(new Uint8Array([...file.subarray(0, kept), ...noise]), format)
    }),
    { numRuns: 5000 }
  )
})

test('flipped bytes and cut ends give a profile as long as it says, or none', async () => {
  const damage = fc.array(fc.tuple(fc.nat(900), fc.nat(255)), { maxLength: 6 })
  const end = fc.option(fc.nat(1000))
  await fc.assert(
    fc.asyncProperty(anyFile(), damage, end, async ([format, file], flips, cut) => {
      const bytes = Uint8Array.from(cut === null ? file : file.subarray(0, cut))
      for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value
      const profile = await readProfile(bytes, format)
      if (profile) assert.equal(new DataView(profile.slice().buffer).getUint32(0), profile.length)
    }),
    { numRuns: 2000 }
  )
})
