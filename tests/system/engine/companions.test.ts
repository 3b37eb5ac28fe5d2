// One picture, one photo: files that belong together on a real disk, as the real engine and compute
// keep them while they come, go, are damaged, mended and renamed.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import test, { after, before } from 'node:test'
import type { TestContext } from 'node:test'
import { DatabaseSync } from '@photostructure/sqlite'
import * as v from 'valibot'
import { CATALOGUE_FILE } from '../../../main/catalogue/catalogue.ts'
import type { Engine } from '../../../main/engine/api.ts'
import { createEngine } from '../../../main/engine/engine.ts'
import { connect } from '../../../main/wire/channel.ts'
import type { Client } from '../../../main/wire/channel.ts'
import { engineContract } from '../../../main/wire/engine-contract.ts'
import type { PhotoInfo } from '../../../main/wire/engine-records.ts'
import { portPair } from '../../../main/wire/port.ts'
import { superviseCompute } from '../../support/compute.ts'
import type { Supervised } from '../../support/compute.ts'
import { HEIC_FILES } from '../../support/heic-files.ts'
import { ask, kinOf, temporaryFolder } from '../../support/library.ts'
import { googleMotion } from '../../support/motion-files.ts'
import { picture } from '../../support/pictures.ts'
import { RAW_FILES } from '../../support/raw-files.ts'

const FILM = Buffer.from('\0\0\0\x14ftypqt  \0\0\0\0qt  ', 'latin1')

const jpeg = (seed: number): Promise<Buffer> => picture(400, 300, seed).jpeg().toBuffer()

/** A RAW with a preview in it. */
async function raw(seed: number): Promise<Buffer> {
  return RAW_FILES['dng']!(1, await jpeg(seed))
}

/** A JPEG that says when it was taken. */
function takenOn(day: string, seed: number, width = 400): Promise<Buffer> {
  const exif = { IFD2: { DateTimeOriginal: `${day} 12:00:00` } }
  return picture(width, 300, seed).withExif(exif).jpeg().toBuffer()
}

const library = mkdtempSync(join(tmpdir(), 'kindred-companions-'))
let engine: Engine
let compute: Supervised
let page: Client<typeof engineContract>

before(async () => {
  engine = await createEngine({ library, watch: false, settle: 0 })
  const [far, near] = portPair()
  engine.servePage(near)
  page = connect(far, engineContract)
  compute = await superviseCompute((port) => engine.attachCompute(port))
})
after(async () => {
  await engine.close()
  await compute.stop()
  rmSync(library, { recursive: true })
})

function inCatalogue<T>(use: (database: InstanceType<typeof DatabaseSync>) => T): T {
  const database = new DatabaseSync(join(library, CATALOGUE_FILE), { timeout: 10_000 })
  try {
    return use(database)
  } finally {
    database.close()
  }
}

/** A folder of the library. */
class Folder {
  readonly root: string

  constructor(context: TestContext) {
    this.root = join(temporaryFolder(context), 'photos')
    mkdirSync(this.root)
  }

  put(name: string, bytes: Uint8Array): void {
    writeFileSync(join(this.root, name), bytes)
  }

  path(name: string): string {
    return join(this.root, name)
  }

  id(name: string): number | undefined {
    return engine.idOf(this.path(name))
  }

  /** Looks at the disk; how many photos were described. */
  async look(): Promise<number> {
    const before = Date.now()
    await engine.addFolder(this.root)
    await engine.rescan()
    await engine.idle()
    const made = 'SELECT count(*) AS made FROM features WHERE made_at >= ?'
    const row: unknown = inCatalogue((database) => database.prepare(made).get(before))
    return v.parse(v.object({ made: v.number() }), row).made
  }

  failed(): string[] {
    const paths = engine.failed().map(({ path }) => path)
    return paths.filter((path) => path.startsWith(this.root)).map((path) => basename(path)).sort()
  }

  /** The photos of the grid by name. */
  async photos(): Promise<Map<string, PhotoInfo>> {
    const { ids } = await page.call('layout', { filter: await engine.filterOf(this.root) })
    const { photos } = await page.call('photos', { ids: [...ids] })
    return new Map(photos.map((photo) => [photo.name, photo]))
  }

  /** The photos of the grid, each with its companions. */
  async told(): Promise<Record<string, string>> {
    const entries = [...(await this.photos()).values()].map(
      ({ name, companions }) => [name, companions.join(' ')] as const
    )
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  async favour(name: string): Promise<void> {
    await page.call('setFavourite', { ids: [this.id(name) ?? 0], favourite: true })
  }

  async favourites(): Promise<string[]> {
    const photos = [...(await this.photos()).values()]
    return photos.filter(({ favourite }) => favourite).map(({ name }) => name)
  }
}

test('a RAW and a film are told with their photo; a film alone is not looked at', async (context) => {
  const folder = new Folder(context)
  for (let i = 1; i <= 3; i++) {
    folder.put(`DSC${i}.JPG`, await jpeg(i))
    folder.put(`DSC${i}.ARW`, Buffer.from(`II*\0raw${i}`, 'latin1')) // never looked into
  }
  folder.put('IMG_1.HEIC', Buffer.from(HEIC_FILES.turned.base64, 'base64'))
  folder.put('IMG_1.mov', FILM)
  folder.put('IMG_1.AAE', Buffer.from('<plist/>'))
  folder.put('film.mov', FILM)
  assert.equal(await folder.look(), 4)
  const expected = { 'DSC1.JPG': 'DSC1.ARW', 'DSC2.JPG': 'DSC2.ARW', 'DSC3.JPG': 'DSC3.ARW' }
  assert.deepEqual(await folder.told(), { ...expected, 'IMG_1.HEIC': 'IMG_1.mov IMG_1.AAE' })
  assert.deepEqual(folder.failed(), ['film.mov'])
  assert.equal(engine.status().companions, 5)
  const kin = await kinOf(engine, ask({ path: folder.path('DSC1.ARW') }, 9))
  assert.ok(kin.length > 0 && !kin.some(({ path }) => basename(path) === 'DSC1.JPG'), 'asked with')
  const second = kin.find(({ path }) => basename(path) === 'DSC2.JPG')
  assert.deepEqual(second?.companions, ['DSC2.ARW'])

  rmSync(folder.path('IMG_1.mov'))
  folder.put('DSC3.xmp', Buffer.from('<x/>'))
  assert.equal(await folder.look(), 0, 'nothing is described again for it')
  const after = { ...expected, 'DSC3.JPG': 'DSC3.ARW DSC3.xmp', 'IMG_1.HEIC': 'IMG_1.AAE' }
  assert.deepEqual(await folder.told(), after)
})

test('favourites and what was learned survive whatever goes and comes', async (context) => {
  const folder = new Folder(context)
  folder.put('a.jpg', await jpeg(1))
  folder.put('a.ARW', await raw(1))
  folder.put('other.jpg', await jpeg(2))
  await folder.look()
  await folder.favour('a.jpg')
  const id = folder.id('a.jpg')

  const away = join(temporaryFolder(context), 'a.jpg')
  renameSync(folder.path('a.jpg'), away)
  assert.equal(await folder.look(), 1, 'the RAW alone is a photo')
  assert.deepEqual(await folder.told(), { 'a.ARW': '', 'other.jpg': '' })
  assert.deepEqual(await folder.favourites(), ['a.ARW'])

  renameSync(away, folder.path('a.jpg'))
  assert.equal(await folder.look(), 0, 'the JPEG is known')
  assert.deepEqual(await folder.told(), { 'a.jpg': 'a.ARW', 'other.jpg': '' })
  assert.deepEqual([await folder.favourites(), folder.id('a.jpg')], [['a.jpg'], id])

  renameSync(folder.path('a.jpg'), folder.path('b.JPG'))
  renameSync(folder.path('a.ARW'), folder.path('b.arw'))
  assert.equal(await folder.look(), 0, 'both were renamed')
  assert.deepEqual(await folder.told(), { 'b.JPG': 'b.arw', 'other.jpg': '' })
  assert.deepEqual([await folder.favourites(), folder.id('b.JPG')], [['b.JPG'], id])

  // A JPEG that comes later takes the place of a RAW that was a favourite.
  folder.put('c.arw', await raw(3))
  await folder.look()
  await folder.favour('c.arw')
  folder.put('c.jpg', await jpeg(3))
  await folder.look()
  const { 'c.jpg': companions } = await folder.told()
  assert.deepEqual([companions, (await folder.favourites()).sort()], ['c.arw', ['b.JPG', 'c.jpg']])
})

test('a damaged JPEG does not hide its RAW, and is told once where both are', async (context) => {
  const folder = new Folder(context)
  const whole = await jpeg(9)
  folder.put('a.jpg', Buffer.from('no photo'))
  folder.put('a.arw', await raw(9))
  folder.put('b.jpg', Buffer.from('no photo either'))
  folder.put('b.arw', Buffer.from('II*\0nor this', 'latin1'))
  assert.equal(await folder.look(), 1)
  assert.deepEqual(await folder.told(), { 'a.arw': 'a.jpg' })
  assert.deepEqual(folder.failed(), ['a.jpg', 'b.jpg'])
  await folder.favour('a.arw')

  folder.put('a.jpg', whole)
  await folder.look()
  assert.deepEqual(await folder.told(), { 'a.jpg': 'a.arw' })
  assert.deepEqual([folder.failed(), await folder.favourites()], [['b.jpg'], ['a.jpg']])

  folder.put('a.jpg', whole.subarray(0, 300))
  await folder.look()
  assert.deepEqual(await folder.told(), { 'a.arw': 'a.jpg' })
  assert.deepEqual(
    [folder.failed(), await folder.favourites()],
    [['a.jpg', 'b.jpg'], ['a.arw']]
  )
})

test('an edited version has its original as companion, where both are of one time', async (context) => {
  const folder = new Folder(context)
  folder.put('IMG_1234.jpg', await takenOn('2020:05:01', 1))
  folder.put('IMG_1234.MOV', FILM)
  await folder.look()
  await folder.favour('IMG_1234.jpg')
  folder.put('IMG_E1234.JPG', await takenOn('2020:05:01', 2, 300))
  folder.put('IMG_2000.jpg', await takenOn('2018:01:01', 3)) // the counter began anew
  folder.put('IMG_E2000.jpg', await takenOn('2021:01:01', 4))
  folder.put('a.jpg', await jpeg(5)) // without a date the sizes have to do
  folder.put('a-edited.jpg', await picture(300, 200, 6).jpeg().toBuffer())
  folder.put('b.jpg', await jpeg(7))
  folder.put('b-edited.jpg', await picture(40, 30, 7).jpeg().toBuffer())
  await folder.look()
  const apart = { 'IMG_2000.jpg': '', 'IMG_E2000.jpg': '', 'b-edited.jpg': '', 'b.jpg': '' }
  const expected = { 'IMG_E1234.JPG': 'IMG_1234.jpg IMG_1234.MOV', 'a-edited.jpg': 'a.jpg', ...apart }
  assert.deepEqual(await folder.told(), expected)
  assert.deepEqual(await folder.favourites(), ['IMG_E1234.JPG'])
  assert.equal(await folder.look(), 0)
  assert.deepEqual(await folder.told(), expected, 'and so it stays')

  mkdirSync(folder.path('trip'))
  for (const name of ['IMG_1234.jpg', 'IMG_1234.MOV', 'IMG_E1234.JPG'])
    renameSync(folder.path(name), folder.path(`trip/${name}`))
  assert.equal(await folder.look(), 0, 'moved, with all that was learned')
  assert.deepEqual(await folder.told(), expected)

  rmSync(folder.path('trip/IMG_E1234.JPG'))
  assert.equal(await folder.look(), 0, 'the original was described before')
  const { 'IMG_E1234.JPG': _, ...rest } = expected
  assert.deepEqual(await folder.told(), { 'IMG_1234.jpg': 'IMG_1234.MOV', ...rest })
  assert.deepEqual(await folder.favourites(), ['IMG_1234.jpg'])
})

test('what a file holds is told, also of photos that were described before', async (context) => {
  const folder = new Folder(context)
  const holds = async (): Promise<unknown> =>
    [...(await folder.photos()).values()].map(({ name, holds }) => [name, holds?.film])
  folder.put('PXL_1.MP.jpg', googleMotion(await jpeg(1), 2))
  await folder.look()
  assert.deepEqual(await holds(), [['PXL_1.MP.jpg', 2]])
  inCatalogue((database) => database.exec('UPDATE photos SET holds = NULL, dated = 0'))
  assert.equal(await folder.look(), 0)
  assert.deepEqual(await holds(), [['PXL_1.MP.jpg', 2]])
})
