// A folder of the library that lies elsewhere now is known again when it is added there, on a real
// disk; one that is only like it is not.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import type { Catalogue } from '../../../../main/catalogue/catalogue.ts'
import { addFolder, locateFolder } from '../../../../main/engine/folders/library-folders.ts'
import { reconcile } from '../../../../main/engine/folders/reconcile.ts'
import { createScanner } from '../../../../main/engine/folders/scanner.ts'
import { isFault } from '../../../../main/wire/fault.ts'
import { faultSentence } from '../../../../main/wire/fault-words.ts'
import { StepAside } from '../../../../main/wire/step-aside.ts'
import { temporaryCatalogue, temporaryFolder } from '../../../support/library.ts'
import { describe } from '../../../support/scanned-folder.ts'

interface Made {
  catalogue: Catalogue
  place: string // holds the folder
  path: string
  id: number
}

async function scan(catalogue: Catalogue): Promise<void> {
  const scopes = catalogue.folders
    .list()
    .map((folder) => ({ folder, starts: [{ directory: '', deep: true }], known: new Set<string>() }))
  await reconcile(catalogue, scopes, { settle: 0, now: Date.now })
}

/** A library of a folder with 40 photos in two directories. */
async function library(context: TestContext): Promise<Made> {
  const place = join(temporaryFolder(context), 'drive')
  const path = join(place, 'Pictures')
  for (const directory of ['2023', '2024']) {
    mkdirSync(join(path, directory), { recursive: true })
    for (let i = 0; i < 20; i++)
      writeFileSync(join(path, directory, `${i}.jpg`), `${directory} ${'x'.repeat(i)}`)
  }
  const catalogue = temporaryCatalogue(context)
  const { id } = await addFolder(catalogue, path)
  await scan(catalogue)
  return { catalogue, place, path, id }
}

function paths({ catalogue }: Made): { id: number; root: string }[] {
  return catalogue.photos.paths(0, 100).map(({ id, root }) => ({ id, root }))
}

test('a folder that was renamed goes on with all its rows', async (context) => {
  const made = await library(context)
  const before = paths(made).map(({ id }) => id)
  const renamed = join(made.place, 'Photos')
  renameSync(made.path, renamed)
  rmSync(join(renamed, '2023/3.jpg')) // a little may be another
  assert.equal((await addFolder(made.catalogue, renamed)).id, made.id)
  await scan(made.catalogue)
  const [folder, ...more] = made.catalogue.folders.list()
  assert.deepEqual([folder?.path, folder?.name, more.length], [renamed, 'Photos', 0])
  const after = paths(made)
  assert.equal(after.length, 39)
  assert.ok(after.every(({ id, root }) => before.includes(id) && root === renamed))
})

test('a drive that is mounted elsewhere is known by its files', async (context) => {
  const made = await library(context)
  const elsewhere = join(made.place, '..', 'other mount')
  renameSync(made.place, elsewhere)
  assert.equal((await addFolder(made.catalogue, join(elsewhere, 'Pictures'))).id, made.id)
  assert.equal(made.catalogue.folders.list().length, 1)
})

test('a copy of what lies on an unplugged drive is another folder', async (context) => {
  const made = await library(context)
  const copy = join(temporaryFolder(context), 'backup')
  cpSync(made.path, copy, { recursive: true, preserveTimestamps: true })
  renameSync(made.place, join(made.place, '..', 'in a drawer'))
  assert.notEqual((await addFolder(made.catalogue, copy)).id, made.id)
})

test('a folder that is still where it was stays, and so does one with other photos', async (context) => {
  const made = await library(context)
  const copy = join(made.place, 'Copy')
  cpSync(made.path, copy, { recursive: true, preserveTimestamps: true })
  assert.notEqual((await addFolder(made.catalogue, copy)).id, made.id)
  rmSync(made.path, { recursive: true })
  const other = join(made.place, 'Other')
  mkdirSync(join(other, '2023'), { recursive: true })
  for (let i = 0; i < 20; i++) writeFileSync(join(other, '2023', `${i}.jpg`), 'another photo')
  assert.notEqual((await addFolder(made.catalogue, other)).id, made.id)
  assert.equal(made.catalogue.folders.list().length, 3)
})

test('a person says where a folder lies now, if some of its photos are there', async (context) => {
  const made = await library(context)
  const { catalogue, id, path, place } = made
  const kept = catalogue.photos.paths(0, 100).filter(({ directory }) => directory === '2024')
  const [other, empty, moved] = ['Other', 'Empty', 'Moved'].map((name) => join(place, '..', name))
  assert.ok(other && empty && moved)
  for (const folder of [other, empty]) mkdirSync(folder)
  await addFolder(catalogue, other)
  const refused = (to: string, why: RegExp): Promise<void> =>
    assert.rejects(locateFolder(catalogue, id, to), (error) => {
      assert.ok(isFault(error, 'wrong-folder'))
      assert.match(faultSentence(error.record), why)
      return true
    })
  await refused(other, /“Pictures”: that one is where it was/)
  renameSync(path, moved)
  rmSync(join(moved, '2023'), { recursive: true }) // too much is another: it is not known by itself
  await refused(empty, /none of its photos are there/)
  await refused(other, /it is part of “Other” already/)
  await refused(join(place, '..'), /“Other” lies in it/)
  await locateFolder(catalogue, id, moved)
  await scan(catalogue)
  const after = paths(made)
  assert.deepEqual(
    after.map((photo) => photo.id),
    kept.map((photo) => photo.id)
  )
  assert.ok(after.every(({ root }) => root === moved))
  await assert.rejects(locateFolder(catalogue, 99, moved), (error) => isFault(error, 'not-found'))
})

test('a folder within one of the library is part of it, but where that is not looked into', async (context) => {
  const made = await library(context)
  assert.deepEqual(await addFolder(made.catalogue, join(made.path, '2023')), {
    id: made.id,
    partOf: 'Pictures'
  })
  assert.deepEqual(await addFolder(made.catalogue, made.path), { id: made.id })
  const hidden = join(made.path, '.private')
  mkdirSync(hidden)
  const own = await addFolder(made.catalogue, hidden)
  assert.ok(own.id !== made.id && own.partOf === undefined)
  assert.equal(made.catalogue.folders.list().length, 2)
})

test('a folder that was renamed where it was is found by itself', async (context) => {
  const made = await library(context)
  const { catalogue, id } = made
  const before = paths(made)
  const scanner = createScanner(catalogue, {
    except: '',
    settle: 0,
    aside: new StepAside(),
    onFindings: () => Promise.resolve(),
    onPresence: () => undefined,
    onRows: () => undefined,
    onFault: assert.ifError,
    onBusy: () => undefined
  })
  context.after(() => scanner.close())
  cpSync(made.path, join(made.place, 'A copy'), { recursive: true, preserveTimestamps: true })
  const renamed = join(made.place, 'Photos')
  renameSync(made.path, renamed)
  await scanner.scan()
  assert.deepEqual(
    catalogue.folders.list().map(({ path, present }) => [path, present]),
    [[renamed, true]]
  )
  assert.deepEqual(paths(made), before.map((photo) => ({ ...photo, root: renamed })))
  rmSync(renamed, { recursive: true })
  await scanner.scan()
  assert.equal(catalogue.folders.get(id)?.present, false, 'a copy is not the folder')
})

test('a copy whose times are others is known by its content', async (context) => {
  const made = await library(context)
  for (const { id } of paths(made)) await describe({ ...made, root: made.path }, id)
  const copy = join(made.place, '..', 'disk', 'Pictures')
  cpSync(made.path, copy, { recursive: true }) // its files are of now
  rmSync(made.path, { recursive: true })
  const like = join(made.place, '..', 'like', 'Pictures')
  cpSync(copy, like, { recursive: true })
  for (const directory of ['2023', '2024'])
    for (let i = 0; i < 20; i++)
      writeFileSync(join(like, directory, `${i}.jpg`), `${directory} ${'y'.repeat(i)}`)
  assert.notEqual((await addFolder(made.catalogue, like)).id, made.id)
  assert.equal((await addFolder(made.catalogue, copy)).id, made.id)
})
