// Single photos: favourites that are shown at once and stay, and what their thumbnails are called.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Handlers } from '../../../main/wire/channel.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import { handlers, kindOf } from './engine.ts'
import { until } from '../../support/until.ts'
import { BROKEN, withPage } from './page.ts'

const NOBODY = (): void => undefined

test('a favourite is shown at once, and is none again when it could not be kept', async () => {
  let isBroken = false
  const setFavourite: Handlers<EngineContract>['setFavourite'] = () => {
    if (isBroken) throw BROKEN
    return {}
  }
  await withPage({ setFavourite }, async ({ infos }) => {
    await infos.load([1, 2], 1)
    const marking = infos.setFavourite([1], true)
    assert.equal(infos.get(1)?.favourite, true)
    await marking
    assert.deepEqual([infos.get(1)?.favourite, infos.get(2)?.favourite], [true, false])
    isBroken = true
    await assert.rejects(
      infos.setFavourite([1, 2], false),
      (error) => kindOf(error) === 'unreadable'
    )
    assert.deepEqual([infos.get(1)?.favourite, infos.get(2)?.favourite], [true, false])
  })
})

test('an answer that was on its way takes no mark back', async () => {
  let answer = NOBODY
  const photos: Handlers<EngineContract>['photos'] = async (argument, signal) => {
    const told = await handlers().photos(argument, signal)
    await new Promise<void>((resolve) => (answer = resolve))
    return told
  }
  await withPage({ photos }, async ({ infos }) => {
    const answered = async (revision: number): Promise<void> => {
      const loading = infos.load([1], revision)
      await until('it is asked for', () => answer !== NOBODY)
      answer()
      answer = NOBODY
      await loading
    }
    await answered(1)
    const late = infos.load([1], 2)
    await until('it is asked for', () => answer !== NOBODY)
    await infos.setFavourite([1], true) // kept before the answer of before comes
    answer()
    answer = NOBODY
    await late
    assert.equal(infos.get(1)?.favourite, true)
    await answered(3) // what is asked for afterwards counts; this engine keeps no marks
    assert.equal(infos.get(1)?.favourite, false)
  })
})

/** A thumbnail's name that belongs to a number. */
function nameOf(number: number): string {
  return number.toString(16).padStart(32, '0')
}

test('what a thumbnail is called is known of photos and kin that were seen, and follows', async () => {
  let name = nameOf(7)
  const photos: Handlers<EngineContract>['photos'] = async (argument, signal) => {
    const answer = await handlers().photos(argument, signal)
    return { photos: answer.photos.map((one) => ({ ...one, thumbnail: name })) }
  }
  await withPage({ photos }, async ({ infos }) => {
    assert.equal(infos.thumbnail(1), undefined)
    await infos.load([1], 1)
    assert.equal(infos.thumbnail(1), nameOf(7))
    name = nameOf(8)
    await infos.load([1], 2)
    assert.equal(infos.thumbnail(1), nameOf(8))
    infos.seen({ id: 2, thumbnail: nameOf(9) })
    infos.seen({ id: 2, thumbnail: null }) // not described: what was known of it stays
    assert.equal(infos.thumbnail(2), nameOf(9))
  })
})

test('names of thumbnails that were seen long ago are not kept', async () => {
  await withPage({}, async ({ infos }) => {
    const KEPT = 6000
    for (let id = 1; id <= KEPT + 1; id++) infos.seen({ id, thumbnail: nameOf(id) })
    assert.deepEqual(
      [1, 2, KEPT + 1].map((id) => infos.thumbnail(id)),
      [undefined, nameOf(2), nameOf(KEPT + 1)]
    )
  })
})
