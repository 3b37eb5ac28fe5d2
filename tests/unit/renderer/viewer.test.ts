// The large photo and its kin, and the library they are in: what is shown while one opens, steps
// and goes back, while a photo waits for its index, and when the engine is started again.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Handlers } from '../../../main/wire/channel.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import { until } from '../../support/until.ts'
import { LIBRARY, handlers, kinWith } from './engine.ts'
import { BROKEN, shownKin, withPage } from './page.ts'

test('an opened photo gets its kin, going on and back shows each photo’s own', async () => {
  await withPage({}, async ({ viewer }) => {
    viewer.open(1)
    assert.equal(viewer.kin.status, 'loading')
    await until('kin are there', () => viewer.kin.status === 'ready')
    assert.deepEqual(shownKin({ viewer }), [2])
    viewer.kinScroll = 120
    viewer.follow(2)
    assert.deepEqual([viewer.id, viewer.canGoBack, viewer.savedKinScroll], [2, true, 0])
    viewer.back()
    assert.deepEqual([viewer.id, viewer.canGoForward, viewer.savedKinScroll], [1, true, 120])
    viewer.close()
    assert.equal(viewer.id, undefined)
  })
})

test('a photo that is not indexed waits, and has its kin once the library says so', async () => {
  let isIndexed = false
  const photos: Handlers<EngineContract>['photos'] = async (argument, signal) => {
    const answer = await handlers().photos(argument, signal)
    return { photos: answer.photos.map((photo) => ({ ...photo, indexed: isIndexed })) }
  }
  await withPage({ photos }, async ({ viewer }) => {
    viewer.open(3)
    await until('it waits', () => viewer.kin.status === 'waiting')
    isIndexed = true
    viewer.libraryChanged()
    await until('kin are there', () => viewer.kin.status === 'ready')
  })
})

test('a press asks ahead, and the click takes that answer where nothing has changed', async () => {
  const asked: number[] = []
  const kin: Handlers<EngineContract>['kin'] = (argument, signal) => {
    asked.push(argument.id)
    return handlers().kin(argument, signal)
  }
  await withPage({ kin }, async ({ viewer, preferences }) => {
    const isReady = (): boolean => viewer.kin.status === 'ready'
    viewer.askAhead(1)
    viewer.open(1)
    await until('kin are there', isReady)
    assert.deepEqual([asked, shownKin({ viewer })], [[1], [2]])
    viewer.askAhead(3)
    viewer.follow(2) // the button came up on another photo
    await until('kin are there', isReady)
    assert.deepEqual(asked, [1, 3, 2])
    viewer.askAhead(1)
    preferences.strictness = 1
    viewer.open(1)
    await until('kin are there', isReady)
    assert.deepEqual(asked, [1, 3, 2, 1, 1], 'the slider was moved meanwhile')
    viewer.open(1)
    await until('kin are there', isReady)
    assert.equal(asked.length, 6, 'an answer is taken once')
    viewer.askAhead(1)
    preferences.fold = false
    viewer.open(1)
    await until('kin are there', isReady)
    assert.equal(asked.length, 8, 'folding was switched off meanwhile')
  })
})

test('a press that could not be answered fails like a click, or nobody hears of it', async () => {
  const kin: Handlers<EngineContract>['kin'] = () => {
    throw BROKEN
  }
  await withPage({ kin }, async ({ viewer }) => {
    viewer.askAhead(1)
    viewer.askAhead(2)
    viewer.open(2)
    await until('it failed', () => viewer.kin.status === 'failed')
  })
})

test('kin that could not be found are found on another try', async () => {
  let isBroken = true
  const kin: Handlers<EngineContract>['kin'] = (argument, signal) => {
    if (isBroken) throw BROKEN
    return handlers().kin(argument, signal)
  }
  await withPage({ kin }, async ({ viewer }) => {
    viewer.open(1)
    await until('it failed', () => viewer.kin.status === 'failed')
    isBroken = false
    await viewer.load()
    assert.equal(viewer.kin.status, 'ready')
  })
})

test('stepping quickly shows the kin of the last photo, whichever answer comes last', async () => {
  const release = new Map<number, () => void>()
  const kin: Handlers<EngineContract>['kin'] = async ({ id }) => {
    await new Promise<void>((resolve) => release.set(id, resolve))
    return { exact: true, copies: [], putAway: [], kin: [kinWith(10 + id)] }
  }
  await withPage({ kin }, async ({ viewer }) => {
    viewer.open(3)
    await until('the first was asked for', () => release.has(3))
    assert.equal(viewer.isStepped, false)
    viewer.step(1)
    viewer.step(1)
    assert.equal(viewer.isStepped, true)
    assert.deepEqual([viewer.id, viewer.origin, viewer.canGoBack], [1, 1, false])
    await until('the last was asked for', () => release.has(1))
    release.get(1)?.()
    await until('kin are there', () => viewer.kin.status === 'ready')
    release.get(3)?.()
    release.get(2)?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.deepEqual(shownKin({ viewer }), [11])
  })
})

test('stepping ends at the ends of the library', async () => {
  await withPage({}, async ({ viewer }) => {
    viewer.open(3)
    assert.deepEqual([viewer.neighbour(-1), viewer.neighbour(1)], [undefined, 2])
    viewer.step(-1)
    assert.deepEqual([viewer.id, viewer.isStepped], [3, false])
    viewer.step(1)
    viewer.follow(1)
    assert.equal(viewer.isStepped, false, 'kin are seen whole')
  })
})

test('a large photo stays open while the engine is started again, then has its kin', async () => {
  const never = (): Promise<never> => new Promise(() => undefined)
  await withPage({ kin: never }, async ({ viewer, target }) => {
    viewer.open(1)
    const next = target.hand(handlers())
    await until('kin are there', () => viewer.kin.status === 'ready')
    assert.equal(viewer.id, 1)
    next.close()
  })
})

test('the layout is read again only for a new order', async () => {
  let layouts = 0
  let revision = 1
  const answers: Partial<Handlers<EngineContract>> = {
    library: () => ({ ...LIBRARY, revision, order: revision }),
    layout: () => (
      layouts++,
      {
        order: revision,
        total: revision,
        all: revision,
        ids: new Uint32Array(revision),
        aspects: new Float32Array(revision),
        thumbnails: new Uint8Array(revision * 16)
      }
    )
  }
  await withPage(answers, async ({ library, engine }) => {
    assert.equal(layouts, 1)
    library.read()
    revision = 5
    engine.emit('changed', { revision: 5 })
    engine.emit('changed', { revision: 5 })
    await until('the new layout is there', () => library.layout.ids.length === 5)
    assert.equal(layouts, 2)
  })
})

test('a library that cannot be opened says why, and is read again on request', async () => {
  let isBroken = false
  const library: Handlers<EngineContract>['library'] = () => {
    if (isBroken) throw BROKEN
    return LIBRARY
  }
  await withPage({ library }, async ({ library: read }) => {
    isBroken = true
    read.read()
    await until('the fault is told', () => read.fault !== undefined)
    isBroken = false
    read.read()
    await until('it is well again', () => read.fault === undefined)
  })
})
