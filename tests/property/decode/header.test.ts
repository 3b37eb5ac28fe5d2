// Whatever the bytes: a header or a Fault, never another error, never no end.
import assert from 'node:assert/strict'
import test, { before } from 'node:test'
import fc from 'fast-check'
import { readProfile } from '../../../main/decode/colour-profile.ts'
import { formatOf } from '../../../main/wire/picture-format.ts'
import { readHeader } from '../../../main/decode/header.ts'
import { checkScans } from '../../../main/decode/jpeg-scans.ts'
import { SHOWN_FORMATS, type PictureFile } from '../../../main/wire/decoder-contract.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { picture } from '../../support/pictures.ts'

const files: [PictureFile, Buffer][] = []

before(async () => {
  for (const format of SHOWN_FORMATS) {
    const image = picture(90, 60).withIccProfile('p3').withMetadata({ orientation: 6 })
    files.push([format, await image.toFormat(format).toBuffer()])
  }
  files.push(['webp', await picture(90, 60).webp({ lossless: true }).toBuffer()])
})

/** A header within the limits or a Fault of the two kinds; nothing else, and always an end. */
function readsOrFaults(bytes: Uint8Array, format: PictureFile): void {
  try {
    const { width, height, orientation } = readHeader(bytes, format, 'photo')
    assert.ok(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)
    if (orientation) assert.ok(orientation.at + 2 <= bytes.length)
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
    fc.property(fc.nat(5), damage, fc.option(fc.nat(1000)), (which, flips, cut) => {
      const [format, file] = files[which]!
      const bytes = Uint8Array.from(cut === null ? file : file.subarray(0, cut))
      for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value
      readsOrFaults(bytes, format)
      formatOf(bytes)
      scansOrFaults(bytes)
    }),
    { numRuns: 5000 }
  )
})

test('random bytes behind a right beginning give a header or a Fault', () => {
  fc.assert(
    fc.property(fc.nat(5), fc.nat(60), fc.uint8Array({ maxLength: 300 }), (which, kept, noise) => {
      const [format, file] = files[which]!
      readsOrFaults(new Uint8Array([...file.subarray(0, kept), ...noise]), format)
    }),
    { numRuns: 5000 }
  )
})

test('flipped bytes and cut ends give a profile as long as it says, or none', async () => {
  const damage = fc.array(fc.tuple(fc.nat(900), fc.nat(255)), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.nat(5), damage, fc.option(fc.nat(1000)), async (which, flips, cut) => {
      const [format, file] = files[which]!
      const bytes = Uint8Array.from(cut === null ? file : file.subarray(0, cut))
      for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value
      const profile = await readProfile(bytes, format)
      if (profile) assert.equal(new DataView(profile.slice().buffer).getUint32(0), profile.length)
    }),
    { numRuns: 2000 }
  )
})
