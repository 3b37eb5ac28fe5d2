// What metadata tells of photos comes into the catalogue: with indexing, with a copy, with an XMP
// file that comes beside a photo, and for a library of an older Kindred without describing anything
// again; and it stays where only a file's times change. Real engine, compute and files.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { CHANGES } from '../../../main/wire/judgement.ts'
import { atRest, sql } from '../../support/at-rest.ts'
import { temporaryFolder } from '../../support/library.ts'
import { picture } from '../../support/pictures.ts'
import { xmpPacket } from '../../support/xmp.ts'

const FACTS = `SELECT photos.name, cameras.name AS camera, lens, iso, latitude, longitude
  FROM photos LEFT JOIN facts ON photo = photos.id LEFT JOIN cameras ON cameras.id = camera
  WHERE status = 'indexed' ORDER BY photos.name`
const MADE = 'SELECT photo, made_at FROM features ORDER BY photo'

test('facts come with indexing, and later for what was indexed before', async (context) => {
  const root = temporaryFolder(context)
  const [folder, library] = [join(root, 'photos'), join(root, 'library')]
  mkdirSync(folder)
  const exif = {
    IFD0: { Make: 'NIKON CORPORATION', Model: 'NIKON D70' },
    IFD2: { LensModel: 'AF-S 18-70mm', ISOSpeedRatings: '200' },
    IFD3: {
      GPSLatitudeRef: 'N',
      GPSLatitude: '48/1 8/1 15/1',
      GPSLongitudeRef: 'W',
      GPSLongitude: '11/1 34/1 30/1'
    }
  }
  writeFileSync(join(folder, 'a.jpg'), await picture(320, 300, 1).withExif(exif).jpeg().toBuffer())
  writeFileSync(join(folder, 'bare.png'), await picture(320, 300, 2).png().toBuffer())
  await atRest(library, undefined, folder)
  const told = { camera: 'Nikon D70', lens: 'AF-S 18-70mm', iso: 200 }
  const munich = { latitude: 48.1375, longitude: -11.575 }
  const none = { camera: null, lens: null, iso: null, latitude: null, longitude: null }
  const known = [
    { name: 'a.jpg', ...told, ...munich },
    { name: 'bare.png', ...none }
  ]
  assert.deepEqual(sql(library, FACTS), known)

  const anHourAgo = Date.now() / 1000 - 3600
  utimesSync(join(folder, 'a.jpg'), anHourAgo, anHourAgo)
  await atRest(library)
  assert.deepEqual(sql(library, FACTS), known, 'another time of the file is no other content')

  const made = sql(library, MADE)
  sql(library, 'DELETE FROM facts RETURNING photo')
  const before = CHANGES.findIndex(({ what }) => what.startsWith('cameras'))
  sql(library, `UPDATE photos SET judgement = ${before} RETURNING id`)
  await atRest(library, async (engine) => assert.equal((await engine.idle()).indexed, 0))
  assert.deepEqual(sql(library, FACTS), known)
  assert.deepEqual(sql(library, MADE), made, 'nothing was described again')

  copyFileSync(join(folder, 'a.jpg'), join(folder, 'copy.jpg'))
  const beside = { 'exif:GPSLatitude': '1,30.0S', 'exif:GPSLongitude': '2,0.0E' }
  writeFileSync(join(folder, 'a.xmp'), xmpPacket(beside))
  await atRest(library)
  assert.deepEqual(sql(library, FACTS), [
    { name: 'a.jpg', ...told, latitude: -1.5, longitude: 2 },
    { name: 'bare.png', ...none },
    { name: 'copy.jpg', ...told, ...munich }
  ])
})
