// A picture laid over another: what is seen there, and that the search finds where it lies.
import assert from 'node:assert/strict'
import test from 'node:test'
import { laidOver, shownAt } from '../../../model/image/lay-over.ts'
import { seededRandom } from '../../../model/retrieval.ts'

const SIDE = 24

/** A smooth picture: waves of few frequencies, of mean 0. */
function waves(seed: number): Float32Array {
  const random = seededRandom(seed)
  const parts = Array.from({ length: 6 }, () => [1, 2, 3].map(() => 0.5 + 2 * random()))
  return Float32Array.from({ length: SIDE ** 2 }, (_, at) => {
    const [x, y] = [(at % SIDE) / SIDE, Math.floor(at / SIDE) / SIDE]
    return parts.reduce((sum, [u = 0, v = 0, w = 0]) => sum + Math.sin(2 * (u * x + v * y) + w), 0)
  })
}

function coarse(fine: Float32Array): Float32Array {
  const half = SIDE / 2
  const cells = new Float32Array(half ** 2)
  fine.forEach((value, at) => {
    cells[Math.floor(at / SIDE / 2) * half + Math.floor((at % SIDE) / 2)]! += value / 4
  })
  return cells
}

test('the cells at a placement are those between the cells of the whole, one by one', () => {
  const random = seededRandom(4)
  const whole = Float32Array.from({ length: SIDE ** 2 }, random)
  const at = (x: number, y: number): number => {
    const inside = (value: number): number => Math.min(SIDE - 1, Math.max(0, value))
    const [cx, cy] = [inside(x), inside(y)]
    const [x0, y0] = [Math.min(Math.floor(cx), SIDE - 2), Math.min(Math.floor(cy), SIDE - 2)]
    const [fx, fy] = [cx - x0, cy - y0]
    const row = (y: number): number =>
      (1 - fx) * whole[y * SIDE + x0]! + fx * whole[y * SIDE + x0 + 1]!
    return (1 - fy) * row(y0) + fy * row(y0 + 1)
  }
  for (let round = 0; round < 20; round++) {
    const [sx, tx] = [0.7 + 0.4 * random(), 0.3 * random() - 0.15]
    const [sy, ty] = [0.7 + 0.4 * random(), 0.3 * random() - 0.15]
    const middle = (SIDE - 1) / 2
    shownAt([sx, tx, sy, ty], whole, SIDE).forEach((value, cell) => {
      const x = middle + sx * ((cell % SIDE) - middle) + tx * SIDE
      const y = middle + sy * (Math.floor(cell / SIDE) - middle) + ty * SIDE
      assert.ok(Math.abs(value - at(x, y)) < 1e-6, `round ${round}, cell ${cell}`)
    })
  }
})

test('a part is found where it lies, brighter and flatter; another picture is not', () => {
  const whole = waves(1)
  const part = shownAt([0.85, 0.02, 0.9, -0.03], whole, SIDE).map((value) => 0.6 * value + 2)
  const agreement = (fine: Float32Array): number =>
    laidOver({ fine, coarse: coarse(fine) }, { fine: whole, coarse: coarse(whole) }, 0.86)
  assert.ok(agreement(part) > 0.999, String(agreement(part)))
  assert.ok(agreement(waves(2)) < 0.9, String(agreement(waves(2))))
})
