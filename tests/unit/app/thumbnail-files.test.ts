// photo://thumb/: served by name from the library's folder of thumbnails alone; what is missing or
// not whole is made again first, asked for once.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import test, { before, type TestContext } from 'node:test'
import sharp from 'sharp'
import { pictureResponse } from '../../../main/app/photo-files.ts'
import { createThumbnailFiles } from '../../../main/app/thumbnail-files.ts'
import { formerThumbnailFile, thumbnailFile } from '../../../main/wire/thumbnail.ts'
import { temporaryFolder } from '../../support/library.ts'

const NAME = 'ab'.repeat(16)
let JPEG: Buffer
before(async () => {
  const create = { width: 30, height: 20, channels: 3 as const, background: '#884422' }
  JPEG = await sharp({ create }).jpeg().toBuffer()
})

interface Files {
  folder: string
  /** Where the thumbnail of that name lies. */
  path: string
  get(name?: string, method?: string): Promise<Response>
  asked: string[]
}

/** Thumbnails in a folder; `remake` is told the path that is asked for. */
function files(t: TestContext, remake: (path: string) => boolean | Promise<boolean>): Files {
  const folder = join(temporaryFolder(t), 'thumbnails')
  const path = join(folder, thumbnailFile(NAME))
  mkdirSync(dirname(path), { recursive: true })
  const asked: string[] = []
  const thumbnails = createThumbnailFiles(folder, async (name) => {
    asked.push(name)
    return remake(join(folder, thumbnailFile(name)))
  })
  const made = (): never => assert.fail('the decoder was asked')
  const none = { read: (): never => assert.fail('a picture of another kind was asked for') }
  const pictures = { kept: { thumb: thumbnails, tile: none }, large: made, part: made }
  const get: Files['get'] = (name = NAME, method = 'GET') =>
    pictureResponse(new Request(`photo://thumb/${name}`, { method }), pictures)
  return { folder, path, get, asked }
}

function writeBack(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JPEG)
  return true
}

test('a thumbnail is served for ever, and no process is asked', async (t) => {
  const { path, get, asked } = files(t, () => false)
  writeFileSync(path, JPEG)
  const response = await get()
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'image/jpeg')
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
  assert.equal(response.headers.get('cache-control'), 'private, max-age=31536000, immutable')
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), JPEG)
  assert.deepEqual(asked, [])
  assert.equal((await get(NAME, 'POST')).status, 403)
})

test('one of an earlier version serves on, until there is one of this', async (t) => {
  const { folder, path, get, asked } = files(t, () => false)
  const webp = await sharp(JPEG).webp().toBuffer()
  writeFileSync(join(folder, formerThumbnailFile(NAME)), webp)
  const former = await get()
  assert.equal(former.headers.get('content-type'), 'image/webp')
  assert.deepEqual(Buffer.from(await former.arrayBuffer()), webp)
  writeFileSync(path, JPEG)
  assert.equal((await get()).headers.get('content-type'), 'image/jpeg')
  assert.deepEqual(asked, [])
})

test('one that is missing is made again: asked for once, served to all who asked', async (t) => {
  let make: () => void = () => undefined
  const begun = new Promise<void>((resolve) => (make = resolve))
  const { folder, get, asked } = files(t, async (path) => {
    await begun
    return writeBack(path)
  })
  rmSync(folder, { recursive: true }) // the whole folder is gone
  const answers = Array.from({ length: 8 }, () => get())
  // Files are looked at in turn: all eight have missed theirs once many later looks have ended.
  for (let look = 0; look < 64; look++) await assert.rejects(access(folder), { code: 'ENOENT' })
  make()
  for (const response of await Promise.all(answers)) {
    assert.equal(response.status, 200)
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), JPEG)
  }
  assert.deepEqual(asked, [NAME])
})

test('one that is empty, cut off, blank or no picture is made again', async (t) => {
  const { path, get, asked } = files(t, writeBack)
  const damages = [
    () => writeFileSync(path, ''),
    () => truncateSync(path, 40),
    () => writeFileSync(path, Buffer.alloc(JPEG.length)),
    () => writeFileSync(path, 'something else, which is long enough to be one')
  ]
  for (const [i, damage] of damages.entries()) {
    damage()
    assert.equal((await get()).status, 200)
    assert.equal(asked.length, i + 1)
    assert.deepEqual(readFileSync(path), JPEG)
  }
})

test('what cannot be made is not found, and what is made damaged is not tried for ever', async (t) => {
  const vain = files(t, () => false)
  assert.equal((await vain.get()).status, 404)
  assert.deepEqual(vain.asked, [NAME])
  const damaged = files(t, (path) => (writeFileSync(path, 'half'), true))
  assert.equal((await damaged.get()).status, 404)
  assert.deepEqual(damaged.asked, [NAME, NAME])
  const other = 'cd'.repeat(16)
  assert.equal((await damaged.get(`${other}/`)).status, 403, 'no name: nobody is asked')
  assert.deepEqual(damaged.asked, [NAME, NAME])
})

test('links, folders and pipes in the place of a thumbnail are refused', async (t) => {
  const { folder, path, get, asked } = files(t, () => false)
  const outside = temporaryFolder(t)
  writeFileSync(join(outside, 'secret.jpg'), JPEG)
  symlinkSync(join(outside, 'secret.jpg'), path)
  assert.equal((await get()).status, 403, 'a link to a file outside')
  rmSync(path)
  mkdirSync(path)
  assert.equal((await get()).status, 403, 'a folder')
  rmSync(path, { recursive: true })
  if (process.platform === 'linux') {
    execFileSync('mkfifo', [path])
    assert.equal((await get()).status, 403, 'a pipe')
  }
  rmSync(dirname(path), { recursive: true })
  mkdirSync(join(outside, 'ab'))
  writeFileSync(join(outside, thumbnailFile(NAME)), JPEG)
  symlinkSync(join(outside, 'ab'), join(folder, 'ab'))
  assert.equal((await get()).status, 403, 'a folder that is a link')
  assert.deepEqual(asked, [])
})
