// Features, encodings and the models that made them, on a real database.
import assert from 'node:assert/strict'
import test from 'node:test'
import {
  BACKBONE,
  addIndexed,
  addPending,
  encodingOf,
  fileFacts,
  hashOf,
  modelRecord,
  temporaryCatalogue
} from '../../support/library.ts'

test('vectors: a new description drops old encodings; copies get the same', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const model = catalogue.models.add('first', modelRecord(), 0)
  const a = addIndexed(catalogue, folder, 'a.jpg', 3)
  catalogue.vectors.putEncoding(a, model, encodingOf(9))
  assert.equal(catalogue.vectors.descriptor(a, model)?.[0], 9)
  const b = addPending(catalogue, folder, 'b.jpg')
  assert.equal(catalogue.vectors.maybeTwin(b, fileFacts('a.jpg').size), true)
  assert.equal(catalogue.vectors.maybeTwin(b, 12345678), false)
  assert.equal(catalogue.vectors.twin(hashOf('a.jpg'), 'another backbone'), undefined)
  assert.equal(catalogue.vectors.twin(hashOf('a.jpg'), BACKBONE)?.id, a)
  catalogue.vectors.copy(a, b)
  assert.deepEqual(catalogue.vectors.encoding(b, model)?.code, new Uint8Array(8).fill(9))
  catalogue.vectors.putFeature(a, BACKBONE, new Uint16Array(8).fill(4))
  assert.equal(catalogue.vectors.encoding(a, model), undefined)
  assert.ok(catalogue.vectors.encoding(b, model))
  catalogue.files.erase(b)
  assert.equal(catalogue.vectors.encoding(b, model), undefined)
})

test('vectors: codes are read in parts, in order of id', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const model = catalogue.models.add('first', modelRecord(), 0)
  const ids = ['a', 'b', 'c'].map((name) => addIndexed(catalogue, folder, name))
  assert.deepEqual(catalogue.vectors.unencoded(model, BACKBONE, 0, 10), ids)
  for (const id of ids) catalogue.vectors.putEncoding(id, model, encodingOf(id))
  assert.equal(catalogue.vectors.anyUnencoded(model, BACKBONE), false)
  const first = catalogue.vectors.codes(model, 0, 2)
  assert.deepEqual([...first.ids], ids.slice(0, 2))
  assert.equal(first.codes.length, 16)
  const rest = catalogue.vectors.codes(model, ids[1]!, 2)
  assert.deepEqual([[...rest.ids], rest.codes[0]], [[ids[2]], ids[2]])
})

test('models: a swap waits for every code; then the former is retired', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const photo = addIndexed(catalogue, folder, 'a.jpg')
  const first = catalogue.models.add('first', modelRecord(), 11)
  assert.equal(catalogue.models.swap(first), false)
  assert.equal(catalogue.models.serving(), undefined)
  catalogue.vectors.putEncoding(photo, first, encodingOf(1))
  assert.equal(catalogue.models.swap(first), true)
  const second = catalogue.models.add('learned', modelRecord(300), 12)
  catalogue.vectors.putEncoding(photo, second, encodingOf(2))
  assert.equal(catalogue.models.swap(second), true)
  assert.deepEqual(
    catalogue.models.list().map(({ id, kind, state }) => [id, kind, state]),
    [
      [first, 'first', 'retired'],
      [second, 'learned', 'serving']
    ]
  )
  assert.deepEqual(catalogue.models.record(second), modelRecord(300))
  assert.equal(catalogue.vectors.dropOfModel(first, 10), 1)
  catalogue.models.erase(first)
  assert.equal(catalogue.models.list().length, 1)
  assert.equal(catalogue.vectors.descriptor(photo, second)?.[0], 2)
})

test('vectors: features of two backbones stand beside each other', (context) => {
  const catalogue = temporaryCatalogue(context)
  const { vectors, models } = catalogue
  const folder = catalogue.folders.add('/photos', 'photos')
  const [a, b] = ['a.jpg', 'b.jpg'].map((name) => addIndexed(catalogue, folder, name)) as [
    number,
    number
  ]
  const other = 'c'.repeat(64)
  const madeAt = vectors.madeAt(a)
  const before = Date.now() - 10_000
  assert.deepEqual(vectors.undescribed(other, 0, 10), [a, b])
  vectors.addFeature(a, other, new Uint16Array(8).fill(9))
  assert.deepEqual(vectors.undescribed(other, 0, 10), [b])
  assert.deepEqual(vectors.undescribed(other, b, 10), [])
  assert.deepEqual(vectors.backbones(), [BACKBONE, other])
  assert.equal(vectors.feature(a, BACKBONE)?.[0], 1)
  assert.equal(vectors.feature(a, other)?.[0], 9)
  assert.equal(vectors.indexedFeature(b, other), undefined)
  assert.deepEqual([...vectors.featureIds(other)], [a])
  assert.equal(vectors.madeAt(a), madeAt, 'its content is as old as it was')
  assert.equal(vectors.madeSince(before), 2, 'a photo counts once')

  const model = models.add('first', { ...modelRecord(), backbone: other }, 1)
  vectors.putEncoding(a, model, encodingOf(1))
  assert.equal(models.swap(model), false, 'a photo without feature and code of it')
  vectors.addFeature(b, other, new Uint16Array(8).fill(9))
  vectors.putEncoding(b, model, encodingOf(1))
  assert.equal(models.swap(model), true)

  assert.equal(vectors.dropOfBackbone(BACKBONE, 1), 1)
  assert.equal(vectors.dropOfBackbone(BACKBONE, 10), 1)
  assert.deepEqual(vectors.backbones(), [other])
  vectors.addFeature(a, BACKBONE, new Uint16Array(8))
  vectors.putFeature(a, other, new Uint16Array(8))
  assert.equal(vectors.feature(a, BACKBONE), undefined, 'new content: all that was known goes')
  assert.equal(vectors.requeue(a), true)
  assert.equal(catalogue.work.counts().pending, 1)
})

test('vectors: features of another backbone are made anew', (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  addIndexed(catalogue, folder, 'a.jpg')
  assert.equal(catalogue.vectors.requeueUndescribed(BACKBONE), 0)
  assert.equal(catalogue.vectors.requeueUndescribed('another'), 1)
  assert.equal(catalogue.work.counts().pending, 1)
})
