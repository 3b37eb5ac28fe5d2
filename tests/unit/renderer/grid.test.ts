// The grid's place: kept over changes of the library, the width and the tile size.
import assert from 'node:assert/strict'
import test, { before } from 'node:test'
import { LONGEST } from '../../../renderer/state/scroll.ts'
import { loadState } from './bundle.ts'

type Module = typeof import('../../../renderer/state/grid.svelte.ts')
type Grid = InstanceType<Module['Grid']>

let Grid: Module['Grid']
before(async () => {
  Grid = (await loadState<Module>('grid.svelte.ts')).Grid
})

const SHAPES = [3 / 2, 2 / 3, 4 / 3, 16 / 9, 1]

const ALL = {}

function layout(ids: number[], filter = ALL): Parameters<Grid['setLayout']>[0] {
  const aspects = Float32Array.from(ids, (id) => SHAPES[(id * 7919) % SHAPES.length] ?? 1)
  const thumbnails = new Uint8Array(ids.length * 16)
  return { ids: Uint32Array.from(ids), aspects, thumbnails, filter }
}

function downFrom(n: number): number[] {
  return Array.from({ length: n }, (_, i) => n - i)
}

function gridOf(n: number): Grid {
  const grid = new Grid()
  grid.setSize(1200, 800)
  grid.setLayout(layout(downFrom(n)))
  return grid
}

/** Of the first row in view: its first photo, and how far its top is from the view's. */
function firstInView(grid: Grid): { id: number | undefined; top: number } {
  const [index] = grid.inView
  const row = grid.shown.find((shown) => grid.rows.starts[shown] === index) ?? 0
  return { id: grid.ids[index], top: grid.rowTop(row) - grid.elementTop }
}

test('photos that come in above do not move what is in view', () => {
  const grid = gridOf(3000)
  grid.scrolled(20_000)
  const before = firstInView(grid)
  grid.setLayout(layout(downFrom(3200)))
  const after = firstInView(grid)
  assert.ok(grid.elementTop > 20_000)
  // Rows break anew, so the photo may now lie inside its row, which is where it was.
  const index = grid.ids.indexOf(before.id ?? 0)
  assert.ok(index >= grid.inView[0] && index < grid.inView[0] + 12)
  assert.ok(Math.abs(after.top - before.top) < 60)
})

test('at the top, new photos are seen at once', () => {
  const grid = gridOf(500)
  grid.setLayout(layout(downFrom(510)))
  assert.deepEqual([grid.elementTop, grid.ids[grid.inView[0]]], [0, 510])
})

test('another filter begins at its top, unless it shows what was in view', () => {
  const grid = gridOf(3000)
  grid.scrolled(30_000)
  const { id = 0 } = firstInView(grid)
  grid.setLayout(layout(downFrom(id + 400).slice(0, 700), { favourites: true }))
  const [first, end] = grid.inView
  const index = grid.ids.indexOf(id)
  assert.ok(index >= first - 1 && index < end, `${index} in ${first}..${end}`)
  grid.setLayout(layout(downFrom(300), { folder: 1 }))
  assert.deepEqual([grid.elementTop, grid.inView[0]], [0, 0])
})

test('a layout of which the rest came in keeps its place', () => {
  const grid = new Grid()
  grid.setSize(1200, 800)
  grid.setLayout(layout(downFrom(3000).slice(0, 2000)))
  grid.scrolled(9000)
  const before = firstInView(grid)
  grid.setLayout(layout(downFrom(3000)))
  assert.deepEqual(firstInView(grid), before)
  assert.equal(grid.elementTop, 9000)
})

test('another width and another size keep the photo in view', () => {
  const grid = gridOf(3000)
  grid.scrolled(30_000)
  const { id = 0 } = firstInView(grid)
  const change = [
    () => grid.setTarget(120),
    () => grid.setSize(700, 600),
    () => grid.setTarget(380),
    () => grid.setSize(2400, 1400)
  ]
  for (const act of change) {
    act()
    const [first, end] = grid.inView
    const index = grid.ids.indexOf(id)
    assert.ok(index >= first - 1 && index < end, `${index} in ${first}..${end}`)
  }
})

test('the rows shown cover the view, and the focused photo’s row is always among them', () => {
  const grid = gridOf(5000)
  grid.focus(4990)
  for (const top of [0, 5000, 44_444, 60_000]) {
    grid.scrolled(top)
    const tops = grid.shown.map((row) => grid.rowTop(row) - grid.elementTop)
    assert.ok(Math.min(...tops) <= 12)
    const last = Math.max(...grid.shown)
    assert.ok(grid.rowTop(last + 1) - grid.elementTop >= 800)
    const focusedRow = grid.shown.some((row) => {
      const [start = 0, next = 0] = grid.rows.starts.slice(row, row + 2)
      return grid.focusedIndex >= start && grid.focusedIndex < next
    })
    assert.ok(focusedRow, `at ${top}`)
  }
})

test('steps move the focus and bring it into view', () => {
  const grid = gridOf(2000)
  assert.equal(grid.focused, 2000)
  assert.equal(grid.step('right'), 1999)
  assert.equal(grid.step('last'), 1)
  const [first, end] = grid.inView
  assert.ok(first <= 1999 && end === 2000)
  assert.equal(grid.step('first'), 2000)
  assert.equal(grid.elementTop, 0)
})

test('on return a photo that is cut by the edge stays, a hidden one is brought into view', () => {
  const grid = gridOf(2000)
  grid.scrolled(5100)
  const [first] = grid.inView
  grid.revealHidden(first)
  assert.equal(grid.elementTop, 5100)
  grid.revealHidden(0)
  assert.equal(grid.elementTop, 0)
})

test('a focused photo that left the library gives the focus to the next', () => {
  const grid = gridOf(100)
  grid.focus(50)
  grid.setLayout(layout(downFrom(40)))
  assert.equal(grid.focused, 40)
  grid.focus(20)
  grid.setLayout(layout(downFrom(40).filter((id) => id !== 20)))
  assert.equal(grid.focused, 19)
  grid.setLayout(layout([100, 90]))
  assert.equal(grid.focused, 100)
  grid.setLayout(layout([]))
  assert.deepEqual([grid.focused, grid.shown, grid.inView], [0, [], [0, 0]])
})

test('the end of a million photos is reached in an element that a browser can lay out', () => {
  const grid = gridOf(1_000_000)
  assert.equal(grid.height, LONGEST)
  grid.scrolled(LONGEST - 800)
  assert.equal(grid.inView[1], 1_000_000)
  grid.scrolled(LONGEST - 800 - 120) // the wheel, one notch up
  assert.ok(grid.inView[1] > 999_980)
  grid.scrolled(LONGEST / 2)
  const [first] = grid.inView
  assert.ok(Math.abs(first - 500_000) < 5000, `${first}`)
})
