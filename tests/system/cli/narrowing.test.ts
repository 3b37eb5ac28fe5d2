// `similar` within what photos are, by camera, kind, shape, size and place, and `status`, which
// names the cameras. The command line in processes of its own.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import test, { after, before } from 'node:test'
import * as v from 'valibot'
import { kindred } from '../../support/kindred.ts'
import { picture } from '../../support/pictures.ts'

const Similar = v.object({ kin: v.array(v.object({ path: v.string() })) })
const Status = v.object({
  cameras: v.array(v.strictObject({ camera: v.string(), photos: v.number() }))
})

const home = mkdtempSync(join(tmpdir(), 'kindred-cli-narrowing-'))
const folder = join(home, 'photos')
const library = join(home, 'library')
const SIZES = { wide: [400, 300], tall: [300, 400], square: [1000, 1000] } as const

function gps(latitude: string, longitude: string): Record<string, string> {
  const north = { GPSLatitudeRef: 'N', GPSLatitude: latitude }
  return { ...north, GPSLongitudeRef: 'E', GPSLongitude: longitude }
}

before(async () => {
  mkdirSync(folder)
  const nikon = { IFD0: { Make: 'NIKON CORPORATION', Model: 'NIKON D70' } }
  const munich = gps('48/1 8/1 15/1', '11/1 34/1 30/1')
  const vienna = gps('48/1 12/1 30/1', '16/1 22/1 20/1')
  const files: [keyof typeof SIZES, string, Record<string, Record<string, string>>][] = [
    ['wide', 'asked.jpg', { ...nikon, IFD3: munich }],
    ['wide', 'munich.jpg', { ...nikon, IFD3: munich }],
    ['tall', 'vienna.jpg', { IFD0: { Make: 'Canon', Model: 'Canon EOS 5D' }, IFD3: vienna }],
    ['square', 'nowhere.png', nikon]
  ]
  for (const [i, [shape, name, exif]] of files.entries()) {
    const [width, height] = SIZES[shape]
    await picture(width, height, 5 * i + 1).withExif(exif).toFile(join(folder, name))
  }
  const ran = await kindred('index', folder, '--library', library)
  assert.equal(ran.code, 0, ran.stderr)
})
after(() => rmSync(home, { recursive: true, force: true }))

async function kinWithin(...narrowing: string[]): Promise<string[]> {
  const asked = join(folder, 'asked.jpg')
  const options = ['--no-fold', '--library', library, '--json']
  const ran = await kindred('similar', asked, ...narrowing, ...options)
  assert.equal(ran.code, 0, ran.stderr)
  const { kin } = v.parse(Similar, JSON.parse(ran.stdout))
  return kin.map(({ path }) => basename(path)).sort()
}

test('kin are narrowed by what photos are', async () => {
  assert.deepEqual(await kinWithin('--camera', 'nikon d70'), ['munich.jpg', 'nowhere.png'])
  assert.deepEqual(await kinWithin('--kind', 'PNG'), ['nowhere.png'])
  assert.deepEqual(await kinWithin('--orientation', 'portrait'), ['vienna.jpg'])
  assert.deepEqual(await kinWithin('--least-megapixels', '1'), ['nowhere.png'])
  assert.deepEqual(await kinWithin('--near', '48.1,11.5,10'), ['munich.jpg'])
  assert.deepEqual(await kinWithin('--near', '48.1,11.5,400', '--camera', 'Canon EOS 5D'), [
    'vienna.jpg'
  ])
})

test('what is no filter is told, with what it may be', async () => {
  for (const [option, value, words] of [
    ['--camera', 'Leica', /one of Nikon D70, Canon EOS 5D.*Leica/],
    ['--kind', 'film', /jpeg, png.*film/],
    ['--near', '91,0,5', /latitude, longitude and kilometres.*91,0,5/],
    ['--least-megapixels', 'many', /a number.*many/]
  ] as const) {
    const asked = join(folder, 'asked.jpg')
    const ran = await kindred('similar', asked, option, value, '--library', library)
    assert.equal(ran.code, 1, option)
    assert.match(ran.stderr.replace(/\s+/g, ' '), words)
  }
})

test('status names the cameras', async () => {
  const ran = await kindred('status', '--library', library, '--json')
  assert.equal(ran.code, 0, ran.stderr)
  assert.deepEqual(v.parse(Status, JSON.parse(ran.stdout)).cameras, [
    { camera: 'Nikon D70', photos: 3 },
    { camera: 'Canon EOS 5D', photos: 1 }
  ])
  const told = await kindred('status', '--library', library)
  assert.match(told.stdout, /^Cameras: Nikon D70 \(3\), Canon EOS 5D \(1\)\.$/m)
})
