// When a photo was taken: from EXIF and XMP written here, and from XMP files beside it.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { DateSource } from '../../../main/wire/photo-date.ts'
import { pngChunk } from '../../support/icc.ts'
import { picture } from '../../support/pictures.ts'
import { xmpPacket } from '../../support/xmp.ts'
import { captureDate } from '../../support/found-date.ts'

type Tags = Record<string, string>
interface Written {
  exif?: Tags // of the Exif directory
  image?: Tags // of the first directory
  gps?: Tags
  xmp?: Tags // with their prefixes
}
const FORMATS = ['jpeg', 'webp', 'png', 'avif'] as const

/** A photo with this metadata. */
function dated({ exif, image, gps, xmp }: Written, format: (typeof FORMATS)[number] = 'jpeg') {
  const directories = {
    ...(image && { IFD0: image }),
    ...(exif && { IFD2: exif }),
    ...(gps && { IFD3: gps })
  }
  let photo = picture(16, 16)
  if (Object.keys(directories).length > 0) photo = photo.withExif(directories)
  if (xmp) photo = photo.withXmp(xmpPacket(xmp))
  return photo.toFormat(format).toBuffer()
}

const ORIGINAL = '2019:03:21 11:04:22'
const AT = Date.UTC(2019, 2, 21, 11, 4, 22)

test('the original date with its fraction, on the clock of the camera', async () => {
  const exif = {
    DateTimeOriginal: ORIGINAL,
    SubSecTimeOriginal: '348',
    OffsetTimeOriginal: '+09:00', // where the camera was does not change what its clock showed
    DateTimeDigitized: '2020:01:01 00:00:00'
  }
  for (const format of FORMATS)
    assert.deepEqual(captureDate(await dated({ exif }, format)), { at: AT + 348, source: 'exif' })
})

test('XMP in a photo of any format stands in for EXIF', async () => {
  const xmp = { 'exif:DateTimeOriginal': '2019-03-21T11:04:22' }
  for (const format of ['jpeg', 'webp'] as const)
    assert.deepEqual(captureDate(await dated({ xmp }, format)), { at: AT, source: 'xmp' }, format)
  // sharp compresses it in PNG, which no other program does.
  const png = await picture(16, 16).png().toBuffer()
  const text = Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${xmpPacket(xmp)}`)
  const photo = pngChunk(png, 'iTXt', text)
  assert.deepEqual(captureDate(photo), { at: AT, source: 'xmp' }, 'png')
})

const OTHER = '2012:01:02 03:04:05'
const THIRD = '2015:05:05 05:05:05'
const ISO = '2019-03-21T11:04:22'
const taken = (DateTimeOriginal: string): Tags => ({ DateTimeOriginal })
const made = (DateTimeDigitized: string): Tags => ({ DateTimeDigitized })
const written = (DateTime: string): Tags => ({ DateTime })
const xmpTaken = (text: string): Tags => ({ 'exif:DateTimeOriginal': text })
const xmpCreated = (text: string): Tags => ({ 'photoshop:DateCreated': text })
const xmpMade = (text: string): Tags => ({ 'xmp:CreateDate': text })

/** Where the date comes from, which is always the same; what is in the photo and beside it. */
type Rule = readonly [what: string, source: DateSource | null, inside: Written, beside?: Tags]
const RULES: readonly Rule[] = [
  ['taken before made', 'exif', { exif: { ...taken(ORIGINAL), ...made(OTHER) } }],
  ['made before written', 'exif', { exif: made(ORIGINAL), image: written(OTHER) }],
  ['written, where there is no other', 'exif', { image: written(ORIGINAL) }],
  ['EXIF before XMP', 'exif', { exif: taken(ORIGINAL), xmp: xmpTaken(OTHER) }],
  ['made by EXIF before made by XMP', 'exif', { exif: made(ORIGINAL), xmp: xmpMade(OTHER) }],
  ['taken by XMP before made', 'xmp', { exif: made(OTHER), xmp: xmpCreated(`${ISO}+02:00`) }],
  ['made by XMP before written', 'xmp', { image: written(OTHER), xmp: xmpMade(`${ISO}Z`) }],
  ['a sidecar', 'sidecar', {}, xmpTaken(ISO)],
  ['a sidecar in the spelling of EXIF', 'sidecar', {}, xmpTaken(ORIGINAL)],
  ['a sidecar with a zone', 'sidecar', {}, xmpCreated(`${ISO}.00+05:45`)],
  ['a sidecar that tells when it was made', 'sidecar', {}, xmpMade(ISO)],
  ['a correction in a sidecar', 'sidecar', { exif: taken(OTHER) }, xmpTaken(ORIGINAL)],
  ['taken in EXIF before made in a sidecar', 'exif', { exif: taken(ORIGINAL) }, xmpMade(OTHER)],
  [
    'impossible dates of a sidecar are passed over',
    'exif',
    { exif: taken(ORIGINAL) },
    { ...xmpTaken('2019-02-30T11:04:22'), ...xmpCreated('2106-02-07') }
  ],
  [
    'the order within XMP',
    'sidecar',
    {},
    { ...xmpMade(THIRD), ...xmpCreated(OTHER), ...xmpTaken(ORIGINAL) }
  ],
  ['no date', null, { exif: { LensModel: 'none' } }, { 'dc:format': 'image/jpeg' }],
  ['nothing but a future date', null, { exif: taken('2106:02:07 06:28:15') }]
]

for (const [what, source, inside, beside] of RULES)
  test(`which date counts: ${what}`, async () => {
    const sidecar = beside ? Buffer.from(xmpPacket(beside)) : null
    assert.deepEqual(captureDate(await dated(inside), sidecar), source && { at: AT, source })
  })

const NONE = [
  '0000:00:00 00:00:00',
  '    :  :     :  :  ',
  '1904:01:01 00:00:00',
  '1970:01:01 00:00:00',
  '1969:12:31 19:00:00', // 1970 in New York
  '1980:01:01 00:02:11',
  '1601:01:01 00:00:00',
  '2106:02:07 06:28:15',
  '9999:12:31 23:59:59'
]

for (const text of NONE)
  test(`a date that no photo has counts as none: ${text}`, async () => {
    const both = await dated({ exif: { ...taken(text), ...made(ORIGINAL) } })
    assert.deepEqual(captureDate(both), { at: AT, source: 'exif' })
    assert.equal(captureDate(await dated({ exif: taken(text) })), null)
  })

test('satellites tell UTC, which becomes the clock of this computer', async () => {
  const gps = { GPSDateStamp: '2019:03:21', GPSTimeStamp: '11/1 4/1 22/1' }
  const photo = await dated({ gps, image: { DateTime: OTHER } })
  const local = new Date(AT)
  const at = AT - local.getTimezoneOffset() * 60_000
  assert.deepEqual(captureDate(photo), { at, source: 'exif' })
})

test('the future begins a day from now', async () => {
  const photo = await dated({ exif: { DateTimeOriginal: ORIGINAL } })
  const offset = new Date(AT).getTimezoneOffset() * 60_000
  const now = AT + offset // when this computer's clock shows the date
  const day = 86_400_000
  assert.equal(captureDate(photo, null, now)?.at, AT)
  assert.equal(captureDate(photo, null, now - day)?.at, AT)
  assert.equal(captureDate(photo, null, now - day - 1000), null)
})

test('an XMP file is read with and without a head, in attributes and in elements', async () => {
  const photo = await dated({})
  const packet = xmpPacket({ 'exif:DateTimeOriginal': '2019-03-21T11:04:22' })
  const inElements = packet.replace(
    / exif:DateTimeOriginal="([^"]*)"\/>/,
    '><exif:DateTimeOriginal>$1</exif:DateTimeOriginal></rdf:Description>'
  )
  assert.notEqual(inElements, packet)
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n'
  const wrapped = `<?xpacket begin='\ufeff' id='W5M0'?>\n${packet}\n<?xpacket end='w'?>`
  const bare = packet.replace(/<\/?x:xmpmeta[^>]*>/g, '')
  for (const text of [packet, inElements, head + packet, `\ufeff${head}${packet}`, wrapped, bare])
    assert.deepEqual(captureDate(photo, Buffer.from(text)), { at: AT, source: 'sidecar' }, text)
})

test('no date, no EXIF, no photo, no XMP: none', async () => {
  const photo = await picture(16, 16).jpeg().toBuffer()
  assert.equal(captureDate(photo), null)
  assert.equal(captureDate(new Uint8Array(0)), null)
  assert.equal(captureDate(Uint8Array.from({ length: 5000 }, (_, i) => (i * 31) % 256)), null)
  for (const text of ['', '<', '<x:xmpmeta', '{"a": 1}', '<x:xmpmeta><rdf:RDF>', '\0\0\0'])
    assert.equal(captureDate(photo, Buffer.from(text)), null, text)
})
