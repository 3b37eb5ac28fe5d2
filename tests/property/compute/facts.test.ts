// Facts of hostile metadata: whatever values and bytes there are, what comes of them is within
// bounds, and nothing throws.
import assert from 'node:assert/strict'
import test, { before } from 'node:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { findFacts } from '../../../main/compute/find-facts.ts'
import { metadataOf } from '../../../main/compute/photo-metadata.ts'
import { PhotoFacts } from '../../../main/wire/photo-facts.ts'
import { picture } from '../../support/pictures.ts'

const Facts = v.nullable(PhotoFacts)
let photo: Buffer

before(async () => {
  const exif = {
    IFD0: { Make: 'Canon', Model: 'Canon EOS 5D' },
    IFD2: { LensModel: 'EF50mm f/1.8 II', ExposureTime: '1/250', ISOSpeedRatings: '400' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 15/1' }
  }
  photo = await picture(16, 16).withExif(exif).jpeg().toBuffer()
  assert.equal(metadataOf(photo).facts?.camera, 'Canon EOS 5D')
})

const fraction = fc.array(fc.oneof(fc.double(), fc.integer(), fc.string()), { maxLength: 3 })
const value = fc.oneof(
  fc.anything(),
  fraction,
  fc.array(fraction, { maxLength: 4 }),
  fc.array(fc.string({ unit: 'binary' }), { maxLength: 2 }),
  fc.stringMatching(/^\d{1,3},[\d.]{1,6}(,[\d.]{1,4})?[NSEWnsew]$/)
)
const tag = fc.record({ value, description: fc.anything() })
const tags = fc.record(
  {
    Make: tag, Model: tag, LensModel: tag, Lens: tag, ExposureTime: tag, FNumber: tag,
    ISOSpeedRatings: tag, PhotographicSensitivity: tag, FocalLength: tag, GPSLatitude: tag,
    GPSLatitudeRef: tag, GPSLongitude: tag, GPSLongitudeRef: tag, GPSAltitude: tag,
    GPSAltitudeRef: tag
  },
  { requiredKeys: [] }
)

test('any values of tags give facts within bounds', () => {
  fc.assert(
    fc.property(tags, tags, tags, (exif, inside, sidecar) => {
      const facts = findFacts({ exif, xmp: () => inside, sidecar })
      assert.ok(v.is(Facts, facts), JSON.stringify(facts))
      for (const name of [facts?.camera ?? '', facts?.lens ?? ''])
        assert.doesNotMatch(name, /[\p{Cc}\p{Cf}\p{Cs}]/u)
    }),
    { numRuns: 1000 }
  )
})

test('flipped bytes give facts within bounds', () => {
  const flips = fc.array(fc.tuple(fc.nat(photo.length - 1), fc.nat(255)), { maxLength: 20 })
  fc.assert(
    fc.property(flips, (damage) => {
      const bytes = Uint8Array.from(photo)
      for (const [at, to] of damage) bytes[at] = to
      assert.ok(v.is(Facts, metadataOf(bytes).facts))
    }),
    { numRuns: 1000 }
  )
})
