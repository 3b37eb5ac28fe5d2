// The layout in slices: the first is shown at once, a change replaces the whole, slices of two
// orders are never mixed, another filter does not wait, and what changes no order reads none.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Handlers } from '../../../main/wire/channel.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import { until } from '../../support/until.ts'
import { LIBRARY } from './engine.ts'
import { withPage } from './page.ts'

type Layout = Handlers<EngineContract>['layout']

/** What the thumbnails of these photos are called: bytes that tell which is whose. */
function namesOf(ids: Uint32Array): Uint8Array<ArrayBuffer> {
  const words = Uint32Array.from({ length: 4 * ids.length }, (_, i) => ids[i >> 2]! + (i & 3))
  return new Uint8Array(words.buffer)
}

/** A library of n photos whose order can be another, answered in slices. */
function sliced(n: number): {
  answers: Partial<Handlers<EngineContract>>
  asked: Parameters<Layout>[0][]
  state: { revision: number; order: number; n: number; hold: Promise<void> | undefined }
} {
  const asked: Parameters<Layout>[0][] = []
  const state: ReturnType<typeof sliced>['state'] = { revision: 1, order: 1, n, hold: undefined }
  const layout: Layout = async (argument) => {
    asked.push(argument)
    const { offset = 0, count = state.n, filter } = argument
    if (offset > 0) await state.hold
    const total = filter?.favourites ? 10 : state.n
    const ids = Uint32Array.from({ length: total }, (_, i) => state.order * 1e6 + total - i)
    const slice = ids.slice(offset, offset + count)
    return {
      order: state.order,
      total,
      all: state.n,
      ids: slice,
      aspects: new Float32Array(slice.length).fill(1.5),
      thumbnails: namesOf(slice)
    }
  }
  const library = (): typeof LIBRARY => {
    const { revision, order } = state
    return { ...LIBRARY, photos: n, revision, order }
  }
  return { answers: { layout, library }, asked, state }
}

test('a long layout comes in slices of one order, whole and in order', async () => {
  const { answers, asked } = sliced(150_000)
  await withPage(answers, async ({ library }) => {
    const { ids, aspects, thumbnails } = library.layout
    assert.deepEqual([ids.length, aspects.length, library.total], [150_000, 150_000, 150_000])
    assert.ok(ids.every((id, i) => id === 1_150_000 - i))
    assert.deepEqual(thumbnails, namesOf(ids))
    assert.deepEqual(
      asked.map(({ offset, order }) => [offset, order]),
      [
        [0, undefined],
        [2000, 1],
        [67_536, 1],
        [133_072, 1]
      ]
    )
  })
})

test('what was not shown before is drawn with its first slice', async () => {
  const { answers, state } = sliced(9000)
  let release: () => void = () => undefined
  await withPage(answers, async ({ library, filtering }) => {
    state.hold = new Promise((resolve) => (release = resolve))
    filtering.set({ folder: 1 })
    library.setFilter(filtering.filter)
    await until('the first slice is shown', () => library.layout.filter === filtering.filter)
    assert.deepEqual([library.layout.ids.length, library.total], [2000, 9000])
    assert.equal(library.isWhole, false)
    release()
    await until('the rest is there', () => library.isWhole)
    assert.equal(library.layout.ids.length, 9000)
  })
})

test('a change replaces the layout only as a whole, though another comes between', async () => {
  const { answers, state } = sliced(9000)
  await withPage(answers, async ({ library, engine }) => {
    let release: () => void = () => undefined
    state.hold = new Promise((resolve) => (release = resolve))
    state.revision = state.order = 2
    engine.emit('changed', { revision: 2 })
    await new Promise((resolve) => setTimeout(resolve, 400))
    assert.equal(library.layout.ids[0], 1_009_000)
    state.revision = state.order = 3 // the second slice comes of another order than the first
    release()
    await until('the last order is there', () => library.layout.ids[0] === 3_009_000)
    assert.ok(library.layout.ids.every((id, i) => id === 3_009_000 - i))
  })
})

test('while photos come the order is read seldom, but at once when a person waits', async () => {
  const { answers, asked, state } = sliced(9000)
  await withPage(answers, async ({ library, engine }) => {
    let release: () => void = () => undefined
    state.hold = new Promise((resolve) => (release = resolve))
    state.revision = state.order = 2
    library.read()
    await new Promise((resolve) => setTimeout(resolve, 500)) // so it rests 15 s
    release()
    await until('the second order is there', () => library.layout.ids[0] === 2_009_000)
    state.revision = state.order = 3
    engine.emit('changed', { revision: 3 })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    assert.equal(library.layout.ids[0], 2_009_000, 'it rests')
    const before = asked.length
    library.read()
    // Messages need some turns, but no timer comes in between.
    for (let turn = 0; turn < 1000 && asked.length === before; turn++)
      await new Promise((resolve) => setImmediate(resolve))
    assert.ok(asked.length > before, 'it does not rest now')
    await until('the third order is there', () => library.layout.ids[0] === 3_009_000)
  })
})

test('what changes no order, as a favourite, has none read again', async () => {
  const { answers, asked, state } = sliced(5000)
  await withPage(answers, async ({ library, engine }) => {
    const [{ layout }, read] = [library, asked.length]
    state.revision = 2
    engine.emit('changed', { revision: 2 })
    await until('the revision is known', () => library.revision === 2)
    state.revision = 3
    library.read()
    await until('the next is known', () => library.revision === 3)
    assert.equal(asked.length, read)
    assert.equal(library.layout, layout, 'so that no row is laid anew')
    state.order = 2
    library.read()
    await until('another order is there', () => library.layout.ids[0] === 2_005_000)
  })
})

test('another filter is read at once, and going back to all photos too', async () => {
  const { answers, state } = sliced(5000)
  await withPage(answers, async ({ library, filtering }) => {
    filtering.set({ favourites: true })
    library.setFilter(filtering.filter)
    await until('the favourites are there', () => library.layout.ids.length === 10)
    assert.deepEqual([library.total, library.all], [10, 5000])
    Object.assign(state, { n: 5200, order: 2 })
    library.read()
    await until('those that came are counted, though none passes', () => library.all === 5200)
    assert.equal(library.total, 10)
    filtering.clear()
    library.setFilter(filtering.filter)
    await until('all are there', () => library.isWhole && library.total === 5200)
    assert.equal(filtering.isActive, false)
  })
})

test('what can be chosen to filter by: directories of all folders, months', async () => {
  const answers: Partial<Handlers<EngineContract>> = {
    timeline: () => ({ months: [{ year: 2019, month: 7, photos: 3 }] }),
    directories: ({ folder }) => ({ directories: [{ path: '', photos: folder }] })
  }
  await withPage(answers, async ({ filtering }) => {
    await filtering.read([4, 6])
    assert.deepEqual(filtering.directories, [
      { folder: 4, path: '', photos: 4 },
      { folder: 6, path: '', photos: 6 }
    ])
    assert.equal(filtering.months[0]?.year, 2019)
    filtering.set({ folder: 4, directory: 'a/b' })
    filtering.set({ directory: undefined, favourites: false })
    assert.deepEqual(filtering.filter, { folder: 4 })
  })
})
