// Photos that an older Kindred looked at: what decoders tell of them now is told, and nothing is
// described again whose picture is the same; what was refused is tried again; dates that lay ahead
// count once they have come. Real engine, compute and files.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import sharp from 'sharp'
import { CATALOGUE_FILE } from '../../../main/catalogue/catalogue.ts'
import type { Engine } from '../../../main/engine/api.ts'
import { JUDGEMENT } from '../../../main/wire/judgement.ts'
import { thumbnailFile, thumbnailName } from '../../../main/wire/thumbnail.ts'
import { atRest, sql } from '../../support/at-rest.ts'
import { busy, cut } from '../../support/damaged-files.ts'
import { temporaryFolder } from '../../support/library.ts'
import { picture } from '../../support/pictures.ts'

interface Library {
  library: string
  folder: string
}

/** Runs something with an engine of the library once it rests; a new one gets its folder. */
async function indexed({ library, folder }: Library, run?: (engine: Engine) => Promise<void>) {
  const isNew = !existsSync(join(library, CATALOGUE_FILE))
  await atRest(library, run, isNew ? folder : undefined)
}

const JUDGED = `SELECT name, format, damage, judgement, made_at
  FROM photos LEFT JOIN features ON photo = id WHERE status = 'indexed' ORDER BY name`

/** As an older Kindred left its rows: without what was not told then. */
function forget(library: string, of: string): void {
  sql(
    library,
    `UPDATE photos SET judgement = 0, format = NULL, damage = NULL, captured_at = NULL,
       captured_from = NULL WHERE ${of} RETURNING id`
  )
}

async function libraryOf(context: TestContext): Promise<Library> {
  const folder = join(temporaryFolder(context), 'photos')
  mkdirSync(folder)
  const add = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder, name), bytes)
  const exif = { IFD2: { DateTimeOriginal: '2019:07:04 18:05:09' } }
  add('whole.jpg', await picture(420, 310, 1).withExif(exif).jpeg().toBuffer())
  add('cut.jpg', cut(await busy().jpeg().toBuffer(), 0.96))
  const background = { r: 10, g: 200, b: 30, alpha: 0.5 }
  const clear = sharp({ create: { width: 300, height: 280, channels: 4, background } })
  add('clear.png', await clear.png().toBuffer())
  add('broken.jpg', cut(await busy().jpeg().toBuffer(), 0.3))
  return { library: temporaryFolder(context), folder }
}

test('marks of older photos are made anew; none is described again', async (context) => {
  const made = await libraryOf(context)
  await indexed(made)
  const before = sql(made.library, JUDGED)
  const marks = before.map(({ made_at: _, ...told }) => Object.values(told))
  assert.deepEqual(marks, [
    ['clear.png', 'png', null, JUDGEMENT],
    ['cut.jpg', 'jpeg', 'end-missing', JUDGEMENT],
    ['whole.jpg', 'jpeg', null, JUDGEMENT]
  ])
  forget(made.library, "status = 'indexed'")
  await indexed(made, async (engine) => {
    const { indexed: described } = await engine.idle()
    assert.equal(described, 0)
  })
  assert.deepEqual(sql(made.library, JUDGED), before)
  const dates = sql(made.library, "SELECT captured_at AS at FROM photos WHERE name = 'whole.jpg'")
  assert.deepEqual(dates, [{ at: Date.UTC(2019, 6, 4, 18, 5, 9) }])
})

test('a picture that decoders show otherwise now is described anew, and its tile', async (context) => {
  const made = await libraryOf(context)
  await indexed(made)
  const hash = sql(made.library, "SELECT hash FROM photos WHERE name = 'whole.jpg'")[0]!['hash']
  const tile = join(made.library, 'thumbnails', thumbnailFile(thumbnailName(String(hash))))
  const right = readFileSync(tile)
  const feature = sql(made.library, 'SELECT photo, feature FROM features ORDER BY photo')
  // As if it had been shown upside down.
  writeFileSync(tile, await picture(347, 256, 9).jpeg().toBuffer())
  sql(made.library, 'UPDATE features SET feature = zeroblob(length(feature)) RETURNING photo')
  forget(made.library, "status = 'indexed'")
  await indexed(made)
  assert.deepEqual(readFileSync(tile), right)
  const now = sql(made.library, 'SELECT photo, feature FROM features ORDER BY photo')
  const names = sql(made.library, "SELECT id, name FROM photos WHERE status = 'indexed'")
  const nameOf = new Map(names.map(({ id, name }) => [id, name]))
  const anew = now.filter(({ feature: one }) => Buffer.from(one as Uint8Array).some((byte) => byte))
  assert.deepEqual(anew.map(({ photo }) => nameOf.get(photo)), ['whole.jpg'])
  assert.deepEqual(anew[0], feature.find(({ photo }) => photo === anew[0]!['photo']))
})

test('what an older Kindred refused is tried again, and once', async (context) => {
  const made = await libraryOf(context)
  await indexed(made)
  const FAILED = "SELECT name, judgement FROM photos WHERE status = 'failed'"
  assert.deepEqual(sql(made.library, FAILED), [{ name: 'broken.jpg', judgement: JUDGEMENT }])
  // A format that is read now, of another name so that nothing else of it changed.
  sql(
    made.library,
    `UPDATE photos SET status = 'failed', hash = NULL, width = NULL, height = NULL, judgement = 0,
       fault_kind = 'unsupported-format', fault = '{"kind":"unsupported-format","about":"photo",
       "passes":false,"subject":"clear.png","expected":"a photo","received":"PNG"}'
     WHERE name = 'clear.png' RETURNING id`
  )
  await indexed(made, async (engine) => assert.equal((await engine.idle()).failed, 0))
  assert.deepEqual(sql(made.library, FAILED), [{ name: 'broken.jpg', judgement: JUDGEMENT }])
  assert.equal(sql(made.library, JUDGED).length, 3)
})

test('a date that lies ahead counts once it has come', async (context) => {
  const folder = join(temporaryFolder(context), 'photos')
  mkdirSync(folder)
  const made = { library: temporaryFolder(context), folder }
  const add = async (name: string, at: Date, seed: number): Promise<void> => {
    const text = at.toISOString().slice(0, 19).replaceAll('-', ':').replace('T', ' ')
    const tag = name.startsWith('exif') ? { IFD2: { DateTimeOriginal: text } } : {}
    const photo = picture(60, 50, seed).withExif(tag).jpeg()
    writeFileSync(join(folder, name), await photo.toBuffer())
    utimesSync(join(folder, name), at, at)
  }
  const DAY = 86_400_000
  const [yesterday, soon] = [new Date(Date.now() - DAY), new Date(Date.now() + 3 * DAY)]
  const nameOf = (at: Date): string =>
    `IMG_${at.toISOString().slice(0, 10).replaceAll('-', '')}_120000.jpg`
  await add('exif-came.jpg', yesterday, 1)
  await add(nameOf(yesterday), yesterday, 2)
  await add('file-came.jpg', yesterday, 3)
  await add('exif-soon.jpg', soon, 4)
  await add(nameOf(soon), soon, 5)
  await add('file-soon.jpg', soon, 6)
  await indexed(made)
  const DATES = `SELECT name, captured_at, captured_from, file_time, ahead IS NULL AS came
    FROM photos ORDER BY name`
  const told = sql(made.library, DATES)
  const came = (row: Record<string, unknown>): boolean => row['captured_at'] !== null
    || row['file_time'] !== null
  assert.deepEqual(
    told.map((row) => [row['name'], came(row), row['came']]),
    told.map(({ name }) => {
      const is = !String(name).includes('soon') && name !== nameOf(soon)
      return [name, is, is ? 1 : 0]
    })
  )
  // As they were known when all of these dates lay ahead, four days ago.
  sql(
    made.library,
    `UPDATE photos SET captured_at = NULL, captured_from = NULL, file_time = NULL,
       ahead = coalesce(ahead, ${yesterday.getTime()}) - ${DAY} RETURNING id`
  )
  await indexed(made)
  assert.deepEqual(sql(made.library, DATES), told)
})
