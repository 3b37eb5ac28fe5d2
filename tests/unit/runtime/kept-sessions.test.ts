// Sessions of small models that are kept between uses.
import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { withSession, type KeptOptions } from '../../../model/runtime/kept-sessions.ts'
import { identityModel } from '../../../model/runtime/small-models.ts'
import { floats } from '../../../model/tensor/tensor.ts'

/** ms: longer than a session is kept without use. */
const LONG = 2500

let opened = 0

/** Runs the model of a name, and counts how often it was asked for to be opened. */
async function copyOf(name: string, value: number, options: KeptOptions = {}): Promise<unknown> {
  const model = (): Uint8Array => (opened++, identityModel('f32', [1]))
  return await withSession(name, model, options, async (session) => {
    const { y } = await session.run({ x: floats([1], [value]) })
    return y?.data[0]
  })
}

test('one session serves all that ask for a model, and is freed once nobody does', async () => {
  opened = 0
  assert.deepEqual(await Promise.all([1, 2, 3].map((value) => copyOf('a', value))), [1, 2, 3])
  assert.equal(await copyOf('a', 4), 4)
  assert.equal(opened, 1)
  await copyOf('b', 5)
  assert.equal(opened, 2, 'another model')
  await setTimeout(LONG) // timers run in the order of their ends, however late
  assert.equal(await copyOf('a', 6), 6)
  assert.equal(opened, 3, 'it was freed, and is opened again')
})

test('a session that cannot be opened is not kept', async () => {
  opened = 0
  for (const time of [1, 2]) {
    await assert.rejects(copyOf('a', 1, { provider: 'coreml' }), /execution provider coreml/)
    assert.equal(opened, time)
  }
})
