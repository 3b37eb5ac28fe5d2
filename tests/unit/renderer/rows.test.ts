// The geometry of justified rows: known cases, and properties over any photos in any window.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import {
  layRows,
  placeRow,
  rowAt,
  rowCount,
  rowHeight,
  rowOf,
  stepFrom,
  tileAspect,
  totalHeight
} from '../../../renderer/state/rows.ts'
import type { Rows } from '../../../renderer/state/rows.ts'

const anyAspect = fc.oneof(
  fc.double({ min: 0.05, max: 20, noNaN: true }),
  fc.constantFrom(0, -1, NaN, Infinity, 1.5, 2 / 3)
)
const anyLayout = fc.record({
  aspects: fc.array(anyAspect, { maxLength: 300 }).map((list) => Float32Array.from(list)),
  width: fc.integer({ min: 240, max: 4000 }),
  target: fc.integer({ min: 60, max: 500 }),
  gap: fc.integer({ min: 0, max: 16 }),
  caption: fc.integer({ min: 0, max: 40 })
})

function rightEdges(rows: Rows, aspects: Float32Array): number[] {
  return Array.from({ length: rowCount(rows) }, (_, row) => {
    const [left = 0, width = 0] = placeRow(rows, aspects, row).slice(-2)
    return left + width
  })
}

test('three photos of 3:2 fill a row of their natural width', () => {
  const aspects = Float32Array.of(1.5, 1.5, 1.5)
  const rows = layRows(aspects, 920, 200, 10)
  assert.deepEqual([...rows.starts], [0, 3])
  assert.deepEqual([...rows.tops], [0, 210])
  assert.deepEqual([...placeRow(rows, aspects, 0)], [0, 300, 310, 300, 620, 300])
  assert.equal(totalHeight(rows), 200)
})

test('a last row that does not fill keeps the target height and ends short', () => {
  const rows = layRows(Float32Array.of(1, 1), 1000, 200, 10)
  assert.deepEqual([...placeRow(rows, Float32Array.of(1, 1), 0)], [0, 200, 210, 200])
  assert.equal(rowHeight(rows, 0), 200)
})

test('no photos make no rows', () => {
  const rows = layRows(new Float32Array(0), 1000, 200, 10)
  assert.deepEqual(
    [rowCount(rows), totalHeight(rows), rowAt(rows, 500), rowOf(rows, 3)],
    [0, 0, 0, 0]
  )
})

test('rows cover all photos exactly once, in order, for any photos in any window', () => {
  fc.assert(
    fc.property(anyLayout, ({ aspects, width, target, gap, caption }) => {
      const rows = layRows(aspects, width, target, gap, caption)
      assert.equal(rows.starts[0], 0)
      assert.equal(rows.starts.at(-1), aspects.length)
      for (let row = 0; row < rowCount(rows); row++) {
        const [start = 0, next = 0] = rows.starts.slice(row, row + 2)
        assert.ok(next > start, 'a row holds at least one photo')
        assert.equal(placeRow(rows, aspects, row).length, 2 * (next - start))
      }
    })
  )
})

test('tiles lie side by side, none without a width, and full rows end at the edge', () => {
  fc.assert(
    fc.property(anyLayout, ({ aspects, width, target, gap, caption }) => {
      const rows = layRows(aspects, width, target, gap, caption)
      for (let row = 0; row < rowCount(rows); row++) {
        assert.ok(rowHeight(rows, row) >= 1)
        const places = placeRow(rows, aspects, row)
        let expected = 0
        for (let i = 0; i < places.length; i += 2) {
          assert.equal(places[i], expected)
          assert.ok((places[i + 1] ?? 0) > 0)
          expected = (places[i] ?? 0) + (places[i + 1] ?? 0) + gap
        }
      }
      const edges = rightEdges(rows, aspects)
      for (const edge of edges.slice(0, -1)) assert.equal(edge, width)
      for (const edge of edges) assert.ok(edge <= width)
    })
  )
})

test('pictures keep their shape: a tile is off its aspect by rounding only', () => {
  fc.assert(
    fc.property(anyLayout, ({ aspects, width, target, gap }) => {
      const rows = layRows(aspects, width, target, gap)
      for (let row = 0; row < rowCount(rows); row++) {
        const height = rowHeight(rows, row)
        const start = rows.starts[row] ?? 0
        placeRow(rows, aspects, row).forEach((value, i) => {
          if (i % 2 === 0) return
          const aspect = tileAspect(aspects[start + (i - 1) / 2] ?? 0)
          // Half a pixel of the height times the aspect, and a pixel of the two edges.
          assert.ok(
            Math.abs(value - aspect * height) <= aspect / 2 + 1.001,
            `${value} ${aspect} ${height}`
          )
        })
      }
    })
  )
})

test('rows of usual photos stay near the target height', () => {
  const usual = fc.constantFrom(1.5, 2 / 3, 4 / 3, 3 / 4, 16 / 9, 1)
  const photos = fc.array(usual, { minLength: 20, maxLength: 200 })
  fc.assert(
    fc.property(photos, fc.integer({ min: 1200, max: 2560 }), (list, width) => {
      const rows = layRows(Float32Array.from(list), width, 200, 6)
      for (let row = 0; row < rowCount(rows) - 1; row++) {
        assert.ok(
          rowHeight(rows, row) > 150 && rowHeight(rows, row) < 270,
          `${rowHeight(rows, row)}`
        )
      }
    })
  )
})

test('rowAt and rowOf find the row of every photo and of every pixel', () => {
  fc.assert(
    fc.property(anyLayout, ({ aspects, width, target, gap, caption }) => {
      const rows = layRows(aspects, width, target, gap, caption)
      for (let row = 0; row < rowCount(rows); row++) {
        const [start = 0, next = 0] = rows.starts.slice(row, row + 2)
        assert.deepEqual([rowOf(rows, start), rowOf(rows, next - 1)], [row, row])
        const [top = 0, below = 0] = rows.tops.slice(row, row + 2)
        assert.deepEqual([rowAt(rows, top), rowAt(rows, below - 1)], [row, row])
      }
    })
  )
})

test('steps stay inside the library, and down then up stays in reach of the start', () => {
  const steps = ['left', 'right', 'up', 'down', 'first', 'last', 'page-up', 'page-down'] as const
  fc.assert(
    fc.property(
      anyLayout.filter(({ aspects }) => aspects.length > 0),
      fc.array(fc.constantFrom(...steps), { maxLength: 30 }),
      ({ aspects, width, target, gap }, path) => {
        const rows = layRows(aspects, width, target, gap)
        let index = 0
        for (const step of path) {
          index = stepFrom(rows, aspects, index, step, 700)
          assert.ok(Number.isInteger(index) && index >= 0 && index < aspects.length)
        }
        const row = rowOf(rows, index)
        if (row + 1 < rowCount(rows)) {
          const down = stepFrom(rows, aspects, index, 'down', 700)
          assert.equal(rowOf(rows, down), row + 1)
          assert.equal(rowOf(rows, stepFrom(rows, aspects, down, 'up', 700)), row)
        }
      }
    )
  )
})

test('down leads to the tile that lies nearest below', () => {
  // Two rows of 610 px: four squares of 145, then two wide ones.
  const aspects = Float32Array.of(1, 1, 1, 1, 2, 2)
  const rows = layRows(aspects, 610, 145, 10)
  assert.deepEqual([...rows.starts], [0, 4, 6])
  assert.equal(stepFrom(rows, aspects, 0, 'down', 700), 4)
  assert.equal(stepFrom(rows, aspects, 3, 'down', 700), 5)
  assert.equal(stepFrom(rows, aspects, 5, 'down', 700), 5)
})
