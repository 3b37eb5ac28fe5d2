// Thumbnails in the page: where to ask for one, and when not to ask again.
import assert from 'node:assert/strict'
import test from 'node:test'
import { partAddress, thumbnailAddress, largeAddress } from '../../../renderer/state/picture-addresses.ts'
import { until } from '../../support/until.ts'
import { handlers } from './engine.ts'
import { withPage } from './page.ts'

const ONE = '0123456789abcdef'.repeat(2)
const OTHER = 'f'.repeat(32)

test('pictures are asked for by the name of what is in a photo', () => {
  assert.equal(thumbnailAddress(ONE), `photo://thumb/${ONE}`)
  assert.equal(largeAddress(ONE, 1440), `photo://large/${ONE}/1440`)
  const place = { level: 1, column: 20, row: 3 }
  assert.equal(partAddress(ONE, place), `photo://part/${ONE}/1-20-3`)
})

test('one that could not be had is not asked for again until the engine says so', async () => {
  await withPage({}, async ({ thumbnails, engine }) => {
    assert.equal(thumbnails.address(undefined), undefined)
    assert.equal(thumbnails.address(ONE), thumbnailAddress(ONE))
    thumbnails.noteMissing(ONE)
    thumbnails.noteMissing(OTHER)
    assert.equal(thumbnails.address(ONE), undefined)
    engine.emit('thumbnails', { names: [ONE] })
    await until('it may be asked for', () => thumbnails.address(ONE) !== undefined)
    assert.equal(thumbnails.address(OTHER), undefined)
  })
})

test('the word that it may be asked for may come before the answer that it is missing', async () => {
  await withPage({}, async ({ thumbnails, engine }) => {
    thumbnails.noteMissing(OTHER)
    engine.emit('thumbnails', { names: [ONE, OTHER] })
    await until('the word came', () => thumbnails.address(OTHER) !== undefined)
    thumbnails.noteMissing(ONE)
    assert.equal(thumbnails.address(ONE), undefined, 'the picture that failed goes')
    await until('it is asked for anew', () => thumbnails.address(ONE) !== undefined)
    thumbnails.noteMissing(ONE)
    await new Promise(setImmediate)
    assert.equal(thumbnails.address(ONE), undefined, 'once')
  })
})

test('the next engine is asked for all of them', async () => {
  await withPage({}, async ({ thumbnails, target, link }) => {
    thumbnails.noteMissing(ONE)
    const next = target.hand(handlers())
    await until('there is another engine', () => link.engines === 2)
    assert.equal(thumbnails.address(ONE), thumbnailAddress(ONE))
    next.close()
  })
})

test('no more names are kept than a walk through the grid shows in a while', async () => {
  await withPage({}, async ({ thumbnails }) => {
    const KEPT = 6000
    const nameOf = (number: number): string => number.toString(16).padStart(32, '0')
    for (let i = 0; i <= KEPT; i++) thumbnails.noteMissing(nameOf(i))
    assert.equal(thumbnails.address(nameOf(0)), thumbnailAddress(nameOf(0)))
    assert.equal(thumbnails.address(nameOf(1)), undefined)
  })
})
