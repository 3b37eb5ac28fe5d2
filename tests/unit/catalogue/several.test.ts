// What is read of several photos at once: by one statement each, in the order asked for, without
// those that are not there.
import assert from 'node:assert/strict'
import test from 'node:test'
import { thumbnailName } from '../../../main/wire/thumbnail.ts'
import {
  addIndexed,
  encodingOf,
  hashOf,
  modelRecord,
  temporaryCatalogue
} from '../../support/library.ts'

test('what photos are compared by comes in the order asked for', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const [model, other] = [0, 1].map((at) => catalogue.models.add('first', modelRecord(), at))
  const [a, b, c] = ['a', 'b', 'c'].map((name) => addIndexed(catalogue, folder, name))
  catalogue.vectors.putEncoding(a!, model!, encodingOf(1))
  catalogue.vectors.putEncoding(b!, other!, encodingOf(2))
  catalogue.vectors.putEncoding(c!, model!, encodingOf(3))
  const { ids, projected, descriptors } = catalogue.vectors.encodings([c!, 99, b!, a!], model!)
  assert.deepEqual([...ids], [c, a])
  assert.deepEqual(projected, new Uint16Array(512).fill(3, 0, 256).fill(1, 256))
  assert.deepEqual(descriptors, new Uint16Array(256).fill(3, 0, 128).fill(1, 128))
  assert.equal(catalogue.vectors.encodings([], model!).ids.length, 0)
})

test('codes are those of photos that are there and have one', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const model = catalogue.models.add('first', modelRecord(), 0)
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => addIndexed(catalogue, folder, name))
  for (const id of [a!, b!, c!]) catalogue.vectors.putEncoding(id, model, encodingOf(id))
  catalogue.files.leave(b!, 1)
  const { ids, codes } = catalogue.vectors.codesOf([c!, b!, d!, a!], model)
  assert.deepEqual([...ids], [c, a])
  assert.deepEqual(codes, new Uint8Array(16).fill(c!, 0, 8).fill(a!, 8))
})

test('kin are shown in the order asked for, without those that are gone', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const [a, b, c] = ['a', 'b', 'c'].map((name) => addIndexed(catalogue, folder, name))
  catalogue.files.leave(b!, 1)
  const shown = catalogue.photos.shownKin([c!, 99, b!, a!])
  assert.deepEqual(
    shown.map(({ id, name, thumbnail }) => [id, name, thumbnail]),
    [
      [c, 'c', thumbnailName(hashOf('c'))],
      [a, 'a', thumbnailName(hashOf('a'))]
    ]
  )
})
