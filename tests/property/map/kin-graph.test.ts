// The graph by which photos are laid out is the one that umap-js makes, for all that is near.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { UMAP } from 'umap-js'
import { kinGraph } from '../../../model/map/kin-graph.ts'
import type { Edge } from '../../../model/map/kin-graph.ts'

const some = fc.record({
  photos: fc.integer({ min: 8, max: 60 }),
  kin: fc.integer({ min: 2, max: 6 }),
  numbers: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }))
})

test('it is the very same as that of the library', () => {
  fc.assert(
    fc.property(some, ({ photos, kin, numbers }) => {
      const number = (): number => numbers.next().value as number
      const places: number[][] = []
      const distances: number[][] = []
      for (let i = 0; i < photos; i++) {
        const others = [...Array(photos).keys()].filter((j) => j !== i)
        const mixed = others.map((j) => ({ j, by: number() })).sort((a, b) => a.by - b.by)
        places.push([i, ...mixed.slice(0, kin).map(({ j }) => j)])
        const far = Array.from({ length: kin }, () => Math.max(1e-4, number()))
        distances.push([0, ...far.sort((a, b) => a - b)])
      }
      const umap = new UMAP({ nNeighbors: kin + 1, nEpochs: 5, random: () => 0.5 })
      umap.setPrecomputedKNN(places, distances)
      umap.initializeFit(Array.from({ length: photos }, () => []))
      const theirs: Edge[] = Reflect.get(umap, 'graph').getAll()
      assert.deepEqual(
        kinGraph({ places, distances }).getAll(),
        theirs.map(({ row, col, value }) => ({ row, col, value }))
      )
    }),
    { numRuns: 30 }
  )
})

test('the library still has what is replaced by it', () => {
  for (const name of ['fuzzySimplicialSet', 'makeSearchGraph'])
    assert.equal(typeof Reflect.get(UMAP.prototype, name), 'function', name)
})
