// Walking: which files are listed, links, hidden and system folders, what vanishes or is closed.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { isSkipped, skippedKind } from '../../../../main/engine/folders/skipped.ts'
import { list, walk } from '../../../../main/engine/folders/walk.ts'
import { temporaryFolder } from '../../../support/library.ts'
import { picture } from '../../../support/pictures.ts'
import { NO_OTHER_USER, withoutRights } from '../../../support/without-rights.ts'

function put(root: string, ...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), path)
  }
}

async function found(root: string, except?: string): Promise<string[]> {
  const names: string[] = []
  for await (const listing of walk(root, '', () => true, except))
    for (const { name } of listing.files)
      names.push(listing.directory === '' ? name : `${listing.directory}/${name}`)
  return names.sort()
}

test('names that say nothing are looked into; those of other programs are not', async (context) => {
  const root = temporaryFolder(context)
  const jpeg = await picture(20, 10).jpeg().toBuffer()
  const names = ['IMG_0001', 'a.jpg~', '2019.07.04', 'b.tmp', 'c.txt', 'd.js', 'e.jpg.part', 'f.psd']
  for (const name of names) writeFileSync(join(root, name), jpeg)
  put(root, 'LICENSE', 'Makefile', 'g.1', 'h.mov')
  writeFileSync(join(root, 'empty'), '')
  const expected = ['2019.07.04', 'IMG_0001', 'a.jpg~', 'b.tmp', 'f.psd', 'h.mov']
  assert.deepEqual(await found(root), expected)
  // What was looked into is looked into again once it changed, even where it has the same size.
  writeFileSync(join(root, 'IMG_0001'), Buffer.alloc(jpeg.length))
  writeFileSync(join(root, 'LICENSE'), jpeg)
  const after = ['2019.07.04', 'LICENSE', 'a.jpg~', 'b.tmp', 'f.psd', 'h.mov']
  assert.deepEqual(await found(root), after)
})

test('a photo that is called a RAW or a film is no companion of another', async (context) => {
  const root = temporaryFolder(context)
  const jpeg = await picture(20, 10).jpeg().toBuffer()
  const raw = Buffer.from('II*\0\x10\0\0\0CR', 'latin1')
  const film = Buffer.from('\0\0\0\x14ftypqt  \0\0\0\0qt  ', 'latin1')
  const files = {
    'a.HEIC': jpeg, 'a.dng': jpeg, 'b.jpg': jpeg, 'b.CR2': raw, 'c.jpg': jpeg, 'c.MOV': film,
    'd.jpg': jpeg, 'd.mov': await picture(20, 10).webp().toBuffer(), 'e.jpg': jpeg, 'e.mpo': jpeg,
    'f.jpg': jpeg, 'f.x3f': Buffer.from('unlike anything')
  }
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, name), bytes)
  const listing = await list(root, '')
  const told = listing?.files.map(({ name, companions = [] }) => [name, companions.join(' ')])
  assert.deepEqual(told?.sort(), [
    ['a.HEIC', ''], ['a.dng', ''], ['b.jpg', 'b.CR2'], ['c.jpg', 'c.MOV'], ['d.jpg', ''],
    ['d.mov', ''], ['e.jpg', 'e.mpo'], ['f.jpg', 'f.x3f']
  ])
  // One that belonged to a photo at the last look is not opened at each.
  const known = { failures: new Map(), edits: new Set<string>(), companions: new Set(['a.dng']) }
  const again = await list(root, '', undefined, known)
  assert.deepEqual(again?.files.find(({ name }) => name === 'a.HEIC')?.companions, ['a.dng'])
})

test('hidden and system folders are left out', async (context) => {
  const bins = '$RECYCLE.BIN,RECYCLER,.Trash-1000,.Trashes,#recycle,@Recycle,.dtrash'.split(',')
  const stores = '@eaDir,#snapshot,.snapshot,~snapshot,@Recently-Snapshot,.@__thumb,.zfs'.split(',')
  const caches = '.thumbnails,LR Previews.lrdata,.AppleDouble,CaptureOne/Cache'.split(',')
  const systems = ['System Volume Information', 'lost+found', 'Photos Library.photoslibrary/resources']
  for (const name of [...bins, ...stores, ...caches, ...systems])
    assert.equal(skippedKind(`a/${name}`), 'system', name)
  for (const name of ['.git', '.stfolder', '.Trash-bin']) assert.equal(skippedKind(name), 'hidden')
  const looked = ['Photos Library.photoslibrary/originals', 'resources', 'Cache', 'Previews', 'a.b']
  for (const name of looked) assert.equal(skippedKind(name), undefined, name)
  assert.ok(isSkipped('a/.git/b') && !isSkipped('a/b'))
  const root = temporaryFolder(context)
  put(
    root,
    'a.jpg',
    'b/c.png',
    'b/.thumbs/d.jpg',
    '@eaDir/e.jpg',
    'b/readme.md',
    'l/thumbnails/x.webp'
  )
  assert.deepEqual(await found(root, join(root, 'l')), ['a.jpg', 'b/c.png'])
})

test('links are not followed: no loop, no way out', async (context) => {
  const root = temporaryFolder(context)
  const outside = temporaryFolder(context)
  put(outside, 'secret.jpg')
  put(root, 'a/b.jpg')
  symlinkSync(root, join(root, 'a', 'loop'))
  symlinkSync(outside, join(root, 'out'))
  symlinkSync(join(outside, 'secret.jpg'), join(root, 'link.jpg'))
  assert.deepEqual(await found(root), ['a/b.jpg'])
})

test('what is not there is not listed', async (context) => {
  const root = temporaryFolder(context)
  assert.equal(await list(root, 'nowhere'), undefined)
  put(root, 'file')
  assert.equal(await list(root, 'file'), undefined)
})

test('what is closed is listed with the reason', { skip: NO_OTHER_USER }, async (context) => {
  const root = temporaryFolder(context)
  chmodSync(root, 0o755)
  for (const [name, mode] of [['closed', 0], ['names', 0o744]] as const) {
    put(root, `${name}/a.jpg`)
    chmodSync(join(root, name), mode)
    // Of the second the names can be read, and nothing of the files.
    if (process.geteuid?.() === 0 || mode === 0) {
      const listing = await withoutRights(() => list(root, name))
      const { kind, about, subject } = listing?.fault ?? {}
      assert.deepEqual([kind, about, subject], ['no-access', 'folder', name])
      assert.deepEqual(listing?.files, [])
    }
    chmodSync(join(root, name), 0o755)
  }
})

test('facts of a file are what the disk says', async (context) => {
  const root = temporaryFolder(context)
  put(root, 'a.jpg')
  const listing = await list(root, '')
  const [file] = listing?.files ?? []
  assert.equal(file?.size, 5)
  assert.ok(file && Math.abs(file.modifiedAt - Date.now()) < 60_000)
})
