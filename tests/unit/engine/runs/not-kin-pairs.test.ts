// What a run is told of photos that are no kin: by its rows, of those that it has.
import assert from 'node:assert/strict'
import test from 'node:test'
import { notKinPairs } from '../../../../main/engine/runs/not-kin-pairs.ts'
import { addCopy, hashOf, temporaryCatalogue } from '../../../support/library.ts'

test('pairs are by the rows of a run, whatever photo has the content there', (t) => {
  const catalogue = temporaryCatalogue(t)
  const folder = catalogue.folders.add('/photos', 'photos')
  const names = ['a', 'b', 'c']
  const [a, b, c] = names.map((name) => addCopy(catalogue, folder, `${name}.jpg`, name))
  const copy = addCopy(catalogue, folder, 'd.jpg', 'b')
  assert.deepEqual([...notKinPairs(catalogue, [a!, b!, c!])], [])
  catalogue.notKin.add([a!], [b!, c!], 1)
  const rows = [c!, a!, copy]
  const found = notKinPairs(catalogue, rows)
  const pairs = [...found].flatMap((row, at) => (at % 2 === 0 ? [[row, found[at + 1]].sort()] : []))
  assert.deepEqual(pairs.sort(), [[0, 1], [1, 2]], hashOf('a'))
  assert.deepEqual([...notKinPairs(catalogue, [b!, c!])], [])
})
