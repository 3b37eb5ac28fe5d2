// Bytes that are moved between threads: the sender's no more, and those that cannot be moved are
// copied. Real ports of threads.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { MessageChannel, markAsUntransferable } from 'node:worker_threads'
import sharp from 'sharp'
import { portOfThread } from '../../../main/wire/port.ts'

/** Sends bytes as moved; what arrives. */
async function sent(t: TestContext, bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const { port1, port2 } = new MessageChannel()
  const near = portOfThread(port1, () => port1.close())
  t.after(() => near.close())
  const arrived = new Promise<unknown>((resolve) => portOfThread(port2).onMessage(resolve))
  near.post({ bytes }, [bytes.buffer])
  return arrived
}

test('bytes that are moved are the sender’s no more', async (t) => {
  const bytes = new Uint8Array([1, 2, 3])
  assert.deepEqual(await sent(t, bytes), { bytes: new Uint8Array([1, 2, 3]) })
  assert.equal(bytes.byteLength, 0)
})

test('bytes that cannot be moved are copied', async (t) => {
  const bytes = new Uint8Array([1, 2, 3])
  markAsUntransferable(bytes.buffer)
  assert.deepEqual(await sent(t, bytes), { bytes: new Uint8Array([1, 2, 3]) })
  assert.equal(bytes.byteLength, 3)
})

test('pixels of sharp arrive', async (t) => {
  const background = { r: 7, g: 8, b: 9 }
  const picture = sharp({ create: { width: 64, height: 64, channels: 3, background } })
  const { buffer, byteOffset, byteLength } = await picture.raw().toBuffer()
  assert.ok(buffer instanceof ArrayBuffer)
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  const expected = { bytes: bytes.slice() }
  assert.deepEqual(await sent(t, bytes), expected)
})
