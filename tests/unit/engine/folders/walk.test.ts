// Which files are photos, and walking: links, hidden and system folders, what vanishes or is
// closed.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import {
  contentTypeOf,
  isSkippedDirectory,
  photoKind,
  refusalOf
} from '../../../../main/engine/folders/formats.ts'
import { list, walk } from '../../../../main/engine/folders/walk.ts'
import { temporaryFolder } from '../../../support/library.ts'

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

test('photos are told by their extension, in any case', () => {
  const kinds: [string, ReturnType<typeof photoKind>][] = [
    ['a.jpg', 'decoded'],
    ['A.JPEG', 'decoded'],
    ['el torcal ünïcode 岩.WebP', 'decoded'],
    ['a.b.png', 'decoded'],
    ['x.avif', 'decoded'],
    ['x.gif', 'decoded'],
    ['x.HEIC', 'undecoded'],
    ['x.tiff', 'undecoded'],
    ['x.CR3', 'undecoded'],
    ['x.dng', 'undecoded'],
    ['x.orf', 'undecoded'],
    ['notes.txt', null],
    ['film.mov', null],
    ['jpg', null],
    ['.jpg', null],
    ['._a.jpg', null],
    ['a.jpg.part', null]
  ]
  assert.deepEqual(
    kinds.map(([name]) => [name, photoKind(name)]),
    kinds
  )
})

test('a format that is not decoded is refused by name', () => {
  assert.equal(refusalOf('a.jpg'), null)
  const { kind, passes, subject, received } = refusalOf('IMG_1.HEIC') ?? {}
  assert.deepEqual(
    [kind, passes, subject, received],
    ['unsupported-format', false, 'IMG_1.HEIC', 'HEIC']
  )
})

test('photos are served as what they are named', () => {
  assert.deepEqual(['a.JPG', 'b.webp', 'c.nef'].map(contentTypeOf), [
    'image/jpeg',
    'image/webp',
    'application/octet-stream'
  ])
})

test('hidden and system folders are left out', async (context) => {
  for (const name of ['.git', '$RECYCLE.BIN', 'System Volume Information', '@eaDir', 'lost+found'])
    assert.ok(isSkippedDirectory(name), name)
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

test('what is not there is not listed; what is closed is listed as closed', async (context) => {
  const root = temporaryFolder(context)
  assert.equal(await list(root, 'nowhere'), undefined)
  put(root, 'file')
  assert.equal(await list(root, 'file'), undefined)
  put(root, 'closed/a.jpg')
  chmodSync(join(root, 'closed'), 0)
  const listing = await list(root, 'closed').finally(() => chmodSync(join(root, 'closed'), 0o700))
  // To root nothing is closed.
  const isRoot = process.getuid?.() === 0
  assert.deepEqual([listing?.readable, listing?.files.length], isRoot ? [true, 1] : [false, 0])
})

test('facts of a file are what the disk says', async (context) => {
  const root = temporaryFolder(context)
  put(root, 'a.jpg')
  const listing = await list(root, '')
  const [file] = listing?.files ?? []
  assert.equal(file?.size, 5)
  assert.ok(file && Math.abs(file.modifiedAt - Date.now()) < 60_000)
})
