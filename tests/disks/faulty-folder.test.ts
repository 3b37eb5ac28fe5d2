// A folder whose disk or share gives errors for a while: no photo fails, none is lost, it is told
// once, and work goes on by itself. The errors are real ones, of a file system that gives them.
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import test, { after } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectCatalogue } from '../../main/catalogue/catalogue.ts'
import type { Engine } from '../../main/engine/api.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { kindOfCode, systemCodeOf } from '../../main/wire/system-fault.ts'
import { atEnd } from '../support/endings.ts'
import { superviseCompute } from '../support/compute.ts'
import { SOON, described, isWell, whenProgress } from '../support/waiting.ts'
import { NO_FAULTY_FOLDER, faultyFolder } from '../support/faulty-folder.ts'
import type { FaultyFolder } from '../support/faulty-folder.ts'
import { makePhotos } from '../support/photos.ts'
import { xmpPacket } from '../support/xmp.ts'
import { kinOf } from '../support/library.ts'

const skip = NO_FAULTY_FOLDER
const PHOTOS = 40
const KNOWN = 10 // of them, that were indexed before

const home = mkdtempSync(join(tmpdir(), 'kindred-faulty-'))
after(() => rmSync(home, { recursive: true, force: true }))

interface Made {
  engine: Engine
  library: string
  /** Where photos are, and where they are shown. */
  disk: string
  shown: string
  folder: FaultyFolder
}

let libraries = 0

/** A library with a few photos of such a folder indexed, and others that came since. */
async function made(context: TestContext): Promise<Made> {
  const own = join(home, `${libraries++}`)
  const [disk, shown, library] = [join(own, 'disk'), join(own, 'shown'), join(own, 'library')]
  await makePhotos(disk, KNOWN, { seed: 6, size: 96 })
  const folder = await faultyFolder(context, disk, shown)
  const engine = await createEngine({ library, watch: false, settle: 0, spacing: SOON })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  atEnd(context, async () => {
    await engine.close()
    await compute.stop()
  })
  await engine.addFolder(shown)
  await engine.idle()
  assert.equal(engine.status().indexed, KNOWN)
  return { engine, library, disk, shown, folder }
}

for (const error of ['EIO', 'ESTALE'] as const)
  test(`reading gives ${error} for a while`, { skip }, async (context) => {
    const { engine, library, disk, shown, folder } = await made(context)
    const [first = ''] = await makePhotos(disk, PHOTOS - KNOWN, { seed: 7, size: 96 })
    folder.refuse('read', error)
    const refusal = await readFile(join(shown, basename(first))).catch((thrown: unknown) => thrown)
    assert.equal(kindOfCode(systemCodeOf(refusal) ?? ''), 'disk-error', String(refusal))

    await engine.rescan()
    const told = await whenProgress(engine, ({ waits }) => waits[0]?.fault.about === 'folder')
    assert.deepEqual(
      told.waits.map(({ fault, folder: name, photos }) => [fault.kind, name, photos]),
      [['disk-error', 'shown', PHOTOS - KNOWN]],
      'it is told once, of the folder'
    )
    const { indexed, failed } = engine.status()
    assert.deepEqual([indexed, failed], [KNOWN, 0])
    assert.equal(described(library), KNOWN)

    folder.obey()
    await whenProgress(engine, isWell)
    const well = engine.status()
    assert.deepEqual([well.photos, well.indexed, well.failed], [PHOTOS, PHOTOS, 0])
  })

test('a photo that cannot be read in its middle waits alone, as it was', { skip }, async (context) => {
  const { engine, library, disk, shown, folder } = await made(context)
  const [large = ''] = await makePhotos(disk, 1, { seed: 8, size: 600 })
  await engine.rescan()
  await engine.idle()
  appendFileSync(large, new Uint8Array(9)) // as an editor does: it is to be described again
  await makePhotos(disk, 5, { seed: 9, size: 64 }) // that end before the error begins
  folder.refuse('read', 'EIO', 8192)
  await engine.rescan()
  await engine.idle()
  const { waits } = engine.progress()
  assert.deepEqual(
    waits.map(({ fault, photos }) => [fault.kind, fault.about, fault.subject, photos]),
    [['disk-error', 'photo', basename(large), 1]]
  )
  const { photos, indexed, failed } = engine.status()
  assert.deepEqual([photos, indexed, failed], [KNOWN + 6, KNOWN + 5, 0])
  assert.equal(described(library), KNOWN + 6, 'what was known of it is kept')
  const shownAt = join(shown, basename(large))
  const id = engine.idOf(shownAt)
  assert.ok(id)
  const [kin] = await kinOf(engine, { parts: [{ of: { id }, weight: 1 }], top: 1 })
  assert.ok(kin, 'it is asked with, as it was')

  folder.obey()
  await whenProgress(engine, isWell)
  assert.equal(engine.status().indexed, KNOWN + 6)
})

test('photos that may not be opened are told of once', { skip }, async (context) => {
  const { engine, disk, folder } = await made(context)
  await makePhotos(disk, PHOTOS - KNOWN, { seed: 10, size: 64 })
  folder.refuse('open', 'EACCES')
  await engine.rescan()
  await engine.idle()
  assert.deepEqual(
    engine.progress().waits.map(({ fault, photos }) => [fault.kind, fault.about, photos]),
    [['no-access', 'photo', PHOTOS - KNOWN]]
  )
  assert.equal(engine.status().failed, 0)
  folder.obey()
  await whenProgress(engine, isWell)
  assert.equal(engine.status().indexed, PHOTOS)
})

test('a folder that waits for its disk does not go on waiting for closed files', {
  skip
}, async (context) => {
  const { engine, disk, folder } = await made(context)
  await makePhotos(disk, PHOTOS - KNOWN, { seed: 11, size: 64 })
  folder.refuse('read', 'EIO')
  await engine.rescan()
  await whenProgress(engine, ({ waits }) => waits[0]?.fault.about === 'folder')
  folder.refuse('open', 'EACCES')
  const { waits } = await whenProgress(engine, (progress) =>
    progress.waits.some(({ fault }) => fault.kind === 'no-access')
  )
  const closed = waits.filter(({ fault }) => fault.kind === 'no-access')
  assert.deepEqual(
    closed.map(({ fault }) => fault.about),
    ['photo'],
    'the disk answers again: each photo waits alone'
  )
  folder.obey()
  await whenProgress(engine, isWell)
  assert.equal(engine.status().indexed, PHOTOS)
})

for (const error of ['EACCES', 'EIO'] as const)
  test(`an XMP file whose opening gives ${error} is read later`, { skip }, async (context) => {
    const { engine, library, disk, folder } = await made(context)
    const [photo = ''] = await makePhotos(disk, 1, { seed: 12, size: 64 })
    const taken = '2001-02-03T04:05:06'
    writeFileSync(`${photo}.xmp`, xmpPacket({ 'exif:DateTimeOriginal': taken }))
    folder.refuse('open', error, 0, '.xmp')
    await engine.rescan()
    await engine.idle()
    const { indexed, failed } = engine.status()
    assert.deepEqual([indexed, failed], [KNOWN + 1, 0], 'the photo is described without it')
    assert.equal(dateOf(library, basename(photo)), null)

    folder.obey()
    while (dateOf(library, basename(photo)) === null) await sleep(20) // it is read by itself
    assert.equal(dateOf(library, basename(photo)), Date.parse(`${taken}Z`))
  })

/** When a photo was taken, as the catalogue has it. */
function dateOf(library: string, name: string): number | null {
  const catalogue = connectCatalogue(library, 'read')
  try {
    const known = catalogue.photos.paths(0, 10_000).find((photo) => photo.name === name)
    return (known && catalogue.photos.shown(known.id)?.capturedAt) ?? null
  } finally {
    catalogue.close()
  }
}

test('a share that does not answer at all keeps its photos', { skip }, async (context) => {
  const { engine, library, folder } = await made(context)
  folder.refuse('any', 'ENOTCONN')
  await engine.rescan()
  await engine.idle()
  const { indexed, failed } = engine.status()
  assert.deepEqual([indexed, failed], [KNOWN, 0])
  assert.equal(described(library), KNOWN)
  assert.deepEqual(
    engine.progress().waits.map(({ fault, closed }) => [fault.kind, closed?.first]),
    [['disk-error', '']]
  )
  folder.obey()
  await whenProgress(engine, isWell)
  assert.deepEqual([engine.status().photos, engine.status().indexed], [KNOWN, KNOWN])
})
