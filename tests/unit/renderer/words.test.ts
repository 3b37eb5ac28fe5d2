// Numbers, dates and states as words.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Fault } from '../../../main/wire/fault.ts'
import {
  activity,
  badges,
  besideWords,
  count,
  dateOrigin,
  dayAndTime,
  explain,
  fileSize,
  holdings,
  month,
  number,
  outcome,
  percent,
  percentReached,
  pixels,
  speed,
  timeLeft,
  waitTitle
} from '../../../renderer/state/words.ts'
import { faultRecord } from '../../support/library.ts'

const progress = {
  state: 'idle' as const,
  done: 0,
  total: 0,
  failed: 0,
  photosPerSecond: 0,
  secondsLeft: null,
  currentFile: null,
  restarting: null,
  waits: []
}

test('a time left is told as people tell it', () => {
  const told = [0, 9, 12, 44, 54, 55, 89, 100, 3000, 3590, 4000, 9000, 200_000].map(timeLeft)
  assert.deepEqual(told, [
    'a few seconds left',
    'a few seconds left',
    'about 10 seconds left',
    'about 40 seconds left',
    'about 50 seconds left',
    'about a minute left',
    'about a minute left',
    'about 2 minutes left',
    'about 50 minutes left',
    'about an hour left',
    'about an hour left',
    'about 3 hours left',
    'about 2 days left'
  ])
})

test('a likeness is told in per cent that are reached', () => {
  const words = [0, 0.899, 0.9, 0.999, 1].map(percentReached)
  assert.deepEqual(words, ['0 %', '89 %', '90 %', '99 %', '100 %'])
})

test('a hundred percent is kept for what is equal', () => {
  assert.deepEqual([0, 0.004, 0.5, 0.996, 1].map(percent), ['0 %', '0 %', '50 %', '99 %', '100 %'])
})

test('sizes, counts and speeds', () => {
  assert.deepEqual([0, 999, 1000, 1_250_000, 87_000_000].map(fileSize), [
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '1.3 MB',
    '87 MB'
  ])
  assert.deepEqual([count(1, 'photo'), count(2, 'photo')], ['1 photo', '2 photos'])
  assert.equal(count(0, 'copy', 'copies'), '0 copies')
  assert.deepEqual(
    [speed(0), speed(1), speed(4.25), speed(41.7)],
    ['', '1.0 photo a second', '4.3 photos a second', '42 photos a second']
  )
  assert.equal(pixels(4032, 3024), '4032 × 3024, 12 megapixels')
  assert.deepEqual([pixels(0, 0), pixels(200, 100)], ['', '200 × 100'])
})

test('a capture date is the camera’s clock, whatever the zone of this machine', () => {
  assert.match(month(Date.UTC(2021, 0, 1, 0, 30)), /2021/)
  assert.match(month(Date.UTC(2021, 11, 31, 23, 30)), /2021/)
})

test('what goes on, and how it ended', () => {
  assert.equal(activity(progress), '')
  assert.equal(activity({ ...progress, state: 'fitting' }), 'Learning from your photos')
  const restarting = { ...progress, state: 'indexing' as const, restarting: 'compute' as const }
  assert.equal(activity(restarting), 'The indexer is starting again')
  const info = {
    photos: 3,
    indexed: 3,
    pending: 0,
    failed: 0,
    folders: [],
    model: null,
    rebuilt: null,
    progress,
    revision: 1,
    order: 1
  }
  assert.equal(outcome({ ...info, indexed: 1, photos: 1 }), 'Your photo is indexed')
  assert.equal(outcome({ ...info, pending: 2 }), '3 photos indexed, 2 still waiting')
  assert.equal(outcome(info), 'All 3 photos are indexed')
  assert.equal(
    outcome({ ...info, photos: 1300, indexed: 1298, failed: 2 }),
    `${number(1298)} photos indexed, 2 could not be read`
  )
})

test('a fault is told by what is wrong and what helps', () => {
  const fault = new Fault({
    kind: 'corrupt-photo',
    subject: 'broken.jpg',
    expected: 'a photo',
    received: 'a picture that ends after 40 %'
  })
  assert.equal(
    explain(fault),
    'The file is damaged, or it is no photo: a picture that ends after 40 %. ' +
      'Open it in another program, or bring it back from a backup.'
  )
})

test('what a photo holds and has beside it is told in a few words', () => {
  const held = { film: null, pictures: 0, hasDepth: false }
  assert.equal(holdings({ ...held, film: 2.4 }), 'Holds a film of 2 s')
  assert.equal(holdings({ ...held, film: 0.2 }), 'Holds a film of 1 s')
  assert.equal(holdings({ ...held, pictures: 1 }), 'Holds a second picture')
  assert.equal(holdings({ film: 3, pictures: 2, hasDepth: true }),
    'Holds a film of 3 s and 2 more pictures and a depth map')
  const photo = { name: 'a.JPG', companions: [] as string[], holds: null }
  assert.deepEqual(badges(photo), [])
  assert.deepEqual(badges({ ...photo, companions: ['a.ARW', 'a.MOV', 'a.xmp'] }), ['RAW', 'LIVE'])
  assert.deepEqual(badges({ ...photo, name: 'a.dng', companions: ['a.jpg'] }), ['RAW'])
  assert.deepEqual(badges({ ...photo, holds: { ...held, film: 2 } }), ['LIVE'])
  assert.deepEqual(badges({ ...photo, holds: { ...held, pictures: 1 } }), [])
})

test('photos that wait are counted, and told of once', () => {
  const full = { fault: faultRecord('disk-full'), folder: null, photos: 12, retryAt: 0 }
  assert.equal(waitTitle(full), '12 photos wait: the disk is full')
  assert.equal(waitTitle({ ...full, photos: 1 }), '1 photo waits: the disk is full')
  assert.equal(waitTitle({ ...full, photos: 0 }), 'The disk is full')
  const closed = { ...full, fault: faultRecord('no-access'), folder: 'Spain' }
  assert.equal(waitTitle(closed), '12 photos of “Spain” wait: reading is not allowed')
})

test('folders that cannot be read are told with their number and the first of them', () => {
  const fault = faultRecord('no-access', { about: 'folder' })
  const why = 'cannot be read: the folder may not be opened'
  const table: [number, string, string][] = [
    [1, '', `“Spain” ${why}`],
    [1, '2019/May', `The subfolder “2019/May” of “Spain” ${why}`],
    [3, '2019/May', `3 subfolders of “Spain”, the first “2019/May”, ${why}`]
  ]
  for (const [directories, first, words] of table) {
    const closed = { directories, first }
    assert.equal(waitTitle({ fault, folder: 'Spain', photos: 0, closed, retryAt: 0 }), words)
  }
})

test('a date says where it comes from, and no time where only the day is known', () => {
  assert.deepEqual(
    (['exif', 'sidecar', 'name', 'file'] as const).map(dateOrigin),
    ['from the photo', 'from its XMP file', 'from its name', 'from its file']
  )
  const day = Date.UTC(2019, 6, 21)
  assert.match(dayAndTime(day), /2019$/)
  assert.match(dayAndTime(day + 42 * 60_000), /42/)
})

test('what a kin stands for besides itself', () => {
  const words = [
    [0, 0, 0],
    [2, 0, 0],
    [0, 1, 0],
    [1, 4, 2]
  ].map(([copies, alike, shots]) =>
    besideWords({ copies: Array(copies), alike: Array(alike), shots: Array(shots) })
  )
  assert.deepEqual(words, [
    '',
    '3 equal files',
    '1 more of the same picture',
    '2 equal files, 4 more of the same picture, 2 more of the same moment'
  ])
})
