// Zoom: what stays under the pointer, what is never left, and which tiles show what is seen.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { TILE, levelSize, zoomSize } from '../../../main/wire/large-picture.ts'
import {
  WHOLE,
  fitted,
  panned,
  pixelScale,
  placeOfTile,
  placed,
  tilesIn,
  within,
  zoomedTo
} from '../../../renderer/state/large/zoom-geometry.ts'
import type { Scene } from '../../../renderer/state/large/zoom-geometry.ts'

const sides = fc.integer({ min: 20, max: 12_000 })
const scenes: fc.Arbitrary<Scene> = fc.record({
  photo: fc.record({ width: sides, height: sides }),
  field: fc.record({
    width: fc.integer({ min: 200, max: 3000 }),
    height: fc.integer({ min: 200, max: 2000 })
  }),
  density: fc.constantFrom(1, 1.25, 1.5, 2, 3)
})
const scene = (width: number, height: number, density: number): Scene => ({
  photo: { width, height },
  field: { width: 800, height: 600 },
  density
})
const shares = fc.double({ min: 0, max: 1, noNaN: true })
const scales = fc.double({ min: 1, max: 40, noNaN: true })
const framings = fc.record({ scale: scales, x: shares, y: shares })
const moves = fc.record({ x: fc.integer(), y: fc.integer() })

test('at 1:1 a pixel of the photo is one of the screen, at whole pixels of it', () => {
  const large = scene(4001, 3001, 1.5)
  const box = placed(large, within(large, { scale: pixelScale(large), x: 0.31, y: 0.62 }))
  assert.equal(Math.round(box.width * 1.5), 4001)
  assert.equal(Math.round(box.height * 1.5), 3001)
  for (const side of [box.left, box.top])
    assert.ok(Math.abs(side * 1.5 - Math.round(side * 1.5)) < 1e-6, String(side))
})

test('what lies under the pointer stays there, unless the photo would leave the field', () => {
  const large = scene(4000, 3000, 1)
  const at = { x: 100, y: -50 }
  const from = within(large, { scale: 2, x: 0.5, y: 0.5 })
  const share = (scale: number, x: number): number => x + at.x / (fitted(large).width * scale)
  const next = zoomedTo(large, from, 3, at)
  assert.ok(Math.abs(share(next.scale, next.x) - share(from.scale, from.x)) < 1e-9)
  assert.deepEqual(zoomedTo(large, next, 0.5, at), WHOLE, 'smaller than all of it is all of it')
})

test('however it is zoomed and moved, the field is filled, or the photo whole in it', () => {
  fc.assert(
    fc.property(scenes, framings, moves, (scene, framing, by) => {
      const box = placed(scene, panned(scene, within(scene, framing), by))
      for (const [from, shown, field] of [
        [box.left, box.width, scene.field.width],
        [box.top, box.height, scene.field.height]
      ] as const)
        if (shown > field) assert.ok(from <= 1 && from + shown >= field - 1)
        else assert.ok(from >= -1 && from + shown <= field + 1)
    })
  )
})

test('tiles cover what is seen, touch each other, and are as sharp as the screen', () => {
  fc.assert(
    fc.property(scenes, framings, (scene, wish) => {
      const framing = within(scene, wish)
      const box = placed(scene, framing)
      const tiles = tilesIn(scene, box, 0)
      const base = zoomSize(scene.photo)
      const size = levelSize(base, tiles[0]?.level ?? 0)
      const long = base.width >= base.height ? 'width' : 'height'
      const needed = Math.min(base[long], box[long] * scene.density)
      assert.ok(size[long] >= needed * 0.95)
      assert.ok(tiles.length > 0 && tiles.length < 300) // of 64 megapixels, those at the edges too
      const places = tiles.map((tile) => placeOfTile(scene, box, tile))
      const least = (side: 'left' | 'top'): number => Math.min(...places.map((one) => one[side]))
      assert.ok(box.left + least('left') <= 1 || least('left') === 0)
      assert.ok(box.top + least('top') <= 1 || least('top') === 0)
      const right = Math.max(...places.map((one) => one.left + one.width))
      assert.ok(box.left + right >= Math.min(scene.field.width, box.left + box.width) - 1)
      for (const [i, tile] of tiles.entries()) {
        const next = tiles.findIndex((o) => o.row === tile.row && o.column === tile.column + 1)
        if (next < 0) continue
        assert.ok(Math.abs(places[i]!.left + places[i]!.width - places[next]!.left) < 1e-6)
        assert.ok((tile.column + 1) * TILE <= size.width)
      }
    })
  )
})

test('no tile is asked for where the picture of the whole has as many pixels', () => {
  const large = scene(4000, 3000, 2)
  assert.deepEqual(tilesIn(large, placed(large, WHOLE), 1600), [])
  const closer = placed(large, within(large, { ...WHOLE, scale: 2 }))
  assert.ok(tilesIn(large, closer, 1600).length > 0)
  assert.deepEqual(tilesIn(large, closer, 4000), [], 'it has no more')
})
