// Scrolling past the browser's limit: one to one below it; above it every place can be reached.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import {
  LONGEST,
  clamp,
  elementHeight,
  elementTop,
  furthest,
  isOffTrack,
  placeAfter,
  placeAt
} from '../../../renderer/state/scroll.ts'

const tall = fc.record({
  total: fc.integer({ min: LONGEST + 1, max: 400_000_000 }),
  viewport: fc.integer({ min: 200, max: 3000 })
})

test('below the limit the place is the scroll position', () => {
  const span = { total: 50_000, viewport: 800 }
  assert.equal(elementHeight(span.total), 50_000)
  assert.equal(placeAfter(span, 100, 100, 49_200), 49_200)
  assert.equal(elementTop(span, 1234.5), 1234.5)
  assert.equal(isOffTrack(span, 0, 49_000), false)
})

test('above it the map runs from end to end, never back, and inverts', () => {
  fc.assert(
    fc.property(tall, fc.double({ min: 0, max: 1, noNaN: true }), (span, part) => {
      const end = LONGEST - span.viewport
      assert.equal(elementTop(span, 0), 0)
      assert.equal(elementTop(span, furthest(span)), end)
      assert.equal(placeAt(span, end), furthest(span))
      const place = part * furthest(span)
      const top = elementTop(span, place)
      assert.ok(top >= 0 && top <= end)
      assert.ok(Math.abs(placeAt(span, top) - place) < 1e-3)
      assert.ok(elementTop(span, clamp(place + 1000, span)) >= top)
    })
  )
})

test('turning the wheel moves the photos by as much, wherever one is', () => {
  const span = { total: 65_000_000, viewport: 900 }
  assert.equal(placeAfter(span, 30_000_000, 3_700_000, 3_700_120), 30_000_120)
  assert.equal(placeAfter(span, 30_000_000, 3_700_000, 3_699_880), 29_999_880)
})

test('dragging the scrollbar goes where the map says', () => {
  const span = { total: 65_000_000, viewport: 900 }
  assert.equal(placeAfter(span, 0, 0, LONGEST - 900), 65_000_000 - 900)
  assert.equal(placeAfter(span, 1e6, 2e5, 4_000_000), placeAt(span, 4_000_000))
})

test('the wheel alone reaches the end, however tall the library', () => {
  const span = { total: 65_000_000, viewport: 900 }
  let place = 64_000_000
  let top = elementTop(span, place)
  let turns = 0
  while (place < furthest(span) && turns++ < 20_000) {
    const after = Math.min(LONGEST - span.viewport, top + 120)
    place = placeAfter(span, place, top, after)
    top = isOffTrack(span, place, after) ? elementTop(span, place) : after
  }
  assert.equal(place, furthest(span))
  assert.ok(turns < 9000, `${turns} turns of 120 px for 1,000,000 px`)
})
