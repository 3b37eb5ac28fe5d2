// Single photos: favourites that are shown at once, and versions that tell changed pictures.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Handlers } from '../../../main/wire/channel.ts'
import type { EngineContract } from '../../../main/wire/engine-contract.ts'
import { photo, thumbnail } from '../../../renderer/state/pictures.ts'
import { handlers, kindOf } from './engine.ts'
import { BROKEN, withPage } from './page.ts'

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

test('only a photo that changed since it was first shown is asked for anew', async () => {
  let version = 7
  const photos: Handlers<EngineContract>['photos'] = async (argument, signal) => {
    const answer = await handlers().photos(argument, signal)
    return { photos: answer.photos.map((one) => ({ ...one, version })) }
  }
  await withPage({ photos }, async ({ infos }) => {
    await infos.load([1], 1)
    assert.equal(infos.version(1), undefined)
    version = 8
    await infos.load([1], 2)
    assert.equal(infos.version(1), 8)
    version = 7 // the old content came back: its picture is not what is shown last
    await infos.load([1], 3)
    assert.equal(infos.version(1), 7)
    infos.seen({ id: 2, version: 1 })
    infos.seen({ id: 2 })
    assert.equal(infos.version(2), undefined)
  })
})

test('versions of photos that were seen long ago are not kept', async () => {
  await withPage({}, async ({ infos }) => {
    for (const version of [1, 2]) for (const id of [1, 2]) infos.seen({ id, version })
    const KEPT = 6000
    for (let id = 3; id <= KEPT; id++) infos.seen({ id, version: 1 })
    infos.seen({ id: 1, version: 2 }) // again: it is not the oldest any more
    assert.deepEqual([infos.version(1), infos.version(2)], [2, 2])
    infos.seen({ id: KEPT + 1, version: 1 })
    assert.deepEqual([infos.version(1), infos.version(2)], [2, undefined])
  })
})

test('addresses name a version only where there is one', () => {
  assert.equal(thumbnail(5), 'photo://thumb/5')
  assert.equal(photo(5, 4294967295), 'photo://photo/5?v=4294967295')
})
