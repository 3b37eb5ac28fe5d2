// Dates as clocks show them: instants in time zones with summer time and with half hours, moments
// that do not exist, and clocks that were never set.
import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { DAY, fileDate, hourOf, isPlausible, moment } from '../../../main/wire/photo-date.ts'
import { wallClockOf } from '../../../main/wire/photo-date.ts'

/** This process's clock is of the time zone until the test ends. */
function inZone(t: TestContext, zone: string): void {
  const before = process.env.TZ
  process.env.TZ = zone
  t.after(() => {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  })
}

const ZONES: readonly (readonly [zone: string, instant: string, shown: string])[] = [
  ['UTC', '2024-07-01T12:00:00.250Z', '2024-07-01T12:00:00.250Z'],
  ['Europe/Berlin', '2024-01-01T12:00:00Z', '2024-01-01T13:00:00Z'],
  ['Europe/Berlin', '2024-07-01T12:00:00Z', '2024-07-01T14:00:00Z'],
  // The second before summer time begins, and the first of it.
  ['Europe/Berlin', '2024-03-31T00:59:59Z', '2024-03-31T01:59:59Z'],
  ['Europe/Berlin', '2024-03-31T01:00:00Z', '2024-03-31T03:00:00Z'],
  // Half past two comes twice in the night that ends it.
  ['Europe/Berlin', '2024-10-27T00:30:00Z', '2024-10-27T02:30:00Z'],
  ['Europe/Berlin', '2024-10-27T01:30:00Z', '2024-10-27T02:30:00Z'],
  ['Asia/Kolkata', '2024-07-01T12:00:00Z', '2024-07-01T17:30:00Z'],
  ['Asia/Kathmandu', '2024-07-01T20:00:00Z', '2024-07-02T01:45:00Z'],
  ['Australia/Lord_Howe', '2024-01-01T12:00:00Z', '2024-01-01T23:00:00Z'],
  ['Australia/Lord_Howe', '2024-07-01T12:00:00Z', '2024-07-01T22:30:00Z'],
  ['America/St_Johns', '2024-07-01T01:00:00Z', '2024-06-30T22:30:00Z'],
  ['Pacific/Kiritimati', '2024-12-31T12:00:00Z', '2025-01-01T02:00:00Z'],
  // The day that Samoa left out.
  ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29T23:59:59Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31T00:00:00Z']
]

for (const [zone, instant, shown] of ZONES)
  test(`a clock of ${zone} shows ${shown} at ${instant}`, (t) => {
    inZone(t, zone)
    assert.equal(wallClockOf(Date.parse(instant)), Date.parse(shown))
    assert.equal(fileDate(Date.parse(instant)), Date.parse(shown))
  })

test('dates that cannot be, and those of clocks never set, are none in every zone', (t) => {
  for (const zone of ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kolkata']) {
    inZone(t, zone)
    const now = Date.UTC(2024, 6, 1)
    for (const instant of [NaN, Infinity, 0, -(2 ** 31) * 1000, 8.64e18, now + 3 * DAY])
      assert.equal(fileDate(instant, now), null, `${instant} in ${zone}`)
    for (const instant of [now, now + DAY - 1, Date.UTC(1990, 0), Date.UTC(1912, 3, 14)])
      assert.notEqual(fileDate(instant, now), null, `${instant} in ${zone}`)
    assert.equal(isPlausible(Date.UTC(1825, 0), now), false)
  }
})

test('a moment is there only if its day is', () => {
  assert.equal(moment([2024, 2, 29]), Date.UTC(2024, 1, 29))
  assert.equal(moment([2024, 12, 31], [23, 59, 59, 999]), Date.UTC(2024, 11, 31, 23, 59, 59, 999))
  const none = [[2023, 2, 29], [2024, 13, 1], [2024, 0, 1], [2024, 4, 31], [99, 1, 1]] as const
  for (const day of none) assert.equal(moment(day), null, day.join('-'))
  for (const time of [[24, 0, 0, 0], [12, 60, 0, 0], [12, 0, 60, 0]] as const)
    assert.equal(moment([2024, 1, 1], time), null, time.join(':'))
})

test('hours of a clock of 12', () => {
  assert.deepEqual(
    [hourOf(12, 'am'), hourOf(1, 'am'), hourOf(12, 'pm'), hourOf(11, 'pm'), hourOf(15, undefined)],
    [0, 1, 12, 23, 15]
  )
  assert.equal(hourOf(15, 'pm'), 15, 'some cameras write both')
  assert.ok(Number.isNaN(hourOf(15, 'am')))
  assert.ok(Number.isNaN(hourOf(0, 'am')))
})
