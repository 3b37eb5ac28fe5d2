// Photos that are compared: how they share a window, which of them keys mean, and that they are
// zoomed and moved together.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { laidOut, placeBeside } from '../../../renderer/state/large/compare-layout.ts'
import type { Scene, Size } from '../../../renderer/state/large/zoom-geometry.ts'
import { loadState } from './bundle.ts'
import { withPage } from './page.ts'

type State = typeof import('../../../renderer/state/large/compare.svelte.ts') &
  typeof import('../../../renderer/state/large/zoom.svelte.ts')

let state: State
before(async () => {
  Object.assign(globalThis, { innerWidth: 1400, innerHeight: 900, devicePixelRatio: 1 })
  state = await loadState<State>('large/compare.svelte.ts', 'large/zoom.svelte.ts')
})

const LYING: Size = { width: 3000, height: 2000 }
const STANDING: Size = { width: 2000, height: 3000 }
const BROAD: Size = { width: 9000, height: 2000 }
const EDGES = { gap: 8, caption: 36 }
const columnsOf = (width: number, height: number, photos: Size[]): number =>
  laidOut({ width, height }, photos, EDGES).columns

test('photos lie so that most is seen of them', () => {
  assert.equal(columnsOf(1400, 850, [LYING, LYING]), 2)
  assert.equal(columnsOf(900, 550, [LYING, LYING]), 2)
  assert.equal(columnsOf(500, 850, [LYING, LYING]), 1, 'above each other in a narrow window')
  assert.equal(columnsOf(1400, 850, [BROAD, BROAD]), 1, 'and where they are broad')
  assert.equal(columnsOf(1400, 850, [LYING, LYING, LYING, LYING]), 2)
  assert.equal(columnsOf(1400, 850, [STANDING, STANDING, STANDING, STANDING]), 4)
  assert.equal(columnsOf(1400, 850, [LYING]), 1)
})

test('whatever is compared wherever, all of it lies within the window, at whole pixels', () => {
  const side = fc.integer({ min: 300, max: 3000 })
  const photo = fc.record({ width: side, height: side })
  const photos = fc.array(photo, { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(side, side, photos, (width, height, photos) => {
      const { columns, field } = laidOut({ width, height }, photos, EDGES)
      const rows = Math.ceil(photos.length / columns)
      assert.ok(Number.isInteger(field.width) && Number.isInteger(field.height))
      assert.ok(columns * field.width + (columns - 1) * EDGES.gap <= width)
      assert.ok(rows * (field.height + EDGES.caption) + (rows - 1) * EDGES.gap <= height)
    })
  )
})

test('arrow keys go from one to the one beside, above or below, and end at the edges', () => {
  const three = (place: number, side: readonly [number, number]): number =>
    placeBeside(place, side, 3, 2)
  assert.deepEqual([three(0, [1, 0]), three(2, [1, 0]), three(0, [-1, 0])], [1, 2, 0])
  assert.deepEqual([three(0, [0, 1]), three(2, [0, -1]), three(0, [0, -1])], [2, 0, 0])
  assert.equal(three(1, [0, 1]), 2, 'below it nothing lies: to the last')
  assert.equal(three(2, [0, 1]), 2)
})

const FIELD: Size = { width: 600, height: 400 }
const sceneOf = (photo: Size): Scene => ({ photo, field: FIELD, density: 1 })

/** Photos that move together. */
function group(...photos: Size[]): InstanceType<State['Zoom']>[] {
  const all: InstanceType<State['Zoom']>[] = photos.map(
    (photo) => new state.Zoom(() => sceneOf(photo), () => all.filter((_, i) => photos[i] !== photo))
  )
  return all
}
const percents = (all: InstanceType<State['Zoom']>[]): number[] => all.map(({ percent }) => percent)

test('1:1 is so for all, however large they are; all of one is all of each', () => {
  const all = group({ ...LYING }, { width: 1500, height: 1000 }, { ...STANDING })
  all[0]!.pixels()
  assert.deepEqual(percents(all), [100, 100, 100])
  all[1]!.in()
  assert.deepEqual(percents(all), [150, 150, 150])
  all[2]!.fit()
  assert.deepEqual(all.map(({ isZoomed }) => isZoomed), [false, false, false])
  all[1]!.in()
  assert.deepEqual(percents(all), [30, 60, 20], 'each so many times closer')
  all[0]!.out()
  assert.deepEqual(all.map(({ isZoomed }) => isZoomed), [false, false, false])
})

test('small ones, which are larger than their pixels already, are zoomed into alike', () => {
  const all = group({ width: 300, height: 200 }, { width: 240, height: 160 })
  all[0]!.toggle()
  assert.deepEqual(percents(all), [450, 450])
  all[1]!.toggle()
  assert.deepEqual(percents(all), [200, 200])
})

test('they show the same place of each, and the way back ends where it began', () => {
  const all = group({ ...LYING }, { ...LYING }, { width: 1500, height: 1000 })
  const [one, two, small] = all as [typeof all[0], typeof all[0], typeof all[0]]
  one.pixels({ x: 200, y: 100 })
  assert.deepEqual(two.framing, one.framing)
  one.pan({ x: -150, y: 60 })
  assert.deepEqual(two.framing, one.framing)
  const before = small.framing
  one.pan({ x: 5000, y: 0 }) // to the edge, which the small one reaches sooner
  one.look(1, 0)
  one.look(-1, 0)
  one.pan({ x: -(one.box?.left ?? 0) - 1000, y: 0 })
  assert.deepEqual([two.framing, one.percent], [one.framing, 100])
  assert.notDeepEqual(small.framing, before)
})

test('one moves alone when that is wished, and goes on with the others from there', () => {
  const all = group({ ...LYING }, { ...LYING })
  const [one, two] = all as [typeof all[0], typeof all[0]]
  one.pixels()
  const { x } = two.framing
  one.pan({ x: 30, y: 0 }, { isAlone: true })
  assert.equal(two.framing.x, x)
  const apart = one.framing.x - two.framing.x
  two.pan({ x: 90, y: 0 })
  assert.ok(Math.abs(one.framing.x - two.framing.x - apart) < 1e-9)
  one.fit({ isAlone: true })
  assert.deepEqual([one.isZoomed, two.isZoomed], [false, true])
})

test('another photo in the same field is looked at as closely', async () => {
  const shown = await comparing()
  const show = (photo: Size): void => void (shown.area = photo) // state that the scene is made of
  const zoom = new state.Zoom(() => sceneOf(shown.area))
  show(LYING)
  zoom.pixels({ x: 200, y: 100 })
  const { x, y } = zoom.framing
  show({ width: 4500, height: 3000 })
  assert.deepEqual([zoom.percent, zoom.framing.x, zoom.framing.y], [100, x, y])
  assert.ok(zoom.framing.scale > 7)
  show({ width: 300, height: 200 })
  assert.equal(zoom.isZoomed, false, 'a small one is whole')
  show(LYING)
  assert.equal(zoom.percent, 100, 'and the next as closely again')
})

/** Of a page with a library. */
async function comparing(): Promise<InstanceType<State['Compare']>> {
  let made: InstanceType<State['Compare']> | undefined
  await withPage({}, async ({ infos }) => void (made = new state.Compare(infos)))
  assert.ok(made)
  return made
}

test('what is taken out hands the focus to the next, and the last closes', async () => {
  const compare = await comparing()
  compare.open([7, 5, 7, 9, 4, 3])
  assert.deepEqual([compare.ids, compare.focused], [[7, 5, 9, 4], 7], 'four that differ')
  compare.go(1, 0)
  assert.equal(compare.focused, 5)
  compare.remove([5])
  assert.deepEqual([compare.ids, compare.focused], [[7, 9, 4], 9])
  compare.putBack([5, 3])
  assert.deepEqual([compare.ids, compare.focused], [[7, 5, 9, 4], 5], 'where it lay')
  compare.remove([5])
  compare.focus(4)
  compare.remove([4, 7])
  assert.deepEqual([compare.ids, compare.focused, compare.isOpen], [[9], 9, true])
  compare.remove([9])
  assert.deepEqual([compare.focused, compare.isOpen, compare.zoom], [0, false, undefined])
})
