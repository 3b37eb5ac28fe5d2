// Dates from EXIF, XMP files, names and times of files, as the real engine and compute keep them;
// a library of older rules is dated anew without being described again.
import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { DatabaseSync } from '@photostructure/sqlite'
import * as v from 'valibot'
import { CATALOGUE_FILE } from '../../../main/catalogue/catalogue.ts'
import type { Engine } from '../../../main/engine/api.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { superviseCompute } from '../../support/compute.ts'
import { temporaryFolder } from '../../support/library.ts'
import { picture } from '../../support/pictures.ts'
import { xmpPacket } from '../../support/xmp.ts'

const AT = Date.UTC(2019, 6, 4, 18, 5, 9)
const FILE_TIME = new Date(2021, 0, 1, 0, 30) // on this computer's clock

/** Runs something with an engine of the library that has a compute. */
async function withEngine(library: string, run: (engine: Engine) => Promise<void>): Promise<void> {
  const engine = await createEngine({ library, watch: false, settle: 0 })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  try {
    await run(engine)
  } finally {
    await engine.close()
    await compute.stop()
  }
}

type Connection = InstanceType<typeof DatabaseSync>

function withDatabase<T>(library: string, use: (database: Connection) => T): T {
  const database = new DatabaseSync(join(library, CATALOGUE_FILE), { timeout: 10_000 })
  try {
    return use(database)
  } finally {
    database.close()
  }
}

const Row = v.object({
  name: v.string(),
  at: v.nullable(v.number()),
  source: v.nullable(v.string()),
  dated: v.number(),
  made_at: v.number()
})

/** Each photo's date and its source, and when it was described. */
function rows(library: string): v.InferOutput<typeof Row>[] {
  return withDatabase(library, (database) =>
    database
      .prepare(
        `SELECT name, coalesce(captured_at, file_time) AS at, captured_from AS source, dated,
           made_at FROM photos JOIN features ON photo = id WHERE status = 'indexed' ORDER BY name`
      )
      .all()
      .map((row: unknown) => v.parse(Row, row))
  )
}

function datesOf(library: string): unknown[] {
  return rows(library).map(({ name, at, source }) => [name, at, source])
}

async function folderOf(context: TestContext): Promise<string> {
  const folder = join(temporaryFolder(context), 'photos')
  mkdirSync(folder)
  const add = async (name: string, width: number, exif?: string): Promise<void> => {
    const plain = picture(width, 20)
    const tagged = exif ? plain.withExif({ IFD2: { DateTimeOriginal: exif } }) : plain
    writeFileSync(join(folder, name), await tagged.jpeg().toBuffer())
    utimesSync(join(folder, name), FILE_TIME, FILE_TIME)
  }
  await add('camera.jpg', 21, '2019:07:04 18:05:09')
  await add('IMG_20190704_180509.jpg', 22)
  await add('beside.jpg', 23)
  await add('file.jpg', 24)
  await add('future.jpg', 25)
  utimesSync(join(folder, 'future.jpg'), 2 ** 33, 2 ** 33)
  writeFileSync(join(folder, 'beside.XMP'), xmpPacket({ 'xmp:CreateDate': '2019-07-04T18:05:09' }))
  return folder
}

const FILE_AT = Date.UTC(2021, 0, 1, 0, 30)
const EXPECTED = [
  ['IMG_20190704_180509.jpg', AT, 'name'],
  ['beside.jpg', AT, 'sidecar'],
  ['camera.jpg', AT, 'exif'],
  ['file.jpg', FILE_AT, null],
  ['future.jpg', null, null]
]

test('every photo gets the date that is known of it; changes are noticed', async (context) => {
  const library = temporaryFolder(context)
  const folder = await folderOf(context)
  await withEngine(library, async (engine) => {
    await engine.addFolder(folder)
    await engine.idle()
    assert.deepEqual(datesOf(library), EXPECTED)
    const before = rows(library).map(({ made_at: at }) => at)

    // Another XMP file, none any more, another name: dated anew, not described.
    const changed = xmpPacket({ 'exif:DateTimeOriginal': '2001-02-03T04:05:06' })
    writeFileSync(join(folder, 'camera.jpg.xmp'), changed)
    rmSync(join(folder, 'beside.XMP'))
    renameSync(join(folder, 'file.jpg'), join(folder, '2002-03-04.jpg'))
    await engine.rescan()
    await engine.idle()
    assert.deepEqual(datesOf(library), [
      ['2002-03-04.jpg', Date.UTC(2002, 2, 4), 'name'],
      ['IMG_20190704_180509.jpg', AT, 'name'],
      ['beside.jpg', FILE_AT, null],
      ['camera.jpg', Date.UTC(2001, 1, 3, 4, 5, 6), 'sidecar'],
      ['future.jpg', null, null]
    ])
    const after = rows(library).map(({ made_at: at }) => at)
    assert.deepEqual(after.sort(), before.sort())
  })
})

test('a library of older rules is dated anew, and not described again', async (context) => {
  const library = temporaryFolder(context)
  const folder = await folderOf(context)
  await withEngine(library, async (engine) => {
    await engine.addFolder(folder)
    await engine.idle()
  })
  const before = rows(library)
  withDatabase(library, (database) => {
    database.exec(`
      UPDATE photos SET dated = 0, captured_at = NULL, captured_from = NULL, sort_name = name,
        file_time = modified_at, sidecar = NULL, sidecar_modified_at = NULL;
      DELETE FROM settings WHERE name = 'clock'`)
  })
  await withEngine(library, async (engine) => {
    await engine.idle()
    assert.equal((await engine.idle()).indexed, 0)
  })
  assert.deepEqual(rows(library), before)
})
