// photo://large and photo://part: what the decoder makes of a photo, by the name of its content,
// and no photo's own bytes.
import assert from 'node:assert/strict'
import test from 'node:test'
import { pictureResponse, type Pictures } from '../../../main/app/photo-files.ts'
import type { ThumbnailFiles } from '../../../main/app/thumbnail-files.ts'
import { Fault, type FaultKind } from '../../../main/wire/fault.ts'

const NAME = '0123456789abcdef'.repeat(2)
const JPEG = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])

/** No thumbnail is asked for here. */
const NONE: ThumbnailFiles = {
  read: () => Promise.reject(new Error('a thumbnail was asked for'))
}

function refused(kind: FaultKind): Fault {
  return new Fault({ kind, subject: 'a photo', expected: 'a photo', received: 'none' })
}

interface Made {
  get(address: string, method?: string): Promise<Response>
  asked: unknown[][]
}

/** What the decoder makes of every photo, or the Fault that it has. */
function made(fault?: Fault): Made {
  const asked: unknown[][] = []
  const make = async (...what: unknown[]): Promise<Uint8Array<ArrayBuffer>> => {
    asked.push(what)
    if (fault) throw fault
    return JPEG
  }
  const pictures: Pictures = { kept: { thumb: NONE, tile: NONE }, large: make, part: make }
  return {
    asked,
    get: (address, method = 'GET') => pictureResponse(new Request(address, { method }), pictures)
  }
}

test('a large picture and its parts come as the decoder makes them, and hold for ever', async () => {
  const { get, asked } = made()
  for (const address of [`photo://large/${NAME}/1080`, `photo://part/${NAME}/1-2-3`]) {
    const response = await get(address)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'image/jpeg')
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.match(response.headers.get('cache-control') ?? '', /immutable/)
    assert.deepEqual(new Uint8Array(await response.arrayBuffer()), JPEG)
  }
  assert.deepEqual(asked, [
    [NAME, 1080],
    [NAME, { level: 1, column: 2, row: 3 }]
  ])
})

test('a photo that cannot be shown is not found, whatever the reason', async () => {
  for (const kind of ['not-found', 'unreadable', 'corrupt-photo', 'ends-process'] as const) {
    const { get } = made(refused(kind))
    for (const address of [`photo://large/${NAME}/720`, `photo://part/${NAME}/0-0-0`]) {
      const response = await get(address)
      assert.equal(response.status, 404, kind)
      assert.equal(await response.text(), '')
    }
  }
})

test('other addresses and methods are refused, and nothing is made', async () => {
  const { get, asked } = made()
  const large = `photo://large/${NAME}/720`
  for (const address of ['photo://photo/7', `${large}?v=1`, `photo://large/${NAME}/721`])
    assert.equal((await get(address)).status, 403, address)
  assert.equal((await get(large, 'POST')).status, 403)
  assert.deepEqual(asked, [])
})
