// Search over a real catalogue: by features while there is no model, by codes and descriptors with
// one; what comes, goes and returns; the change from one model to the next.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createSearch } from '../../../../main/engine/answering/search.ts'
import type { QueryVectors, WeightedVectors } from '../../../../main/engine/answering/search.ts'
import {
  distanceTable,
  fromHalves,
  loadKernels,
  orderByCosine,
  scanKernels,
  serialiseQuantizer
} from '../../../../model/retrieval.ts'
import { InvertedIndex } from '../../../../model/search/simd/inverted-index.ts'
import {
  CLUSTERS,
  D,
  N,
  encodeAll,
  features,
  fittedLibrary,
  fitting,
  row
} from '../../../support/fitted-library.ts'
import { fitted } from '../../../support/quantizers.ts'

function like(vectors: QueryVectors | undefined): WeightedVectors[] {
  assert.ok(vectors)
  return [{ vectors, weight: 1 }]
}

test('without a model the order is exactly that of the features', async (context) => {
  const { search, ids } = await fittedLibrary(context)
  const query = like(search.vectorsOf(ids[5]!))
  assert.deepEqual(query, [{ vectors: { feature: row(5) }, weight: 1 }])
  const all = orderByCosine(fromHalves(row(5)), Uint32Array.from(ids), features, 21)
  const { ids: found, scores } = search.find(query, { top: 20, except: [ids[5]!] })
  assert.deepEqual([...found], [...all.ids].slice(1))
  scores.forEach((score, i) => assert.ok(Math.abs(score - all.scores[i + 1]!) < 1e-6))
  search.useBackbone('another')
  assert.equal(search.find(query, { top: 20 }).ids.length, 0, 'of another backbone')
})

test('with a model kin are of the same cluster, in exact order of descriptors', async (context) => {
  const given = await fittedLibrary(context)
  const { catalogue, search, ids } = given
  const id = await encodeAll(given)
  const model = await search.load(id)
  assert.equal(search.serving(), undefined, 'not before it serves')
  search.serve(model)
  assert.equal(model.index.size, N)
  for (const place of [0, 7, 123]) {
    const query = like(search.vectorsOf(ids[place]!))
    const { descriptor } = catalogue.vectors.encoding(ids[place]!, id)!
    const found = search.find(query, { top: 20, except: [ids[place]!], strictness: 0 })
    const right = [...found.ids].filter((one) => ids.indexOf(one) % CLUSTERS === place % CLUSTERS)
    assert.equal(right.length, 20)
    const rows = new Uint16Array(N * descriptor.length)
    ids.forEach((one, i) =>
      rows.set(catalogue.vectors.encoding(one, id)!.descriptor, i * descriptor.length)
    )
    const exact = orderByCosine(fromHalves(descriptor), Uint32Array.from(ids), rows, 21)
    assert.deepEqual(
      [...found.ids],
      [...exact.ids].filter((one) => one !== ids[place])
    )
  }
})

test('what leaves is not found, what returns and what is new is', async (context) => {
  const given = await fittedLibrary(context)
  const { catalogue, search, ids } = given
  const id = await encodeAll(given)
  search.serve(await search.load(id))
  const query = like(search.vectorsOf(ids[0]!))
  const best = (): number | undefined => search.find(query, { top: 1, except: [ids[0]!] }).ids[0]
  const first = best()
  assert.ok(first !== undefined)
  catalogue.files.leave(first, 1)
  assert.equal(best(), first, 'not before it is told')
  await search.changed([first])
  assert.notEqual(best(), first)
  const started = await createSearch(catalogue).load(id)
  assert.equal(started.index.size, N - 1, 'nor is it after a start')
  catalogue.files.comeBack(first)
  await search.changed([first])
  assert.equal(best(), first)
  const encoding = catalogue.vectors.encoding(first, id)
  assert.ok(encoding)
  catalogue.vectors.drop(first)
  await search.changed([first, ids[0]!])
  assert.notEqual(best(), first, 'it has no code')
  assert.equal(search.serving()?.index.size, N - 1, 'others that are told of stay')
  catalogue.vectors.putEncoding(first, id, encoding)
  await search.changed([first], id + 1)
  assert.notEqual(best(), first, 'another model is what changed')
  await search.changed([first], id)
  assert.equal(best(), first)
})

test('a model that is being encoded while another comes to serve misses nothing', async (context) => {
  const given = await fittedLibrary(context)
  const { catalogue, search, ids } = given
  const other = await encodeAll(given)
  const candidate = catalogue.models.add('first', serialiseQuantizer(await fitting), 0)
  const filling = await search.load(candidate)
  assert.equal(filling.index.size, 0)
  assert.equal(await search.load(candidate), filling, 'once')
  search.serve(await search.load(other))
  search.serve(undefined)
  for (const id of ids)
    catalogue.vectors.putEncoding(id, candidate, catalogue.vectors.encoding(id, other)!)
  await search.changed(ids, candidate)
  assert.equal(filling.index.size, N)
  search.letGo(candidate)
  catalogue.files.leave(ids[0]!, 1)
  await search.changed([ids[0]!])
  assert.equal(filling.index.size, N, 'nobody follows it any more')
  assert.equal((await search.load(candidate)).index.size, N - 1, 'it is read anew')
})

test('lists are those of a bulk load, in a library in the order of what it shows', async (t) => {
  const quantizer = await fitted(N, D, { bits: 32 })
  const byCluster = [...Array(N).keys()].sort((a, b) => (a % CLUSTERS) - (b % CLUSTERS) || a - b)
  const given = await fittedLibrary(t, byCluster)
  const id = await encodeAll(given, quantizer)
  const { catalogue, ids } = given
  const lists = { from: N / 5, lists: 16, probes: 2 }
  const loaded = await createSearch(catalogue, { lists, codesAtOnce: 7 }).load(id)
  const kernels = loadKernels(await scanKernels())
  assert.ok(kernels && loaded.index instanceof InvertedIndex)
  const bulk = new InvertedIndex(kernels, loaded.codebooks, lists)
  bulk.append(Uint32Array.from(ids), catalogue.vectors.codes(id, 0, N).codes)
  await Promise.all([loaded.index.settled(), bulk.settled()])
  assert.ok(loaded.index.isInverted && bulk.isInverted)
  for (const one of ids) {
    const descriptor = fromHalves(catalogue.vectors.encoding(one, id)!.descriptor)
    const table = distanceTable(descriptor, loaded.codebooks)
    assert.deepEqual(loaded.index.search(table, 20), bulk.search(table, 20))
    assert.equal(loaded.index.scanned, bulk.scanned)
  }
})

test('what comes and goes while codes are read is put in after them', async (t) => {
  const given = await fittedLibrary(t)
  const { catalogue, ids } = given
  const id = await encodeAll(given)
  const [left, returned, changed, copied] = [3, 4, 5, 206].map((place) => ids[place]!)
  catalogue.files.leave(returned!, 1)
  const search = createSearch(catalogue, { codesAtOnce: 50 })
  const loading = search.load(id) // has read the first fifty
  const other = catalogue.vectors.encoding(copied!, id)!
  catalogue.vectors.putEncoding(changed!, id, other)
  void search.changed([changed!])
  catalogue.files.leave(left!, 1)
  void search.changed([left!])
  catalogue.files.comeBack(returned!)
  void search.changed([returned!])
  const { index, codebooks } = await loading
  const { ids: found, distances } = index.search(
    distanceTable(fromHalves(other.descriptor), codebooks),
    N
  )
  assert.deepEqual(new Set(found), new Set(ids.filter((one) => one !== left)))
  const distanceOf = (one: number): number => distances[found.indexOf(one)]!
  assert.equal(distanceOf(changed!), distanceOf(copied!), 'the code that came last')
})

test('many that return are put in a part at a time, as they are by then', async (context) => {
  const given = await fittedLibrary(context)
  const { catalogue, ids } = given
  const id = await encodeAll(given)
  const search = createSearch(catalogue, { codesAtOnce: 100 })
  const model = await search.load(id)
  search.serve(model) // and goes on being kept up to date
  const { index } = model
  for (const one of ids) catalogue.files.leave(one, 1)
  await search.changed(ids)
  assert.equal(index.size, 0)
  for (const one of ids) catalogue.files.comeBack(one)
  const restored = search.changed(ids)
  assert.equal(index.size, 100, 'questions are answered now')
  const [inIt, waiting] = [ids[3]!, ids[203]!]
  for (const one of [inIt, waiting]) catalogue.files.leave(one, 2)
  await search.changed([inIt, waiting])
  await restored
  assert.equal(index.size, N - 2)
})
