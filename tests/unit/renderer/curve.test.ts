// The loss curve: one line a trial, on one scale, inside its field.
import assert from 'node:assert/strict'
import test from 'node:test'
import { drawCurve } from '../../../renderer/state/curve.ts'

const WIDTH = 400
const HEIGHT = 100

/** All coordinates of a path. */
function coordinates(path: string): { x: number; y: number }[] {
  return [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map((match) => ({
    x: Number(match[1]),
    y: Number(match[2])
  }))
}

function run(trial: number, length: number, from: number): Parameters<typeof drawCurve>[0] {
  return Array.from({ length }, (_, i) => ({ trial, step: i * 10, loss: from / (1 + i) }))
}

test('each trial has its line; the last one ends at the point that is marked', () => {
  const drawing = drawCurve([...run(0, 30, 4), ...run(1, 20, 3)], WIDTH, HEIGHT)
  assert.deepEqual(
    drawing.lines.map((line) => [line.trial, coordinates(line.path).length]),
    [
      [0, 30],
      [1, 20]
    ]
  )
  const end = coordinates(drawing.lines[1]!.path).at(-1)!
  assert.ok(Math.abs(end.x - drawing.last!.x) < 0.1 && Math.abs(end.y - drawing.last!.y) < 0.1)
  assert.equal(drawing.steps, 290)
})

test('every point lies in the field, and a lower loss lies lower', () => {
  const drawing = drawCurve([...run(0, 50, 9), { trial: 0, step: 600, loss: 400 }], WIDTH, HEIGHT)
  for (const { path, raw } of drawing.lines)
    for (const { x, y } of [...coordinates(path), ...coordinates(raw)])
      assert.ok(x >= 0 && x <= WIDTH && y >= 0 && y <= HEIGHT, `${x}, ${y}`)
  const [first, second] = coordinates(drawing.lines[0]!.raw).slice(1)
  assert.ok(first!.y < second!.y)
})

test('without a point, or with one or equal ones, there is still a drawing', () => {
  assert.deepEqual(drawCurve([], WIDTH, HEIGHT).lines, [])
  assert.equal(drawCurve([], WIDTH, HEIGHT).last, undefined)
  const flat = [1, 2, 3].map((step) => ({ trial: 0, step, loss: 2 }))
  for (const points of [flat, flat.slice(0, 1)])
    for (const { y } of coordinates(drawCurve(points, WIDTH, HEIGHT).lines[0]!.path))
      assert.ok(Number.isFinite(y))
})
