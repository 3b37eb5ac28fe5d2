// Numbers of a view that are worked out by hand: the blur's weights and reach, grey, the changes of
// colour; of the reference and of the maps alike.
import assert from 'node:assert/strict'
import test from 'node:test'
import { augmentationMaps, colourMap, writeDense } from '../../../model/image/augment-maps.ts'
import { augmentReference } from '../../../model/image/augment-reference.ts'
import { plainView } from '../../../model/image/augment.ts'
import type { Augmentation } from '../../../model/image/augment.ts'
import type { Photo } from '../../../model/image/preprocess.ts'

function near(actual: number, expected: number, tolerance: number, what: string): void {
  const fits = Math.abs(actual - expected) <= tolerance
  assert.ok(fits, `${what}: expected ${expected} within ${tolerance}, got ${actual}`)
}

/** A black square with one pixel of a colour. */
function dot(side: number, x: number, y: number, colour: readonly number[]): Photo {
  const rgb = new Uint8Array(side * side * 3)
  rgb.set(colour, (y * side + x) * 3)
  return { rgb, width: side, height: side }
}

test('a blur of sigma 1 that reaches one pixel has the weights .2741, .4519, .2741', () => {
  const [side, middle] = [20, 9] // a tenth of 20: one pixel to either side
  const white = dot(side, middle, middle, [255, 255, 255])
  const view = { ...plainView(white), sigma: 1 }
  const kernel = [0.2741, 0.4519, 0.2741]
  const spread = augmentReference(white, view, side)
  const rows = new Float32Array(side * side)
  writeDense(augmentationMaps(view, white, side).rows, side, rows)
  for (let dy = -2; dy <= 2; dy++) {
    const down = kernel[dy + 1] ?? 0
    near(rows[(middle + dy) * side + middle]!, down, 5e-5, `row ${dy}`)
    for (let dx = -2; dx <= 2; dx++) {
      const at = ((middle + dy) * side + middle + dx) * 3
      near(spread[at]!, down * (kernel[dx + 1] ?? 0), 5e-5, `pixel ${dx}, ${dy}`)
    }
  }
  // The edge is a mirror: what would fall outside comes back.
  const corner = dot(side, 0, 0, [255, 255, 255])
  const edge = augmentReference(corner, view, side)
  near(edge[0]!, (0.4519 + 0.2741) ** 2, 2e-4, 'corner')
  near(rows[0]!, 0.4519 + 0.2741, 1e-4, 'first row')
  assert.deepEqual(augmentReference(white, plainView(white), side)[0], 0, 'without a blur')
})

test('a blur reaches three sigma, and a tenth of the side from edge to edge', () => {
  const reachOf = (side: number, sigma: number): number[] => {
    const white = dot(side, 30, 30, [255, 255, 255])
    const view = { ...plainView(white), sigma }
    const rows = new Float32Array(side * side)
    writeDense(augmentationMaps(view, white, side).rows, side, rows)
    const column = Array.from({ length: 31 }, (_, d) => rows[(30 + d) * side + 30]!)
    const pixels = Array.from({ length: 31 }, (_, d) =>
      augmentReference(white, view, side).at(((30 + d) * side + 30) * 3)
    )
    return [column, pixels].map((values) => values.findIndex((value) => value === 0) - 1)
  }
  assert.deepEqual(reachOf(80, 0.5), [2, 2])
  assert.deepEqual(reachOf(80, 2), [4, 4])
  assert.deepEqual(reachOf(79, 2), [3, 3])
})

test('colours: grey by BT.601, the four changes, by hand', () => {
  const side = 2
  const black = { colour: [], grey: false }
  const changed = (own: Partial<Augmentation>): number[][] =>
    [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255]
    ].map((colour) => {
      const photo = dot(side, 0, 0, colour)
      return [...augmentReference(photo, { ...plainView(photo), ...own }, side).subarray(0, 3)]
    })
  /** The same by the map, for a pixel of 1 in a picture whose mean is a quarter of it. */
  const mapped = (own: Partial<Augmentation>): number[][] => {
    const map = colourMap({ ...black, ...own })
    return [0, 1, 2].map((channel) =>
      [0, 1, 2].map((row) => {
        const at = row * 3 + channel
        return Math.min(1, Math.max(0, map.own[at]! + map.ofMean[at]! / 4))
      })
    )
  }
  const [r, g, b] = [0.299, 0.587, 0.114]
  const one = (kind: 'brightness' | 'contrast' | 'saturation' | 'hue', amount: number) => ({
    colour: [{ kind, amount }]
  })
  const cases: [string, Partial<Augmentation>, number[][]][] = [
    ['grey', { grey: true }, [r, g, b].map((x) => [x, x, x])],
    [
      'brightness',
      one('brightness', 0.5),
      [0, 1, 2].map((c) => [0, 1, 2].map((i) => (i === c ? 0.5 : 0)))
    ],
    [
      'contrast',
      one('contrast', 0.6),
      [r, g, b].map((x, c) => [0, 1, 2].map((i) => (i === c ? 0.6 : 0) + (0.4 * x) / 4))
    ],
    [
      'saturation',
      one('saturation', 0.6),
      [r, g, b].map((x, c) => [0, 1, 2].map((i) => (i === c ? 0.6 : 0) + 0.4 * x))
    ],
    // A third of a turn takes red to green, green to blue, blue to red.
    [
      'hue',
      one('hue', 1 / 3),
      [0, 1, 2].map((c) => [0, 1, 2].map((i) => (i === (c + 1) % 3 ? 1 : 0)))
    ]
  ]
  for (const [name, own, expected] of cases)
    for (const [by, actual] of [
      ['the reference', changed(own)],
      ['the map', mapped(own)]
    ] as const)
      expected.forEach((colour, c) =>
        colour.forEach((value, i) => near(actual[c]![i]!, value, 1e-9, `${name} by ${by}, ${c}`))
      )
})
