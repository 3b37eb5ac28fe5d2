// The layout in slices: the first is shown at once, a change replaces the whole, slices of two
// revisions are never mixed, and another filter does not wait.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Handlers } from '../../../main/wire/channel.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import { LIBRARY, until } from './engine.ts'
import { withPage } from './page.ts'

type Layout = Handlers<EngineContract>['layout']

/** A library of n photos whose revision can be raised, answered in slices. */
function sliced(n: number): {
  answers: Partial<Handlers<EngineContract>>
  asked: Parameters<Layout>[0][]
  state: { revision: number; n: number; hold: Promise<void> | undefined }
} {
  const asked: Parameters<Layout>[0][] = []
  const state: ReturnType<typeof sliced>['state'] = { revision: 1, n, hold: undefined }
  const layout: Layout = async (argument) => {
    asked.push(argument)
    const { offset = 0, count = state.n, filter } = argument
    if (offset > 0) await state.hold
    const total = filter?.favourites ? 10 : state.n
    const ids = Uint32Array.from({ length: total }, (_, i) => state.revision * 1e6 + total - i)
    return {
      revision: state.revision,
      total,
      ids: ids.slice(offset, offset + count),
      aspects: new Float32Array(ids.slice(offset, offset + count).length).fill(1.5)
    }
  }
  const library = (): typeof LIBRARY => ({ ...LIBRARY, photos: n, revision: state.revision })
  return { answers: { layout, library }, asked, state }
}

test('a long layout comes in slices of one revision, whole and in order', async () => {
  const { answers, asked } = sliced(150_000)
  await withPage(answers, async ({ library }) => {
    const { ids, aspects } = library.layout
    assert.deepEqual([ids.length, aspects.length, library.total], [150_000, 150_000, 150_000])
    assert.ok(ids.every((id, i) => id === 1_150_000 - i))
    assert.deepEqual(
      asked.map(({ offset, revision }) => [offset, revision]),
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
    state.revision = 2
    engine.emit('changed', { revision: 2 })
    await new Promise((resolve) => setTimeout(resolve, 400))
    assert.equal(library.layout.revision, 1)
    state.revision = 3 // the second slice comes of another revision than the first
    release()
    await until('the last revision is there', () => library.layout.revision === 3)
    assert.ok(library.layout.ids.every((id, i) => id === 3_009_000 - i))
  })
})

test('another filter is read at once, and going back to all photos too', async () => {
  const { answers } = sliced(5000)
  await withPage(answers, async ({ library, filtering }) => {
    filtering.set({ favourites: true })
    library.setFilter(filtering.filter)
    await until('the favourites are there', () => library.layout.ids.length === 10)
    assert.deepEqual([library.total, library.all], [10, 5000])
    filtering.clear()
    library.setFilter(filtering.filter)
    await until('all are there', () => library.isWhole && library.total === 5000)
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
