// The list of photos that could not be read: it goes on to its end, however long it is, each photo
// once, and is read again when the library changes.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Handlers } from '../../../main/wire/channel.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import { Fault } from '../../../main/wire/fault.ts'
import { modules, withPage } from './page.ts'

const { record: fault } = new Fault({
  kind: 'corrupt-photo',
  subject: 'a.jpg',
  expected: 'a picture',
  received: 'none'
})

type Answer = Handlers<EngineContract>['failures']

/** An engine with failed photos 1 to n; each hundredth id is no failed photo's. */
function failing(n: number): { failures: Answer; ids: number[]; asked: number[] } {
  const ids = Array.from({ length: n }, (_, place) => place + 1).filter((id) => id % 100 !== 0)
  const asked: number[] = []
  const failures: Answer = ({ after, count }) => {
    asked.push(count)
    const slice = ids.filter((id) => id > after).slice(0, count)
    const rows = slice.map((id) => ({ id, name: `${id}.jpg`, folder: '', fault }))
    return { total: ids.length, damaged: 0, failures: rows }
  }
  return { failures, ids, asked }
}

test('a list of 25,000 photos is read to its end, each once and in order', async () => {
  const { failures, ids, asked } = failing(25_000)
  await withPage({ failures }, async ({ link }) => {
    const list = new (modules().Failures)(link)
    await list.read()
    assert.deepEqual([list.total, list.list.length, list.isRead], [ids.length, 500, true])
    for (let before = 0; before < list.list.length;) {
      before = list.list.length
      await list.readMore()
    }
    assert.deepEqual(
      list.list.map(({ id }) => id),
      ids
    )
    asked.length = 0
    await list.read() // the library has changed
    assert.equal(list.list.length, ids.length)
    assert.ok(asked.length >= 3 && asked.every((count) => count <= 10_000), String(asked))
    ids.splice(0, 24_000)
    await list.read()
    assert.deepEqual([list.total, list.list.length], [ids.length, ids.length])
  })
})

test('more that is asked for while the list is read again comes with it', async () => {
  const { failures, ids } = failing(3000)
  await withPage({ failures }, async ({ link }) => {
    const list = new (modules().Failures)(link)
    await list.read()
    ids.splice(0, 2) // two were read after all
    const again = list.read()
    await list.readMore()
    await again
    assert.deepEqual(
      list.list.map(({ id }) => id),
      ids.slice(0, 1000)
    )
  })
})
