// Drawing, moving and resizing a part of a picture: it never leaves the picture and never vanishes.
import assert from 'node:assert/strict'
import test from 'node:test'
import * as fc from 'fast-check'
import {
  MIDDLE,
  SMALLEST,
  between,
  cropInWords,
  isClick,
  moved,
  resized
} from '../../../renderer/state/crop.ts'
import type { Crop } from '../../../main/wire/query-contract.ts'

const NEARLY = 1e-9

function assertInside(crop: Crop): void {
  assert.ok(crop.left >= 0 && crop.top >= 0, JSON.stringify(crop))
  assert.ok(crop.left + crop.width <= 1 + NEARLY, JSON.stringify(crop))
  assert.ok(crop.top + crop.height <= 1 + NEARLY, JSON.stringify(crop))
  assert.ok(crop.width >= SMALLEST - NEARLY && crop.height >= SMALLEST - NEARLY)
}

test('whatever is done, the part lies inside the picture and can be seen', () => {
  const near = fc.double({ min: -2, max: 3, noNaN: true })
  const act = fc.record({ how: fc.constantFrom('draw', 'move', 'resize'), x: near, y: near })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
      let crop = MIDDLE
      for (const { how, x, y } of acts) {
        if (how === 'draw') crop = between({ x: y, y: x }, { x, y })
        else crop = (how === 'move' ? moved : resized)(crop, x, y)
        assertInside(crop)
      }
    })
  )
})

test('a drag in any direction gives the same part', () => {
  const corners = [0.2, 0.6] as const
  const one = between({ x: 0.2, y: 0.3 }, { x: 0.6, y: 0.8 })
  assert.deepEqual(between({ x: 0.6, y: 0.8 }, { x: 0.2, y: 0.3 }), one)
  assert.equal(one.left, corners[0])
  assert.ok(Math.abs(one.width - 0.4) < NEARLY)
})

test('moving keeps the size, resizing keeps the corner', () => {
  const there = moved(MIDDLE, 5, 0)
  assert.deepEqual([there.left, there.width, there.top], [0.5, 0.5, 0.25])
  const small = resized(MIDDLE, -1, -0.1)
  assert.deepEqual([small.left, small.top, small.width], [0.25, 0.25, SMALLEST])
  assert.ok(Math.abs(small.height - 0.4) < NEARLY)
})

test('a click is no part', () => {
  assert.equal(isClick({ x: 0.5, y: 0.5 }, { x: 0.51, y: 0.5 }), true)
  assert.equal(isClick({ x: 0.5, y: 0.5 }, { x: 0.51, y: 0.7 }), false)
})

test('a part is told in words', () => {
  assert.equal(
    cropInWords(MIDDLE),
    '50 % wide and 50 % high, 25 % from the left and 25 % from the top'
  )
})
