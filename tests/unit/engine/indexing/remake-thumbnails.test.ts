// Thumbnails that are made again: once for all who ask, from whichever copy can be read, the latest
// asked for first; what cannot be made waits until there is hope.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { SPACING } from '../../../../main/engine/faults/decision.ts'
import { createThumbnailMaker } from '../../../../main/engine/indexing/remake-thumbnails.ts'
import type { ThumbnailMaker } from '../../../../main/engine/indexing/remake-thumbnails.ts'
import type { Catalogue } from '../../../../main/catalogue/catalogue.ts'
import type { Handlers } from '../../../../main/wire/channel.ts'
import type { ComputeContract } from '../../../../main/wire/compute-contract.ts'
import { Fault, type FaultKind } from '../../../../main/wire/fault.ts'
import { formerThumbnailFile, thumbnailName } from '../../../../main/wire/thumbnail.ts'
import { addIndexed, hashOf, temporaryCatalogue, temporaryFolder } from '../../../support/library.ts'
import { partCompute } from '../../../support/part-compute.ts'
import { until } from '../../../support/until.ts'

type MakeThumbnail = Handlers<ComputeContract>['makeThumbnail']

interface Made {
  maker: ThumbnailMaker
  catalogue: Catalogue
  folder: number
  thumbnails: string
  /** Paths that compute was asked for, in order. */
  asked: string[]
  hopes: string[][]
}

function made(
  t: TestContext,
  answer: (path: string) => Promise<void> | void,
  spacing = SPACING
): Made {
  const catalogue = temporaryCatalogue(t)
  const thumbnails = temporaryFolder(t)
  const asked: string[] = []
  const hopes: string[][] = []
  const makeThumbnail: MakeThumbnail = async ({ path, hash }) => {
    asked.push(path)
    assert.equal(hash.length, 64)
    await answer(path)
    return {}
  }
  const { link, far } = partCompute({ makeThumbnail })
  const stop = new AbortController()
  const maker = createThumbnailMaker({
    catalogue,
    link,
    thumbnails,
    signal: stop.signal,
    spacing,
    onHope: (names) => void hopes.push(names)
  })
  t.after(() => {
    stop.abort()
    maker.close()
    link.close()
    far.close()
  })
  return { maker, catalogue, folder: catalogue.folders.add('/photos', 'photos'), thumbnails, asked, hopes }
}

function nameOf(photo: string): string {
  return thumbnailName(hashOf(photo))
}

function fault(kind: FaultKind): Fault {
  return new Fault({ kind, subject: 'a', expected: 'a file', received: 'none' })
}

test('it is made from the photo’s file, once for all that ask meanwhile', async (t) => {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => (release = resolve))
  const { maker, catalogue, folder, asked, hopes } = made(t, () => released)
  const id = addIndexed(catalogue, folder, 'a.jpg')
  const before = catalogue.photos.shown(id)
  const answers = [1, 2, 3].map(() => maker.remake(nameOf('a.jpg')))
  release()
  assert.deepEqual(await Promise.all(answers), [true, true, true])
  assert.deepEqual(asked, ['/photos/a.jpg'])
  assert.deepEqual(catalogue.photos.shown(id), before)
  assert.equal(await maker.remake(nameOf('a.jpg')), true)
  assert.equal(asked.length, 2, 'it may be lost once more')
  assert.deepEqual(hopes, [])
})

test('a name of no photo, of one that is gone or on a drive that is away is not made', async (t) => {
  const { maker, catalogue, folder, asked } = made(t, () => undefined)
  catalogue.files.leave(addIndexed(catalogue, folder, 'gone.jpg'), 1)
  const away = catalogue.folders.add('/away', 'away')
  addIndexed(catalogue, away, 'away.jpg')
  catalogue.folders.setPresent(away, false)
  for (const photo of ['never.jpg', 'gone.jpg', 'away.jpg'])
    assert.equal(await maker.remake(nameOf(photo)), false, photo)
  assert.deepEqual(asked, [])
})

test('what could not be made is not tried again before there is hope', async (t) => {
  let isThere = false
  const { maker, catalogue, folder, asked, hopes } = made(t, () => {
    if (!isThere) throw fault('not-found')
  })
  addIndexed(catalogue, folder, 'a.jpg')
  const name = nameOf('a.jpg')
  for (let i = 0; i < 3; i++) assert.equal(await maker.remake(name), false)
  assert.equal(asked.length, 1)
  isThere = true
  maker.tryAgain()
  assert.deepEqual(hopes, [[name]])
  assert.equal(await maker.remake(name), true)
  maker.tryAgain()
  assert.deepEqual(hopes, [[name]], 'nothing is left to hope for')
})

test('hope that comes while one is tried in vain is not lost', async (t) => {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => (release = resolve))
  const { maker, catalogue, folder, asked, hopes } = made(t, async () => {
    await released
    throw fault('not-found')
  })
  addIndexed(catalogue, folder, 'a.jpg')
  const answer = maker.remake(nameOf('a.jpg'))
  while (asked.length === 0) await new Promise(setImmediate)
  maker.tryAgain()
  assert.deepEqual(hopes, [])
  release()
  assert.equal(await answer, false)
  assert.deepEqual(hopes, [[nameOf('a.jpg')]])
})

test('a fault that passes is tried again when decision.ts says, one that does not is not', async (t) => {
  const each = { first: 40, most: 80 }
  const spacing = { photo: each, folder: each, library: each, program: each }
  let kind: FaultKind | undefined = 'disk-error'
  const answer = (path: string): void => {
    if (path.endsWith('torn.jpg')) throw fault('corrupt-photo')
    if (path.endsWith('ends.jpg')) throw fault('process-lost')
    if (kind) throw fault(kind)
  }
  const { maker, catalogue, folder, asked, hopes } = made(t, answer, spacing)
  for (const photo of ['a.jpg', 'torn.jpg', 'ends.jpg']) addIndexed(catalogue, folder, photo)
  for (const photo of ['torn.jpg', 'ends.jpg']) assert.equal(await maker.remake(nameOf(photo)), false)
  const name = nameOf('a.jpg')
  for (const [attempt, after] of [40, 80, 80].entries()) {
    const before = Date.now()
    assert.equal(await maker.remake(name), false)
    await until('there is hope', () => hopes.length > attempt)
    assert.ok(Date.now() - before >= after, `attempt ${attempt}`)
    kind = attempt === 0 ? 'disk-full' : 'no-access'
  }
  kind = undefined
  assert.equal(await maker.remake(name), true)
  assert.deepEqual(hopes, [[name], [name], [name]])
  assert.equal(asked.length, 6)
})

test('where one copy of a photo cannot be read, another is', async (t) => {
  const { maker, catalogue, folder, asked } = made(t, (path) => {
    if (path.endsWith('a.jpg')) throw fault('not-found')
  })
  const [a, copy] = ['a.jpg', 'copy.jpg'].map((name) => addIndexed(catalogue, folder, name))
  for (const id of [a!, copy!]) {
    const { size, modifiedAt, ...task } = catalogue.work.task(id)!
    catalogue.files.change(id, { name: task.name, size, modifiedAt, inode: 1 })
    const what = { hash: hashOf('a.jpg'), width: 4, height: 3, capturedAt: null }
    assert.ok(catalogue.work.describe({ ...task, size, modifiedAt }, what))
  }
  assert.equal(await maker.remake(nameOf('a.jpg')), true)
  assert.deepEqual(asked, ['/photos/a.jpg', '/photos/copy.jpg'])
})

test('one that still has its former name is given the new one, and compute is not asked', async (t) => {
  const { maker, catalogue, folder, thumbnails, asked } = made(t, () => undefined)
  addIndexed(catalogue, folder, 'a.jpg')
  const hash = hashOf('a.jpg')
  const former = join(thumbnails, hash.slice(0, 2), `${hash}.webp`)
  mkdirSync(dirname(former))
  writeFileSync(former, 'webp')
  assert.equal(await maker.remake(nameOf('a.jpg')), true)
  const now = join(thumbnails, formerThumbnailFile(thumbnailName(hash)))
  assert.deepEqual([former, now].map(existsSync), [false, true])
  assert.deepEqual(asked, [])
})

test('few are made at a time, and the latest asked for comes next', async (t) => {
  const releases: (() => void)[] = []
  const { maker, catalogue, folder, asked } = made(
    t,
    () => new Promise<void>((resolve) => releases.push(resolve))
  )
  const photos = Array.from({ length: 8 }, (_, i) => `${i}.jpg`)
  for (const photo of photos) addIndexed(catalogue, folder, photo)
  const all = photos.map((photo) => maker.remake(nameOf(photo)))
  for (let done = 0; done < photos.length; done++) {
    while (releases.length <= done) await new Promise(setImmediate)
    assert.ok(asked.length <= done + 4)
    releases[done]!()
  }
  assert.deepEqual(await Promise.all(all), photos.map(() => true))
  const order = asked.map((path) => Number(/\d/.exec(path)))
  assert.deepEqual(order.slice(0, 4).sort(), [0, 1, 2, 3])
  assert.deepEqual(order.slice(4), [7, 6, 5, 4])
})
