// A snapshot has the photos of one moment, a part at a time, and what the serving model made of
// them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { addIndexed, addPending, encodingOf, hashOf } from '../../support/library.ts'
import { modelRecord, temporaryCatalogue } from '../../support/library.ts'

test('without a model: all that was described, at the moment it was taken', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const ids = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => addIndexed(catalogue, folder, name))
  addPending(catalogue, folder, 'new.jpg')
  catalogue.favourites.set([ids[1]!], true)
  catalogue.ratings.set([ids[2]!], 5)
  catalogue.files.leave(ids[0]!, 1)

  const snapshot = catalogue.snapshot()
  addIndexed(catalogue, folder, 'later.jpg')
  catalogue.favourites.set([ids[1]!], false)
  assert.equal(snapshot.model, undefined)
  assert.equal(snapshot.count, 2)
  const first = snapshot.photos(0, 1)
  assert.deepEqual(
    first.map(({ id, root, name, hash, favourite, rating, encoding }) => [
      ...[id, root, name, hash, favourite, rating, encoding]
    ]),
    [[ids[1], '/photos', 'b.jpg', hashOf('b.jpg'), true, 0, null]]
  )
  const rest = snapshot.photos(ids[1]!, 10)
  assert.deepEqual(
    rest.map(({ id, rating }) => [id, rating]),
    [[ids[2], 5]]
  )
  const [b, c] = [hashOf('b.jpg'), hashOf('c.jpg')]
  assert.deepEqual(snapshot.marks('', 1), [{ hash: b, favourite: true, rating: 0 }])
  assert.deepEqual(snapshot.marks(b, 5), [{ hash: c, favourite: false, rating: 5 }])
  assert.deepEqual(snapshot.marks(c, 5), [])
  snapshot.close()
  snapshot.close()
  const later = catalogue.snapshot()
  assert.equal(later.count, 3)
  later.close()
})

test('with a model: those that it has encoded', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const [a, b] = ['a.jpg', 'b.jpg'].map((name) => addIndexed(catalogue, folder, name))
  const model = catalogue.models.add('first', modelRecord(), 0)
  catalogue.vectors.putEncoding(a!, model, encodingOf(3))
  catalogue.vectors.putEncoding(b!, model, encodingOf(4))
  assert.ok(catalogue.models.swap(model))
  addIndexed(catalogue, folder, 'not-yet.jpg')

  const snapshot = catalogue.snapshot()
  assert.equal(snapshot.model?.row.id, model)
  assert.equal(snapshot.count, 2)
  const encodings = snapshot.photos(0, 10).map(({ id, encoding }) => [id, encoding?.code[0]])
  assert.deepEqual(encodings, [
    [a, 3],
    [b, 4]
  ])
  snapshot.close()
})
