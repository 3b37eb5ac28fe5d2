// Questions of several pictures: what the engine is asked, and what happens when it has forgotten a
// picture, when the filter changes, and when nothing can be read.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Handlers } from '../../../main/wire/channel.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import { Fault } from '../../../main/wire/fault.ts'
import { kinOf, kinOfAll, partOf } from '../../../renderer/state/question.ts'
import type { Source } from '../../../renderer/state/question.ts'
import { until } from '../../support/until.ts'
import { handlers, kinWith } from './engine.ts'
import { BROKEN, modules, shownKin, withPage } from './page.ts'

type Answers = Partial<Handlers<EngineContract>>
type QueryArgument = Parameters<Handlers<EngineContract>['query']>[0]

const CROP = { left: 0.1, top: 0.2, width: 0.3, height: 0.4 }

function file(bytes: string): Source {
  return { kind: 'file', file: new Blob([bytes]), name: `${bytes}.jpg`, crop: null }
}

/** Keeps what is asked of the engine, and answers with a kin of its own for each question. */
function recording(): { asked: QueryArgument[]; looked: string[]; answers: Answers } {
  const asked: QueryArgument[] = []
  const looked: string[] = []
  const answers: Answers = {
    query(argument) {
      asked.push(argument)
      return { exact: false, copies: [], putAway: [], kin: [kinWith(100 + asked.length)] }
    },
    look({ bytes, crop }) {
      looked.push(`${new TextDecoder().decode(bytes)} ${JSON.stringify(crop)}`)
      return { picture: looked.length, width: 30, height: 20 }
    },
    lookAt({ id, crop }) {
      looked.push(`${id} ${JSON.stringify(crop)}`)
      return { picture: looked.length, width: 30, height: 20 }
    }
  }
  return { asked, looked, answers }
}

test('a photo, more like it, and less: each is a visit that one can go back from', async () => {
  const { asked, answers } = recording()
  await withPage(answers, async ({ viewer }) => {
    viewer.open(1)
    await until('kin are there', () => viewer.kin.status === 'ready')
    assert.equal(asked.length, 0) // one photo is asked for by itself
    assert.equal(viewer.add({ kind: 'photo', id: 2 }, -1), true)
    await until('the other kin are there', () => shownKin({ viewer })?.[0] === 101)
    assert.deepEqual(asked[0]?.parts, [
      { of: { kind: 'photo', id: 1 }, weight: 1 },
      { of: { kind: 'photo', id: 2 }, weight: -1 }
    ])
    assert.deepEqual([viewer.id, viewer.canGoBack], [1, true])
    assert.equal(viewer.add({ kind: 'photo', id: 2 }, -1), true) // it is asked for already
    viewer.remove(1)
    assert.deepEqual(viewer.question, kinOf(1))
    viewer.back()
    assert.equal(viewer.question.length, 2)
    viewer.back()
    assert.equal(viewer.question.length, 1)
    assert.equal(viewer.canGoBack, false)
  })
})

test('a file, and a part of it, are shown to the engine once each', async () => {
  const { asked, looked, answers } = recording()
  await withPage(answers, async ({ viewer }) => {
    const outside = file('abc')
    viewer.ask(kinOfAll([outside]))
    assert.deepEqual([viewer.isOpen, viewer.id, viewer.origin], [true, undefined, 0])
    await until('kin are there', () => shownKin({ viewer })?.[0] === 101)
    viewer.ask(kinOfAll([partOf(outside, CROP)]))
    await until('kin of the part are there', () => shownKin({ viewer })?.[0] === 102)
    viewer.back()
    await until('kin are there again', () => shownKin({ viewer })?.[0] === 103)
    assert.deepEqual(looked, ['abc null', `abc ${JSON.stringify(CROP)}`])
    assert.deepEqual(
      asked.map(({ parts }) => parts[0]?.of),
      [1, 2, 1].map((picture) => ({ kind: 'picture', picture }))
    )
  })
})

test('a part of a photo is asked for by its place in the photo', async () => {
  const { looked, answers } = recording()
  await withPage(answers, async ({ viewer }) => {
    viewer.open(2)
    viewer.ask(kinOfAll([{ kind: 'region', id: 2, crop: CROP }]))
    await until('kin are there', () => shownKin({ viewer })?.[0] === 101)
    assert.equal(viewer.id, 2)
    assert.deepEqual(looked, [`2 ${JSON.stringify(CROP)}`])
  })
})

test('pictures that the engine forgot, or lost with its life, are shown to it again', async () => {
  const { asked, looked, answers } = recording()
  const { query } = answers
  let isForgotten = true
  const forgetful: Answers = {
    ...answers,
    query(argument, signal) {
      if (!isForgotten) return query!(argument, signal)
      isForgotten = false
      throw new Fault({ ...BROKEN.record, kind: 'not-found' })
    }
  }
  await withPage(forgetful, async ({ viewer, target }) => {
    viewer.ask(kinOfAll([file('abc')]))
    await until('kin are there', () => viewer.kin.status === 'ready')
    assert.equal(looked.length, 2)
    const next = target.hand({ ...handlers(), ...answers })
    viewer.refresh()
    await until('the next engine was asked', () => asked.length === 2)
    assert.equal(looked.length, 3)
    next.close()
  })
})

test('a picture that cannot be read says so, and nothing is asked', async () => {
  const { asked, answers } = recording()
  const unreadable: Answers = {
    ...answers,
    look() {
      throw new Fault({ ...BROKEN.record, kind: 'corrupt-photo' })
    }
  }
  await withPage(unreadable, async ({ viewer }) => {
    viewer.ask(kinOfAll([file('no picture')]))
    await until('it failed', () => viewer.kin.status === 'failed')
    assert.equal(viewer.kin.status === 'failed' && viewer.kin.fault.kind, 'corrupt-photo')
    assert.equal(asked.length, 0)
  })
})

test('another filter, strictness or folding asks again and keeps the old kin until the new are there', async () => {
  const asked: unknown[] = []
  let release: () => void = () => undefined
  const kin: Handlers<EngineContract>['kin'] = async ({ filter, strictness, fold }) => {
    asked.push([filter, strictness, fold])
    if (asked.length > 1) await new Promise<void>((resolve) => (release = resolve))
    return { exact: false, copies: [], putAway: [], kin: [kinWith(asked.length)] }
  }
  await withPage({ kin }, async ({ viewer, filtering, preferences }) => {
    viewer.open(1)
    await until('kin are there', () => viewer.kin.status === 'ready')
    filtering.set({ favourites: true, folder: undefined })
    preferences.strictness = 0.8
    preferences.fold = false
    viewer.refresh()
    await until('they were asked for', () => asked.length === 2)
    assert.deepEqual(shownKin({ viewer }), [1])
    release()
    await until('the new kin are there', () => shownKin({ viewer })?.[0] === 2)
    assert.deepEqual(asked, [
      [{}, 0.5, true],
      [{ favourites: true }, 0.8, false]
    ])
  })
})

test('a selection is a set with ranges', () => {
  const selection = new (modules().Selection)()
  const order = Uint32Array.of(9, 7, 5, 3, 1)
  selection.toggle(7)
  selection.extend(3, order)
  assert.deepEqual(selection.list(), [7, 5, 3])
  selection.toggle(5)
  assert.deepEqual([selection.size, selection.has(5), selection.has(7)], [2, false, true])
  selection.extend(9, order)
  assert.deepEqual(selection.list().sort(), [3, 5, 7, 9])
  selection.extend(1000, order)
  assert.equal(selection.size, 4)
  selection.clear()
  assert.equal(selection.size, 0)
})
