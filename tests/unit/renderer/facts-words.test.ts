// What metadata tells, in words; and what photos are to be, as chips say it.
import assert from 'node:assert/strict'
import test from 'node:test'
import {
  altitudeWords,
  distance,
  exposureWords,
  placeWords
} from '../../../renderer/state/facts-words.ts'
import { isSamePlace, traitWords } from '../../../renderer/state/filter-words.ts'

const NONE = {
  camera: null,
  lens: null,
  exposureTime: null,
  aperture: null,
  iso: null,
  focalLength: null,
  place: null
}
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

test('how a photo was taken, as far as it is known', () => {
  const facts = { ...NONE, exposureTime: 0.004, aperture: 5.6, iso: 400, focalLength: 50 }
  assert.equal(plain(exposureWords(facts)), '1/250 s, f/5.6, ISO 400, 50 mm')
  assert.equal(exposureWords(NONE), '')
  const times = [1 / 8000, 0.3, 0.4, 0.8, 30, 1.3].map((exposureTime) =>
    plain(exposureWords({ ...NONE, exposureTime }))
  )
  assert.deepEqual(times, ['1/8000 s', '0.3 s', '0.4 s', '0.8 s', '30 s', '1.3 s'])
})

test('where it was taken', () => {
  const sydney = { latitude: -33.8568, longitude: 151.2153 }
  assert.equal(plain(placeWords(sydney)), '33.857° S, 151.215° E')
  assert.equal(plain(placeWords({ latitude: 0.25, longitude: -0.5 })), '0.250° N, 0.500° W')
  assert.equal(plain(altitudeWords({ altitude: 519.4 })), '519 m above the sea')
  assert.equal(plain(altitudeWords({ altitude: -430 })), '430 m below the sea')
  assert.equal(altitudeWords({ altitude: null }), '')
  assert.equal(plain(distance(100)), '100 km')
})

test('a chip for each thing that photos are to be', () => {
  const near = { latitude: 48.1375, longitude: 11.575, kilometres: 10 }
  const filter = {
    camera: 'Nikon D70',
    format: 'heic',
    orientation: 'portrait',
    megapixels: 1,
    placed: false,
    near,
    favourites: true
  } as const
  assert.deepEqual(traitWords(filter).map(({ trait, words }) => [trait, plain(words)]), [
    ['format', 'HEIC'],
    ['orientation', 'portrait'],
    ['megapixels', '1 megapixel or more'],
    ['placed', 'without a place'],
    ['near', '10 km around 48.138° N, 11.575° E'],
    ['camera', 'Nikon D70']
  ])
  assert.deepEqual(traitWords({ megapixels: 0, rating: 3 }), [])
  assert.ok(isSamePlace(near, { ...near }) && !isSamePlace(near, undefined))
  assert.ok(!isSamePlace(near, { ...near, kilometres: 1 }))
})
