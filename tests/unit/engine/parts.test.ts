// The small parts of the engine: when a fit is due, the sample, progress, the revision, thumbnails.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasOutgrown } from '../../../main/engine/models/fit-due.ts'
import { spread } from '../../../main/engine/models/sample.ts'
import { contentHash } from '../../../main/engine/folders/content-hash.ts'
import { createProgressMeter } from '../../../main/engine/indexing/progress-meter.ts'
import { createRevision } from '../../../main/engine/answering/revision.ts'
import { QUIET_AFTER_ACT, StepAside } from '../../../main/wire/step-aside.ts'
import { purge, sweep } from '../../../main/engine/indexing/sweep-thumbnails.ts'
import { formerThumbnailFile, thumbnailName, thumbnailPath } from '../../../main/wire/thumbnail.ts'
import { addIndexed, hashOf, temporaryCatalogue, temporaryFolder } from '../../support/library.ts'

test('a fit is due at 256 photos, after growth by half, at the end of a run by a tenth', () => {
  const table: [number, number | undefined, boolean, boolean][] = [
    [255, undefined, true, false],
    [256, undefined, false, true],
    [384, 256, false, false],
    [385, 256, false, true],
    [280, 256, true, false],
    [282, 256, true, true],
    [100, 256, true, false], // photos left
    [19_000, 15_000, false, false],
    [19_000, 15_000, true, true],
    [90_000, 15_000, true, true],
    [90_000, 20_000, true, false]
  ]
  for (const [indexed, fittedOn, ended, due] of table)
    assert.equal(hasOutgrown(indexed, fittedOn, ended), due, `${indexed} ${fittedOn} ${ended}`)
})

test('a sample is spread evenly, in order, without repeats', () => {
  const ids = Uint32Array.from({ length: 1000 }, (_, i) => i * 3)
  assert.equal(spread(ids, 1000), ids)
  const sample = spread(ids, 7)
  assert.equal(new Set(sample).size, 7)
  assert.deepEqual(
    [...sample],
    [...sample].sort((a, b) => a - b)
  )
  assert.deepEqual([sample[0], sample[6]], [0, 3 * Math.floor((6 * 1000) / 7)])
})

test('a content hash is the SHA-256 of the bytes; of nothing there is none', async (context) => {
  const path = join(temporaryFolder(context), 'a')
  writeFileSync(path, 'abc')
  const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  assert.equal(await contentHash(path), known)
  assert.equal(await contentHash(`${path}b`), undefined)
})

test('progress: counts, speed over the last seconds, time left, calm words for a restart', () => {
  let time = 1_000_000
  let left = 100
  const meter = createProgressMeter(
    { left: () => left, waits: () => [], onFault: assert.fail },
    () => time
  )
  assert.deepEqual(
    [meter.snapshot().state, meter.snapshot().restarting],
    ['idle', null],
    'a compute that was never there is not being restarted'
  )
  meter.set({ scanning: true })
  assert.equal(meter.snapshot().state, 'scanning')
  meter.begin()
  meter.set({ indexing: true, compute: 'ready', currentFile: 'a.jpg' })
  assert.deepEqual(meter.snapshot(), {
    state: 'indexing',
    done: 0,
    total: 100,
    failed: 0,
    photosPerSecond: 0,
    secondsLeft: null,
    currentFile: 'a.jpg',
    restarting: null,
    waits: []
  })
  for (let i = 0; i < 60; i++) {
    time += 1000
    left--
    meter.add(i % 10 === 0 ? 0 : 1, i % 10 === 0 ? 1 : 0)
  }
  const slow = meter.snapshot()
  assert.deepEqual([slow.done, slow.total, slow.failed], [60, 100, 6])
  assert.ok(Math.abs(slow.photosPerSecond - 1) < 0.05, `${slow.photosPerSecond}`)
  assert.ok(Math.abs((slow.secondsLeft ?? 0) - 40) < 2)
  meter.set({ compute: 'absent' })
  assert.equal(meter.snapshot().restarting, 'compute')
  meter.set({ compute: 'decoder-lost' })
  assert.equal(meter.snapshot().restarting, 'decoder')
  meter.set({ compute: 'resting' })
  meter.set({ compute: 'ready' })
  assert.equal(meter.snapshot().restarting, null)
  meter.set({ indexing: false, fitting: true })
  assert.deepEqual([meter.snapshot().state, meter.snapshot().secondsLeft], ['fitting', null])
  meter.set({ paused: true })
  assert.equal(meter.snapshot().state, 'paused')
  meter.begin()
  assert.equal(meter.snapshot().done, 0)
})

test('progress is told at most five times a second, the last state always', async () => {
  const meter = createProgressMeter({ left: () => 0, waits: () => [], onFault: assert.fail })
  const told: string[] = []
  const stop = meter.on((progress) => told.push(progress.currentFile ?? ''))
  meter.set({ indexing: true })
  const start = performance.now()
  for (let i = 0; performance.now() - start < 500; i++) {
    meter.set({ currentFile: `${i}.jpg` })
    await sleep(5)
  }
  meter.set({ currentFile: 'last.jpg' })
  await sleep(250)
  const most = Math.ceil((performance.now() - start) / 200) + 1
  stop()
  meter.close()
  assert.ok(told.length >= 2 && told.length <= most, `${told.length} of ${most}`)
  assert.equal(told.at(-1), 'last.jpg')
})

test('the revision rises with each change and is told at most twice a second', async () => {
  const told: number[] = []
  const revision = createRevision((value) => told.push(value), new StepAside())
  const first = revision.value
  const start = performance.now()
  for (let i = 0; i < 20; i++) {
    revision.raise()
    await sleep(10)
  }
  assert.equal(revision.value, first + 20)
  await sleep(520)
  revision.close()
  const most = Math.ceil((performance.now() - start) / 500) + 1
  assert.ok(told.length >= 1 && told.length <= most, `${told.length} of ${most}`)
  assert.equal(told.at(-1), first + 20)
})

test('while somebody acts marks are told of, and photos once the act is over', async () => {
  const told: number[] = []
  let now = 0
  const aside = new StepAside(() => now)
  const revision = createRevision((value) => told.push(value), aside)
  aside.begin()
  revision.raise('photos')
  await sleep(150)
  assert.deepEqual(told, [])
  now += QUIET_AFTER_ACT
  while (told.length === 0) await sleep(10)
  assert.deepEqual(told, [revision.value])
  aside.begin()
  revision.raise('marks')
  while (told.length === 1) await sleep(10)
  assert.ok(aside.isOn)
  assert.equal(told.at(-1), revision.value)
  revision.close()
})

test('a thumbnail that has its former name keeps its picture and gets the new name', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const thumbnails = temporaryFolder(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  addIndexed(catalogue, folder, 'here')
  const hash = hashOf('here')
  const former = join(thumbnails, hash.slice(0, 2), `${hash}.webp`)
  mkdirSync(dirname(former))
  writeFileSync(former, 'webp')
  assert.equal(await sweep(catalogue, thumbnails, Date.now(), new AbortController().signal), 0)
  assert.equal(existsSync(former), false)
  const now = join(thumbnails, formerThumbnailFile(thumbnailName(hash)))
  assert.equal(readFileSync(now, 'utf8'), 'webp')
})

test('thumbnails go that nothing refers to, unless they are young', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const thumbnails = temporaryFolder(context)
  const now = Date.now()
  const old = (now - 2 * 24 * 3600_000) / 1000
  const put = (hash: string, seconds = old): string => {
    const path = thumbnailPath(thumbnails, hash)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, 'a picture')
    utimesSync(path, seconds, seconds)
    return path
  }
  const folder = catalogue.folders.add('/photos', 'photos')
  addIndexed(catalogue, folder, 'here')
  const left = addIndexed(catalogue, folder, 'left')
  catalogue.files.leave(left, now - 40 * 24 * 3600_000)
  const [here, gone, orphan, young] = ['here', 'left', 'orphan', 'young'].map(hashOf)
  const paths = [put(here!), put(gone!), put(orphan!), put(young!, now / 1000)]
  const unfinished = put(here!).replace('.jpg', '.jpg.1-2.unfinished')
  writeFileSync(unfinished, '')
  utimesSync(unfinished, old, old)
  const { signal } = new AbortController()
  assert.equal(await sweep(catalogue, thumbnails, now, signal), 2)
  assert.deepEqual([...paths, unfinished].map(existsSync), [true, true, false, true, false])
  assert.equal(await purge(catalogue, now), 1)
  assert.equal(await sweep(catalogue, thumbnails, now, signal), 1)
  assert.deepEqual(paths.map(existsSync), [true, false, false, true])
})
