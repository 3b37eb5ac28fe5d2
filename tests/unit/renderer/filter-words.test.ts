// Filters in words, and dates between date fields and capture times.
import assert from 'node:assert/strict'
import test from 'node:test'
import {
  endOf,
  fieldOf,
  filterWords,
  lastDayField,
  placeName,
  startOf,
  yearSpan
} from '../../../renderer/state/filter-words.ts'
import { day } from '../../../renderer/state/words.ts'

const FOLDERS = [{ id: 1, name: 'Pictures', path: '/x/Pictures', present: true, photos: 3 }]

test('a date field and a capture time are two ways of writing one day', () => {
  const from = startOf('2019-07-21')
  assert.equal(from, Date.UTC(2019, 6, 21))
  assert.equal(fieldOf(from), '2019-07-21')
  // The last day belongs to the span, the next does not.
  const until = endOf('2019-07-31')
  assert.equal(until, Date.UTC(2019, 7, 1))
  assert.equal(lastDayField(until), '2019-07-31')
  assert.deepEqual([startOf(''), endOf(''), fieldOf(undefined)], [undefined, undefined, ''])
})

test('a place is called by its last name', () => {
  assert.equal(placeName({}, FOLDERS), '')
  assert.equal(placeName({ folder: 1 }, FOLDERS), 'Pictures')
  assert.equal(placeName({ folder: 1, directory: 'summer/beach' }, FOLDERS), 'beach')
  assert.equal(placeName({ folder: 7 }, FOLDERS), 'a folder')
})

test('what narrows is told shortly', () => {
  const [from, until] = [Date.UTC(2019, 6, 21), Date.UTC(2019, 6, 22)]
  assert.deepEqual(filterWords({ folder: 1, favourites: true, ...yearSpan(2019) }, FOLDERS), [
    'Pictures',
    '2019',
    'favourites'
  ])
  assert.deepEqual(filterWords({ from, until }, []), [day(from)])
  assert.deepEqual(filterWords({ from }, []), [`since ${day(from)}`])
  assert.deepEqual(filterWords({ until }, []), [`until ${day(from)}`])
  assert.deepEqual(filterWords({ from, until: until + 86_400_000 }, []), [
    `${day(from)} to ${day(until)}`
  ])
  assert.deepEqual(filterWords({}, FOLDERS), [])
})
