// The disk as compute uses it, on real files.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import sharp from 'sharp'
import { MAXIMUM_BYTES, hasThumbnail, photoSize, readPhoto } from '../../../main/compute/files.ts'
import { writeThumbnail } from '../../../main/compute/files.ts'
import { isFault } from '../../../main/wire/fault.ts'
import { formerThumbnailFile, thumbnailName, thumbnailPath } from '../../../main/wire/thumbnail.ts'

const HASH = 'ab'.repeat(32)
let folder: string

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'kindred-files-'))
})
after(() => rmSync(folder, { recursive: true }))

test('a file is read whole, an empty one too', async () => {
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251))
  writeFileSync(join(folder, 'photo'), bytes)
  assert.deepEqual(Buffer.from(await readPhoto(join(folder, 'photo'))), bytes)
  writeFileSync(join(folder, 'empty'), '')
  assert.equal((await readPhoto(join(folder, 'empty'))).length, 0)
})

test('what is not there, no file, or too large, is refused by its kind', async () => {
  await assert.rejects(
    readPhoto(join(folder, 'nowhere', 'gone.jpg')),
    (error) => isFault(error, 'not-found') && error.message.startsWith('gone.jpg:')
  )
  const directory = join(folder, 'folder.jpg')
  mkdirSync(directory)
  await assert.rejects(readPhoto(directory), (error) => isFault(error, 'not-found'))
  writeFileSync(join(folder, 'huge.jpg'), '')
  truncateSync(join(folder, 'huge.jpg'), MAXIMUM_BYTES + 1) // takes no room on disk
  await assert.rejects(readPhoto(join(folder, 'huge.jpg')), (error) => isFault(error, 'too-large'))
})

test('a file is refused by its first bytes before the rest is read, however large it is', async () => {
  const path = join(folder, 'film.mov')
  writeFileSync(path, 'a film')
  truncateSync(path, MAXIMUM_BYTES + 1)
  const check = (head: Uint8Array): void => {
    assert.ok(head.length <= 4096 && Buffer.from(head).toString('latin1').startsWith('a film'))
    throw new Error('no photo')
  }
  await assert.rejects(readPhoto(path, check), /no photo/)
  assert.equal(await photoSize(path), 0, 'no room is taken for what will not be read')
})

const skip = process.platform === 'win32' ? 'no pipes with names on Windows' : false

test('a pipe without a writer does not hold us up', { skip }, async () => {
  execFileSync('mkfifo', [join(folder, 'pipe.jpg')])
  await assert.rejects(readPhoto(join(folder, 'pipe.jpg')), (error) => isFault(error, 'not-found'))
})

test('a thumbnail appears whole, by its hash, and leaves nothing else', async () => {
  const thumbnails = join(folder, 'thumbnails')
  assert.equal(await hasThumbnail(thumbnails, HASH), false)
  const bytes = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#444' } })
    .jpeg()
    .toBuffer()
  await Promise.all(Array.from({ length: 8 }, () => writeThumbnail(thumbnails, HASH, bytes)))
  assert.equal(thumbnailPath(thumbnails, HASH), join(thumbnails, 'ab', `${HASH.slice(0, 32)}.jpg`))
  assert.deepEqual(readFileSync(thumbnailPath(thumbnails, HASH)), bytes)
  assert.deepEqual(readdirSync(join(thumbnails, 'ab')), [`${HASH.slice(0, 32)}.jpg`])
  assert.equal(await hasThumbnail(thumbnails, HASH), true)
  truncateSync(thumbnailPath(thumbnails, HASH), bytes.length - 1)
  assert.equal(await hasThumbnail(thumbnails, HASH), false, 'one that is cut off is none')
  truncateSync(thumbnailPath(thumbnails, HASH))
  assert.equal(await hasThumbnail(thumbnails, HASH), false, 'an empty file is none')
  const former = join(thumbnails, formerThumbnailFile(thumbnailName(HASH)))
  writeFileSync(former, await sharp(bytes).webp().toBuffer())
  assert.equal(await hasThumbnail(thumbnails, HASH), true, 'a WebP of an earlier version serves')
})

test('a folder that cannot be written is a fault of the disk', async () => {
  writeFileSync(join(folder, 'in-the-way'), '')
  await assert.rejects(
    writeThumbnail(join(folder, 'in-the-way'), HASH, Buffer.alloc(1)),
    (error) => isFault(error) && error.record.about === 'library' && error.record.passes
  )
})
