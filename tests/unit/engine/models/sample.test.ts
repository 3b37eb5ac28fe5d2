// Which photos a run learns from: one of each content, and of a large library anchors with their
// kin, as the index knows them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { kinOfEach } from '../../../../main/engine/answering/kin-of-each.ts'
import { chooseSample, withKin } from '../../../../main/engine/models/sample.ts'
import {
  CLUSTERS,
  addDescribed,
  encodeAll,
  fittedLibrary,
  fitting
} from '../../../support/fitted-library.ts'
import type { FittedLibrary } from '../../../support/fitted-library.ts'
import { BACKBONE, addIndexed, temporaryCatalogue } from '../../../support/library.ts'
import { readerOf } from '../../../support/reader-line.ts'

const running = new AbortController().signal

test('all photos of the backbone, by id', async (context) => {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const ids = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => addIndexed(catalogue, folder, name))
  const parts = { catalogue, reader: readerOf(catalogue, BACKBONE) }
  assert.deepEqual([...(await chooseSample(parts, BACKBONE))], ids)
  assert.deepEqual([...(await chooseSample(parts, 'f'.repeat(64)))], [])
})

/** Photos 0 .. `copies` - 1 once more. */
async function withCopies(library: FittedLibrary, copies: number): Promise<number[]> {
  const { backbone } = await fitting
  const { catalogue } = library
  const folder = catalogue.folders.add('/backup', 'backup')
  return catalogue.transaction(() =>
    Array.from({ length: copies }, (_, place) =>
      addDescribed(catalogue, folder, '', place, backbone)
    )
  )
}

test('of copies the first is taken, unless too few photos are left', async (context) => {
  const { backbone } = await fitting
  const library = await fittedLibrary(context)
  const { catalogue, ids } = library
  const parts = { catalogue, reader: readerOf(catalogue, backbone) }
  await withCopies(library, ids.length)
  assert.deepEqual([...(await chooseSample(parts, backbone))], ids)

  const half = await fittedLibrary(
    context,
    Array.from({ length: 200 }, (_, place) => place)
  )
  const more = await withCopies(half, 100)
  const small = { catalogue: half.catalogue, reader: readerOf(half.catalogue, backbone) }
  assert.deepEqual([...(await chooseSample(small, backbone))], [...half.ids, ...more])
})

test('a copy stands in for its original that is gone', async (context) => {
  const { backbone } = await fitting
  const library = await fittedLibrary(context)
  const { catalogue, ids } = library
  const copies = await withCopies(library, 10)
  catalogue.files.leave(ids[3]!, 1)
  const sample = await chooseSample({ catalogue, reader: readerOf(catalogue, backbone) }, backbone)
  assert.ok(sample.includes(copies[3]!) && !sample.includes(ids[3]!))
  assert.equal(sample.length, ids.length)
})

test('part of a library: anchors with their kin, most of it the same once the library has grown', async (context) => {
  const library = await fittedLibrary(context)
  const { catalogue, search, ids } = library
  search.serve(await search.load(await encodeAll(library)))
  const { backbone } = await fitting
  const sampleOf = async (photos: Uint32Array): Promise<number[]> => {
    const kinOf = (anchors: Uint32Array) => kinOfEach(search, anchors, 9, running)
    return [...(await withKin(photos, 60, kinOf))]
  }
  const photos = catalogue.vectors.contentIds(backbone)
  const sample = await sampleOf(photos)
  assert.equal(new Set(sample).size, 60)
  // The first anchor has all its kin there; every n-th photo would leave it one or two.
  const anchor = photos[0]!
  const [kin] = await kinOfEach(search, Uint32Array.of(anchor), 9, running)
  assert.equal(kin!.length, 9)
  assert.ok(kin!.every((id) => sample.includes(id)))
  assert.ok([...kin!].every((id) => ids.indexOf(id) % CLUSTERS === ids.indexOf(anchor) % CLUSTERS))

  const fewer = await sampleOf(photos.filter((id) => ids.indexOf(id) < 270))
  const stayed = fewer.filter((id) => sample.includes(id)).length
  assert.ok(stayed >= 40, `${stayed} of 60 stay`)
})

test('without a model that serves photos have no kin, and anchors alone are taken', async (context) => {
  const { catalogue, search } = await fittedLibrary(context)
  const { backbone } = await fitting
  const ids = catalogue.vectors.contentIds(backbone)
  assert.deepEqual(await kinOfEach(search, ids.slice(0, 2), 9, running), [
    new Uint32Array(),
    new Uint32Array()
  ])
  const kinOf = (anchors: Uint32Array) => kinOfEach(search, anchors, 9, running)
  assert.deepEqual(await withKin(ids, 60, kinOf), ids.slice(0, 60))
})

test('photos that may not be taken are not, though they are kin', async () => {
  const kinOf = async (anchors: Uint32Array) => [...anchors].map(() => Uint32Array.of(7, 100, 8))
  assert.deepEqual([...(await withKin(Uint32Array.of(7, 8, 9, 10), 3, kinOf))].sort(), [7, 8, 9])
})
