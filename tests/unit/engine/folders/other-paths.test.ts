// A file that lies at several paths is one photo, whatever becomes of its paths. Real hard links.
import assert from 'node:assert/strict'
import { linkSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { addFolder, removeFolder } from '../../../../main/engine/folders/library-folders.ts'
import { isOneFile } from '../../../../main/engine/folders/other-paths.ts'
import { reconcile } from '../../../../main/engine/folders/reconcile.ts'
import { photosByFolder } from '../../../../main/engine/answering/overview.ts'
import { photoAt } from '../../../../main/engine/answering/at-path.ts'
import { temporaryFolder } from '../../../support/library.ts'
import { describe, disk } from '../../../support/scanned-folder.ts'
import type { Disk } from '../../../support/scanned-folder.ts'

const NAMES = ['1.jpg', '2.jpg', '3.jpg']

function link(it: Disk, from: string, to: string): void {
  mkdirSync(join(it.root, to, '..'), { recursive: true })
  linkSync(join(it.root, from), join(it.root, to))
}

/** Three photos in `a`, each with a hard link in `b`, described; the first two are favourites. */
async function linked(context: TestContext): Promise<Disk & { ids: number[] }> {
  const it = disk(context)
  it.put(...NAMES.map((name) => `a/${name}`))
  for (const name of NAMES) link(it, `a/${name}`, `b/${name}`)
  await it.scan()
  const ids = NAMES.flatMap((name) => it.idOf(`a/${name}`) ?? it.idOf(`b/${name}`) ?? [])
  for (const id of ids) await describe(it, id)
  it.catalogue.favourites.set(ids.slice(0, 2), true)
  return { ...it, ids }
}

/** The same rows, described, with their marks; how many paths lead to them besides their own. */
async function assertSame(it: Disk & { ids: number[] }, otherPaths: number): Promise<void> {
  // A link that comes or goes changes the file for the system: its bytes are looked at, no more.
  const pending = it.ids.filter((id) => it.catalogue.photos.shown(id)?.status === 'pending')
  for (const id of pending) await describe(it, id)
  const photos = it.catalogue.photos.paths(0, 100).map(({ id }) => it.catalogue.photos.shown(id))
  assert.deepEqual(
    photos.map((photo) => [photo?.id, photo?.status, photo?.favourite]),
    it.ids.map((id, i) => [id, 'indexed', i < 2])
  )
  assert.equal(it.catalogue.otherPaths.total(), otherPaths)
}

test('a tree of hard links is seen once', async (context) => {
  const it = await linked(context)
  await assertSame(it, 3)
  assert.equal((await it.scan()).changed, false)
  await assertSame(it, 3)
  for (const tree of ['a', 'b'])
    assert.ok(it.ids.includes(photoAt(it.catalogue, join(it.root, tree, '1.jpg')) ?? 0))
  assert.deepEqual([...photosByFolder(it.catalogue)], [[it.folder, 6]])
  const inB = [
    ...it.catalogue.photos.idsIn(it.folder, 'b'),
    ...it.catalogue.otherPaths.idsIn(it.folder, 'b')
  ]
  assert.deepEqual(inB.sort(), it.ids)
})

test('names change in one tree or both, or one goes: the photos stay what they were', async (context) => {
  const it = await linked(context)
  for (const tree of ['a', 'b'])
    for (const name of NAMES)
      renameSync(join(it.root, tree, name), join(it.root, tree, `${tree} ${name}`))
  await it.scan()
  await assertSame(it, 3)
  for (const name of NAMES) renameSync(join(it.root, 'b', `b ${name}`), join(it.root, 'b', name))
  await it.scan()
  await assertSame(it, 3)
  rmSync(join(it.root, 'a'), { recursive: true })
  await it.scan()
  await assertSame(it, 0)
  assert.deepEqual(
    it.rows(),
    NAMES.map((name) => `b/${name} indexed`)
  )
  rmSync(join(it.root, 'b/1.jpg'))
  await it.scan()
  assert.equal(it.rows().length, 2)
})

test('a photo that is thrown away under one path stays under the other', async (context) => {
  const it = await linked(context)
  const [first = 0] = it.ids
  const path = it.rows().find((row) => row.includes('1.jpg'))?.replace(' indexed', '') ?? ''
  rmSync(join(it.root, path))
  it.catalogue.files.leave(first, Date.now()) // as the one who throws it away does
  assert.deepEqual((await it.scan()).returned, [first])
  await assertSame(it, 2)
})

test('a path that gets a file of its own is a photo of its own', async (context) => {
  const it = await linked(context)
  const own = it.catalogue.otherPaths.directories(it.folder)[0] ?? ''
  rmSync(join(it.root, own, '2.jpg'))
  writeFileSync(join(it.root, own, '2.jpg'), 'an edited version')
  await it.scan()
  assert.equal(it.catalogue.otherPaths.total(), 2)
  assert.ok(it.rows().includes(`${own}/2.jpg pending`))
  assert.equal(it.rows().length, 4)
})

test('rows that an older library has of one file become one, with its marks', async (context) => {
  const it = disk(context)
  it.put('a/1.jpg')
  link(it, 'a/1.jpg', 'b/1.jpg')
  const { size, mtimeMs, ctimeMs, ino: inode } = statSync(join(it.root, 'a/1.jpg'))
  const facts = { name: '1.jpg', size, modifiedAt: mtimeMs, changedAt: ctimeMs, inode }
  const [first, second] = ['a', 'b'].map((directory) =>
    it.catalogue.files.insert(it.folder, directory, facts, 0)
  )
  assert.ok(first && second)
  for (const id of [first, second]) await describe(it, id)
  it.catalogue.favourites.set([second], true)
  it.catalogue.ratings.set([second], 4)
  const findings = await it.scan()
  assert.deepEqual([findings.left, it.rows()], [[second], ['a/1.jpg indexed']])
  assert.equal(findings.changed, true)
  const photo = it.catalogue.photos.shown(first)
  assert.deepEqual([photo?.favourite, photo?.rating], [true, 4])
})

test('a folder that is taken out leaves what lies in another one as well', async (context) => {
  const it = await linked(context)
  const other = join(temporaryFolder(context), 'other')
  mkdirSync(other)
  for (const name of NAMES) linkSync(join(it.root, 'a', name), join(other, name))
  const { id } = await addFolder(it.catalogue, other)
  const folder = it.catalogue.folders.get(id)
  assert.ok(folder)
  const starts = [{ directory: '', deep: true }]
  await reconcile(it.catalogue, [{ folder, starts, known: new Set() }], {
    settle: 0,
    now: Date.now
  })
  await assertSame(it, 6)
  assert.deepEqual(await removeFolder(it.catalogue, it.folder, Date.now()), [])
  await assertSame(it, 0)
  assert.deepEqual([...photosByFolder(it.catalogue)], [[id, 3]])
})

test('that a path of a photo went is a change, wherever its own lies', async (context) => {
  const it = await linked(context)
  const [other = ''] = it.catalogue.otherPaths.directories(it.folder)
  rmSync(join(it.root, other, '1.jpg'))
  assert.equal((await it.scan([{ directory: other, deep: false }])).changed, true)
  assert.equal((await it.scan([{ directory: other, deep: false }])).changed, false)
  rmSync(join(it.root, other), { recursive: true })
  assert.equal((await it.scan([{ directory: '', deep: false }])).changed, true)
  assert.equal((await it.scan([{ directory: '', deep: false }])).changed, false)
})

test('ids that are one as JavaScript numbers are two, and 0 is none', () => {
  const [ino, dev] = [2n ** 60n, 7n]
  assert.equal(Number(ino), Number(ino + 1n))
  assert.equal(isOneFile({ ino, dev }, { ino, dev }), true)
  assert.equal(isOneFile({ ino, dev }, { ino: ino + 1n, dev }), false)
  assert.equal(isOneFile({ ino, dev }, { ino, dev: 8n }), false)
  assert.equal(isOneFile({ ino: 0n, dev }, { ino: 0n, dev }), false)
})
