// Albums in the page: what is kept of a question, how one is asked anew, whose name is shown, and
// what is said of those that cannot be asked as they were kept.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Fault } from '../../../../main/wire/fault.ts'
import type { NewAlbum, OpenedAlbum } from '../../../../main/wire/methods/album-methods.ts'
import { albumWords, troubleOf } from '../../../../renderer/state/album-words.ts'
import { kinOf } from '../../../../renderer/state/question.ts'
import { until } from '../../../support/until.ts'
import { kindOf } from '../engine.ts'
import { BROKEN, modules, withPage } from '../page.ts'

const CROP = { left: 0, top: 0, width: 0.5, height: 0.5 }

test('a question is kept with what narrows it, and has its name until it is changed', async () => {
  const kept: NewAlbum[] = []
  const keepAlbum = (album: NewAlbum) => (kept.push(album), { id: 7 })
  const draw = () => ({ bytes: Uint8Array.of(1, 2) })
  await withPage({ keepAlbum, draw }, async ({ link, viewer, filtering }) => {
    const albums = new (modules().Albums)(link, viewer, filtering)
    assert.equal(albums.canKeep, false, 'nothing is asked for')
    filtering.set({ favourites: true })
    assert.equal(albums.canKeep, true)
    await albums.keep(' Loved ')
    assert.equal(albums.shown, 'Loved')
    viewer.ask([
      { source: { kind: 'region', id: 1, crop: CROP }, weight: 1 },
      { source: { kind: 'photo', id: 2 }, weight: -1 },
      { source: { kind: 'file', file: new Blob(['x']), name: 'x.png', crop: null }, weight: 1 }
    ])
    assert.equal(albums.shown, undefined, 'another question')
    await albums.keep('Mixed')
    assert.equal(albums.shown, 'Mixed')
    await albums.rename(7, 'Named')
    assert.equal(albums.shown, 'Named')
    filtering.set({ rating: 3 })
    assert.equal(albums.shown, undefined, 'another filter')
  })
  const bytes = Uint8Array.of(1, 2)
  assert.deepEqual(kept, [
    { name: 'Loved', filter: { favourites: true }, parts: [] },
    {
      name: 'Mixed',
      filter: { favourites: true },
      parts: [
        { of: { kind: 'photo', id: 1, crop: CROP }, weight: 1 },
        { of: { kind: 'photo', id: 2, crop: null }, weight: -1 },
        { of: { kind: 'picture', name: 'x.png', bytes, crop: null }, weight: 1 }
      ]
    }
  ])
})

test('an album is asked of what is there, narrowed as it was kept, and one goes back', async () => {
  const opened: OpenedAlbum = {
    name: 'Beach',
    filter: { rating: 4 },
    parts: [
      { of: { kind: 'photo', id: 2, name: 'b.jpg', crop: null }, weight: 1 },
      { of: { kind: 'photo', id: null, name: 'gone.jpg', crop: null }, weight: -1 }
    ]
  }
  await withPage({ album: () => opened }, async ({ link, viewer, filtering }) => {
    const albums = new (modules().Albums)(link, viewer, filtering)
    viewer.open(1)
    const asked = await albums.ask(7)
    assert.deepEqual([asked.question, asked.missing], [kinOf(2), ['gone.jpg']])
    viewer.askWithin(asked.question, asked.filter)
    albums.show({ ...asked, question: viewer.question })
    await until('kin are there', () => viewer.kin.status === 'ready')
    assert.deepEqual([viewer.id, filtering.filter, albums.shown], [2, { rating: 4 }, 'Beach'])
    viewer.back()
    assert.deepEqual([viewer.id, filtering.filter, albums.shown], [1, {}, undefined])
    viewer.forward()
    assert.deepEqual([viewer.id, filtering.filter, albums.shown], [2, { rating: 4 }, 'Beach'])
  })
})

test('what was removed can be taken back until something else is done', async () => {
  const done: string[] = []
  const album = { id: 7, name: 'Beach', filter: {}, like: 1, unlike: 0, cover: null }
  let isBroken = false
  const answers = {
    removeAlbum({ id }: { id: number }) {
      if (isBroken) throw BROKEN
      done.push(`removed ${id}`)
      return {}
    },
    putAlbumBack: ({ id }: { id: number }) => (done.push(`put back ${id}`), {})
  }
  await withPage(answers, async ({ link, viewer, filtering }) => {
    const albums = new (modules().Albums)(link, viewer, filtering)
    await albums.remove(album)
    assert.equal(await albums.takeBackLast(), 'Beach')
    assert.deepEqual([albums.canTakeBack, await albums.takeBackLast()], [false, undefined])
    await albums.remove(album)
    albums.forget()
    assert.equal(albums.canTakeBack, false)
    isBroken = true
    await assert.rejects(albums.remove(album), (error) => kindOf(error) === BROKEN.kind)
    assert.equal(albums.canTakeBack, false)
  })
  assert.deepEqual(done, ['removed 7', 'put back 7', 'removed 7'])
})

test('what cannot be put back any more holds up nothing; what fails for a moment can', async () => {
  const other = (id: number) => ({ id, name: `${id}`, filter: {}, like: 1, unlike: 0, cover: null })
  let fault: Fault | undefined = BROKEN
  const asked: number[] = []
  const putAlbumBack = ({ id }: { id: number }) => {
    asked.push(id)
    if (fault) throw fault
    return {}
  }
  await withPage({ putAlbumBack }, async ({ link, viewer, filtering }) => {
    const albums = new (modules().Albums)(link, viewer, filtering)
    for (const id of [1, 2]) await albums.remove(other(id))
    await assert.rejects(albums.takeBackLast(), (error) => kindOf(error) === BROKEN.kind)
    fault = new Fault({ kind: 'not-found', subject: 'album 2', expected: 'one', received: 'none' })
    await assert.rejects(albums.takeBackLast(), (error) => kindOf(error) === 'not-found')
    fault = undefined
    const both = await Promise.all([albums.takeBackLast(), albums.takeBackLast()])
    assert.deepEqual([both, albums.canTakeBack], [['1', undefined], false])
  })
  assert.deepEqual(asked, [2, 2, 1])
})

test('an album is told in words, and so is what it lacks', () => {
  assert.equal(albumWords({ like: 1, unlike: 0 }, []), 'like one picture')
  const words = 'like 3 pictures, unlike 1 other, within favourites, 2019'
  assert.equal(albumWords({ like: 3, unlike: 1 }, ['favourites', '2019']), words)
  assert.equal(albumWords({ like: 0, unlike: 0 }, ['favourites']), 'favourites')

  const album = { name: 'Beach', question: kinOf(1), filter: {}, missing: [] }
  assert.equal(troubleOf(album, []), undefined)
  assert.match(
    troubleOf({ ...album, missing: ['a.jpg'] }, []) ?? '',
    /^a\.jpg is no longer in the library: “Beach” is asked without until it is back\.$/
  )
  const missing = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg']
  assert.match(
    troubleOf({ ...album, question: [], missing }, []) ?? '',
    /asked with a\.jpg, b\.jpg, c\.jpg and 2 more, which are .* Put one back .* or remove the album/
  )
  const ofFolder = { ...album, filter: { folder: 3 } }
  assert.match(troubleOf(ofFolder, [{ id: 2 }]) ?? '', /no longer in the library\. Add it again/)
  assert.equal(troubleOf(ofFolder, [{ id: 3 }]), undefined)
})
