// What metadata tells beside the date: cameras, how photos were taken, where; and what no photo can
// have, which counts as none.
import assert from 'node:assert/strict'
import test from 'node:test'
import * as v from 'valibot'
import { cameraName, tidyText } from '../../../main/compute/camera-name.ts'
import { findFacts } from '../../../main/compute/find-facts.ts'
import type { ExifTags } from '../../../main/compute/metadata-tags.ts'
import { metadataOf } from '../../../main/compute/photo-metadata.ts'
import { LONGEST_NAME, PhotoFacts } from '../../../main/wire/photo-facts.ts'
import { picture } from '../../support/pictures.ts'
import { xmpPacket } from '../../support/xmp.ts'

type Tags = Record<string, string>

/** Facts of a JPEG with these directories of EXIF, this XMP in it and that beside it. */
async function facts(
  { image, exif, gps, xmp }: { image?: Tags; exif?: Tags; gps?: Tags; xmp?: Tags },
  beside?: Tags
): Promise<PhotoFacts | null> {
  let photo = picture(16, 16)
  if (image || exif || gps)
    photo = photo.withExif({
      ...(image && { IFD0: image }),
      ...(exif && { IFD2: exif }),
      ...(gps && { IFD3: gps })
    })
  if (xmp) photo = photo.withXmp(xmpPacket(xmp))
  const sidecar = beside ? Buffer.from(xmpPacket(beside)) : null
  return metadataOf(await photo.jpeg().toBuffer(), sidecar).facts
}

const IMAGE = { Make: 'Canon', Model: 'Canon EOS 5D Mark II' }
const EXIF = {
  LensModel: 'EF24-105mm f/4L IS USM',
  ExposureTime: '1/250',
  FNumber: '56/10',
  ISOSpeedRatings: '400',
  FocalLength: '50/1'
}
const GPS = {
  GPSLatitudeRef: 'S',
  GPSLatitude: '33/1 51/1 2436/100',
  GPSLongitudeRef: 'E',
  GPSLongitude: '151/1 12/1 0/1',
  GPSAltitudeRef: '0',
  GPSAltitude: '582/10'
}
const TAKEN = {
  camera: 'Canon EOS 5D Mark II',
  lens: 'EF24-105mm f/4L IS USM',
  exposureTime: 0.004,
  aperture: 5.6,
  iso: 400,
  focalLength: 50
}
const NONE: PhotoFacts = {
  camera: null,
  lens: null,
  exposureTime: null,
  aperture: null,
  iso: null,
  focalLength: null,
  place: null
}
const SYDNEY = { latitude: -(33 + 51 / 60 + 24.36 / 3600), longitude: 151.2, altitude: 58.2 }

test('EXIF tells all of it', async () => {
  assert.deepEqual(await facts({ image: IMAGE, exif: EXIF, gps: GPS }), { ...TAKEN, place: SYDNEY })
  assert.equal(await facts({}), null)
})

const XMP = {
  'tiff:Make': 'Canon',
  'tiff:Model': 'Canon EOS 5D Mark II',
  'aux:Lens': 'EF24-105mm f/4L IS USM',
  'exif:ExposureTime': '1/250',
  'exif:FNumber': '56/10',
  'exifEX:PhotographicSensitivity': '400',
  'exif:FocalLength': '50/1',
  'exif:GPSLatitude': '33,51.406S',
  'exif:GPSLongitude': '151,12,0E',
  'exif:GPSAltitude': '582/10'
}

test('XMP stands in for EXIF without a camera, and a file beside it for both', async () => {
  const found = await facts({ xmp: XMP })
  assert.deepEqual(found, { ...TAKEN, place: { ...SYDNEY, latitude: -(33 + 51.406 / 60) } })
  assert.deepEqual(await facts({}, XMP), found)
  const other = { 'tiff:Make': 'Nikon', 'tiff:Model': 'D70' }
  assert.equal((await facts({ image: IMAGE, xmp: other }, other))?.camera, TAKEN.camera)
})

test('a place in the file beside a photo corrects the photo’s own', async () => {
  const beside = { 'exif:GPSLatitude': '48,8.25N', 'exif:GPSLongitude': '11,34,30W' }
  const place = { latitude: 48.1375, longitude: -11.575, altitude: null }
  assert.deepEqual(await facts({ image: IMAGE, gps: GPS }, beside), {
    ...NONE, camera: TAKEN.camera, place
  })
})

/** A packet that says the same, with more in it. */
function withinPacket(more: string): string {
  return xmpPacket(XMP).replace('/></rdf:RDF>', `>${more}</rdf:Description></rdf:RDF>`)
}

/** So many elements, each with a namespace of its own. */
function withNamespaces(count: number): string {
  return Array.from({ length: count }, (_, i) => `<dc:a xmlns:n${i}="n"/>`).join('')
}

test('XMP that could take minutes to parse counts as none', async () => {
  const beside = (more: string): PhotoFacts | null =>
    metadataOf(new Uint8Array(16), Buffer.from(withinPacket(more))).facts
  assert.equal(beside(withNamespaces(1000))?.camera, TAKEN.camera)
  assert.equal(beside(withNamespaces(3000)), null)
  const inside = async (length: number): Promise<PhotoFacts | null> => {
    const photo = picture(16, 16).withXmp(withinPacket(' '.repeat(length)))
    return metadataOf(await photo.webp().toBuffer()).facts
  }
  assert.equal((await inside(1000))?.camera, TAKEN.camera)
  assert.equal(await inside(2 ** 22), null)
})

const ZERO = '0/1 0/1 0/1'
const NOWHERE: readonly (readonly [string, Partial<typeof GPS>])[] = [
  ['zeros, of a receiver without satellites', { GPSLatitude: ZERO, GPSLongitude: ZERO }],
  ['a latitude beyond the pole', { GPSLatitude: '91/1 0/1 0/1' }],
  ['a longitude beyond the date line', { GPSLongitude: '180/1 30/1 0/1' }],
  ['fractions of nothing', { GPSLatitude: '0/0 0/0 0/0' }],
  ['minutes that are none', { GPSLatitude: '33/1 61/1 0/1' }]
]

for (const [what, gps] of NOWHERE)
  test(`no place: ${what}`, async () => {
    const found = await facts({ image: IMAGE, gps: { ...GPS, ...gps } })
    assert.deepEqual(found, { ...NONE, camera: TAKEN.camera })
  })

test('an altitude that cannot be leaves the place', async () => {
  const found = await facts({ gps: { ...GPS, GPSAltitude: '4000000000/1' } })
  assert.deepEqual(found, { ...NONE, place: { ...SYDNEY, altitude: null } })
  const below = await facts({ xmp: { ...XMP, 'exif:GPSAltitudeRef': '1' } })
  assert.equal(below?.place?.altitude, -58.2)
})

test('values that no camera has count as none', async () => {
  const exif = { ExposureTime: '0/1', FNumber: '5/0', ISOSpeedRatings: '0', FocalLength: '0/0' }
  assert.equal(await facts({ exif: { ...exif, LensModel: '0.0 mm f/0.0' } }), null)
})

test('EXIF of other shapes than it should have: what is sound of it counts', () => {
  const of = (exif: ExifTags): PhotoFacts | null =>
    findFacts({ exif, xmp: () => ({}), sidecar: {} })
  const north = { value: [[48, 1], [8, 1], [0, 0]] }
  const east = { value: [[11, 1], [34, 1], [30, 1]] }
  const dead = { value: [430, 1] }
  const placed = { GPSLatitude: north, GPSLongitude: east }
  const below = of({ ...placed, GPSAltitude: dead, GPSAltitudeRef: { value: 1 } })
  const place = { latitude: 48 + 8 / 60, longitude: 11 + 34.5 / 60, altitude: -430 }
  assert.deepEqual(below, { ...NONE, place })
  assert.equal(of({ GPSLatitude: { value: [[33, 1]] }, GPSLongitude: east }), null)
  assert.equal(of({ ...placed, GPSLongitude: { value: '11' } }), null)
  assert.equal(of({ ISOSpeedRatings: { value: [100, 200] } })?.iso, 100)
  assert.equal(of({ ISOSpeedRatings: { value: '100' }, FNumber: { value: 2 } }), null)
})

const CAMERAS = [
  ['Canon', 'Canon EOS 5D Mark II', 'Canon EOS 5D Mark II'],
  ['NIKON CORPORATION', 'NIKON D70', 'Nikon D70'],
  ['OLYMPUS IMAGING CORP.  ', 'E-M5', 'Olympus E-M5'],
  ['EASTMAN KODAK COMPANY', 'KODAK DX4330 DIGITAL CAMERA', 'Kodak DX4330 DIGITAL CAMERA'],
  ['CASIO COMPUTER CO.,LTD.', 'EX-Z40', 'Casio EX-Z40'],
  ['Apple', 'iPhone 7', 'Apple iPhone 7'],
  ['LG Electronics', 'LG-H870', 'LG H870'],
  ['samsung', 'SM-G950F', 'Samsung SM-G950F'],
  ['LEICA CAMERA AG', 'LEICA M10', 'Leica M10'],
  ['Canonical', 'Canonical', 'Canonical'],
  [undefined, 'E-10', 'E-10'],
  ['SONY', undefined, 'Sony'],
  ['', '  ----  ', null],
  [7, {}, null]
] as const

for (const [make, model, name] of CAMERAS)
  test(`the camera of ${JSON.stringify(make)} and ${JSON.stringify(model)}`, () =>
    assert.equal(cameraName(make, model), name))

test('names are one line, bounded, without what hides or turns the writing', () => {
  assert.equal(tidyText(' a\0b\n\tc\u202ed\u200b\ufffde '), 'a b c d e')
  assert.equal(tidyText('\ud800x\udfff'), 'x')
  assert.equal(tidyText('x'.repeat(1e6))?.length, LONGEST_NAME)
  const faces = tidyText(`x${'😀'.repeat(200)}`) ?? ''
  assert.ok(faces.length <= LONGEST_NAME && !/\p{Cs}/u.test(faces))
  assert.equal(tidyText('\u0001\u202e'), null)
  assert.ok(v.is(PhotoFacts, { ...NONE, camera: cameraName('x'.repeat(500), 'y'.repeat(500)) }))
})
