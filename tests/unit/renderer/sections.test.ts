// Tiles in two sections: they lie below one another with a heading between, and keys lead across.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { endOfKin, firstLittle } from '../../../renderer/state/kin-words.ts'
import { laySections, stepAcross } from '../../../renderer/state/sections.ts'
import { layRows, totalHeight } from '../../../renderer/state/rows.ts'

const OPTIONS = { width: 640, target: 100, gap: 8, caption: 20, heading: 40 }
/** Six of three a row. */
const WIDE = new Float32Array(6).fill(2)

test('one section lies as rows alone do', () => {
  const { places, headingTop, height } = laySections(WIDE, 6, OPTIONS)
  assert.equal(headingTop, undefined)
  assert.equal(height, totalHeight(layRows(WIDE, 640, 100, 8, 20)))
  assert.equal(places.length, 6)
})

test('the second section begins below the heading', () => {
  const { places, headingTop, height } = laySections(WIDE, 2, OPTIONS)
  assert.equal(headingTop, 128, 'below a row of 100, its caption and the gap')
  assert.deepEqual([places[1]!.top, places[2]!.top, places[2]!.left], [0, 168, 0])
  assert.equal(height, places[5]!.top + places[5]!.height + OPTIONS.caption)
  assert.equal(laySections(WIDE, 0, OPTIONS).headingTop, 0)
  assert.equal(laySections(new Float32Array(0), 0, OPTIONS).height, 0)
})

test('keys lead across the heading, to the tile that lies nearest', () => {
  const sections = laySections(WIDE, 4, OPTIONS) // rows of 0 1 2, 3; heading; 4 5
  assert.equal(stepAcross(sections, 3, 'down', 0), 4)
  assert.equal(stepAcross(sections, 5, 'up', 0), 3)
  assert.equal(stepAcross(sections, 3, 'right', 0), 4)
  assert.equal(stepAcross(sections, 4, 'left', 0), 3)
  assert.equal(stepAcross(sections, 1, 'last', 0), 5)
  assert.equal(stepAcross(sections, 5, 'first', 0), 0)
  assert.equal(stepAcross(sections, 5, 'down', 0), 5, 'there is nothing below')
})

test('every tile is reached from any other by steps down or up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.4, max: 3, noNaN: true }), { minLength: 1, maxLength: 60 }),
      fc.nat(60),
      (aspects, at) => {
        const second = Math.min(at, aspects.length)
        const sections = laySections(Float32Array.from(aspects), second, OPTIONS)
        assert.equal(sections.places.length, aspects.length)
        let index = 0
        for (let steps = 0; steps < aspects.length; steps++) {
          const next = stepAcross(sections, index, 'down', 0)
          if (next === index) break
          assert.ok(sections.places[next]!.top > sections.places[index]!.top)
          index = next
        }
        assert.equal(sections.places[index]!.top, sections.places.at(-1)!.top)
      }
    ),
    { numRuns: 100 }
  )
})

test('the list ends where kin do, and is never empty for want of them', () => {
  const kin = (...steps: [number, 'same-kind' | 'little' | 'chance'][]) =>
    steps.flatMap(([n, nearness]) => Array.from({ length: n }, () => ({ nearness })))
  const mixed = kin([3, 'same-kind'], [20, 'little'], [40, 'chance'])
  assert.deepEqual([firstLittle(mixed), endOfKin(mixed)], [3, 23])
  assert.deepEqual([firstLittle(kin([9, 'same-kind'])), endOfKin(kin([9, 'same-kind']))], [9, 9])
  assert.equal(endOfKin(kin([40, 'chance'])), 12)
  assert.equal(endOfKin(kin([5, 'chance'])), 5)
  assert.equal(endOfKin([]), 0)
})
