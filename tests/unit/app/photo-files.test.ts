// photo://photo/: served by id only, and only from inside the folder that the engine named.
import test, { type TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pictureResponse, type Place } from '../../../main/app/photo-files.ts'
import type { ThumbnailFiles } from '../../../main/app/thumbnail-files.ts'
import { Fault, type FaultKind } from '../../../main/wire/fault.ts'

/** No thumbnail is asked for here. */
const NONE: ThumbnailFiles = {
  read: () => Promise.reject(new Error('a thumbnail was asked for'))
}
const NONE_KEPT = { thumb: NONE, tile: NONE }

function refused(kind: FaultKind): Fault {
  return new Fault({ kind, subject: '9', expected: 'a photo', received: 'none' })
}

interface Library {
  root: string
  outside: string
  get(place: Partial<Place>, address?: string, method?: string): Promise<Response>
  /** What the decoder makes of a photo that browsers do not show; it refuses at first. */
  rendered: { bytes?: Uint8Array<ArrayBuffer> }
}

function makeLibrary(t: TestContext): Library {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-photo-files-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const root = join(folder, 'root')
  const outside = join(folder, 'root-outside')
  mkdirSync(join(root, 'deep'), { recursive: true })
  mkdirSync(outside)
  writeFileSync(join(root, 'deep/a.jpg'), 'GIF89a inside')
  writeFileSync(join(outside, 'secret.jpg'), 'secret')
  const rendered: Library['rendered'] = {}
  return {
    root,
    outside,
    rendered,
    get: (place, address = 'photo://photo/7', method = 'GET') =>
      pictureResponse(new Request(address, { method }), {
        kept: NONE_KEPT,
        locate(id) {
          assert.equal(id, 7)
          return Promise.resolve({ path: '', root, needsRendering: false, ...place })
        },
        async render(id) {
          assert.equal(id, 7)
          if (rendered.bytes) return rendered.bytes
          throw refused('unsupported-format')
        }
      })
  }
}

test('a photo inside its root is served with the type that its bytes have', async (t) => {
  const { root, get } = makeLibrary(t)
  for (const [type, text] of [['image/jpeg', '\xff\xd8\xff\xe0'], ['image/gif', 'GIF89a']]) {
    writeFileSync(join(root, 'deep/b.HEIC'), text!, 'latin1')
    const served = await get({ path: join(root, 'deep/b.HEIC') })
    assert.equal(served.headers.get('content-type'), type)
  }
  const response = await get({ path: join(root, 'deep/a.jpg') })
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
  assert.equal(response.headers.get('cache-control'), 'no-store', 'it may be edited')
  assert.equal(await response.text(), 'GIF89a inside')
})

test('a photo that browsers do not show comes as the decoder renders it', async (t) => {
  const { root, get, rendered } = makeLibrary(t)
  for (const text of ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', '<svg onload="x">', '']) {
    const path = join(root, 'deep/c.jpg')
    writeFileSync(path, text, 'latin1')
    delete rendered.bytes
    assert.equal((await get({ path })).status, 404, 'the decoder refuses it')
    rendered.bytes = Uint8Array.from([1, 2, 3])
    const served = await get({ path })
    assert.equal(served.headers.get('content-type'), 'image/jpeg')
    assert.equal(served.headers.get('cache-control'), 'no-store')
    assert.deepEqual([...new Uint8Array(await served.arrayBuffer())], [1, 2, 3])
  }
})

test('a large file comes whole, in pieces; one that is not read to its end is let go', async (t) => {
  const { root, get } = makeLibrary(t)
  const bytes = Buffer.alloc(3_000_001, 'GIF89a photo')
  writeFileSync(join(root, 'large.jpg'), bytes)
  const whole = await get({ path: join(root, 'large.jpg') })
  assert.deepEqual(Buffer.from(await whole.arrayBuffer()), bytes)
  const left = await get({ path: join(root, 'large.jpg') })
  const reader = left.body?.getReader()
  const first = await reader?.read()
  assert.ok(first?.value && first.value.byteLength < bytes.length)
  await reader?.cancel()
})

test('a root that is itself reached through a link is allowed', async (t) => {
  const { root, outside, get } = makeLibrary(t)
  symlinkSync(root, join(outside, 'link'))
  const path = join(outside, 'link/deep/a.jpg')
  assert.equal((await get({ path, root: join(outside, 'link') })).status, 200)
})

test('whatever leads out of the root is refused', async (t) => {
  const { root, outside, get } = makeLibrary(t)
  symlinkSync(join(outside, 'secret.jpg'), join(root, 'file-link.jpg'))
  symlinkSync(outside, join(root, 'folder-link'))
  const ways = [
    join(outside, 'secret.jpg'),
    `${root}/../root-outside/secret.jpg`,
    `${root}/deep/../../root-outside/secret.jpg`,
    join(root, 'file-link.jpg'),
    join(root, 'folder-link/secret.jpg'),
    join(root, 'deep'), // a folder is not listed
    root,
    '/etc/passwd'
  ]
  for (const path of ways) {
    const response = await get({ path })
    assert.equal(response.status, 403, path)
    assert.equal(await response.text(), '', path)
  }
})

const isLinux = process.platform === 'linux' || 'this needs Linux'

test('a pipe in the place of a photo is refused, and keeps nobody waiting', async (t) => {
  if (isLinux !== true) return t.skip(isLinux)
  const { root, get } = makeLibrary(t)
  execFileSync('mkfifo', [join(root, 'pipe.jpg')])
  // An open that blocks is let go by a writer, so that the test ends and fails.
  const writer = spawn('sh', ['-c', 'sleep 5; : > "$0"', join(root, 'pipe.jpg')], { stdio: 'ignore' })
  t.after(() => writer.kill())
  assert.equal((await get({ path: join(root, 'pipe.jpg') })).status, 403)
  assert.equal(writer.exitCode, null, 'answered before anyone wrote')
})

test('a file that opens and cannot be read is refused and closed', async (t) => {
  if (isLinux !== true) return t.skip(isLinux)
  const { get } = makeLibrary(t)
  // Address 0 of a process is never mapped: a regular file that opens and cannot be read.
  const path = `/proc/${process.pid}/mem`
  assert.equal((await get({ path, root: '/proc' })).status, 403)
  const opened = readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(join('/proc/self/fd', name)) === path
    } catch {
      return false // the listing's own, gone by now
    }
  })
  assert.deepEqual(opened, [])
})

test('what is gone is not found; what is not an id, or not read, is refused', async (t) => {
  const { root, get } = makeLibrary(t)
  const path = join(root, 'deep/a.jpg')
  assert.equal((await get({ path: join(root, 'deep/none.jpg') })).status, 404)
  assert.equal((await get({ path: join(path, 'below-a-file') })).status, 404)
  assert.equal((await get({ path, root: join(root, 'none') })).status, 404)
  assert.equal((await get({ path }, 'photo://photo/7/../7x')).status, 403)
  assert.equal((await get({ path }, 'photo://photo/%2e%2e%2f7')).status, 403)
  assert.equal((await get({ path }, 'photo://photo/7', 'POST')).status, 403)
})

test('an id that the engine does not know is not found, its other refusals stay refusals', async () => {
  const ask = (kind: FaultKind): Promise<Response> =>
    pictureResponse(new Request('photo://photo/9'), {
      kept: NONE_KEPT,
      locate: () => Promise.reject(refused(kind)),
      render: () => assert.fail('nothing is to be rendered')
    })
  assert.equal((await ask('not-found')).status, 404)
  assert.equal((await ask('unreadable')).status, 403)
})
