// What scores say in a library, over a real catalogue: by features, by a model and by another one,
// a likeness tells kinds apart; shots of one moment are taken where cameras' dates tell them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createCalibrations } from '../../../../main/engine/answering/calibrations.ts'
import type { Source } from '../../../../main/engine/answering/calibrations.ts'
import { SAME_KIND, SAME_THING, likenessOf, toHalves } from '../../../../model/retrieval.ts'
import type { DateSource } from '../../../../main/wire/photo-date.ts'
import { CLUSTERS, D, N, encodeAll, fittedLibrary } from '../../../support/fitted-library.ts'
import { fileFacts, hashOf, temporaryCatalogue } from '../../../support/library.ts'
import { fitted } from '../../../support/quantizers.ts'

test('the same number says the same by features, by a model and by another', async (context) => {
  const given = await fittedLibrary(context)
  const { search, ids } = given
  const other = await fitted(N, D, { bits: 32, seed: 9 })
  const models = [await encodeAll(given), await encodeAll(given, other)]
  for (const model of [undefined, ...models]) {
    search.serve(model === undefined ? undefined : await search.load(model))
    const calibration = search.calibration()
    const counts = { ofKind: 0, ofOthers: 0, known: 0, false: 0 }
    for (const [place, id] of ids.slice(0, 40).entries()) {
      const vectors = search.vectorsOf(id)!
      const found = search.find([{ vectors, weight: 1 }], { top: N, except: [id] })
      for (const [i, kin] of found.ids.entries()) {
        const isOfKind = ids.indexOf(kin) % CLUSTERS === place % CLUSTERS
        const isNear = likenessOf(calibration, found.scores[i]!) >= SAME_KIND
        counts[isOfKind ? 'ofKind' : 'ofOthers']++
        if (isNear) counts[isOfKind ? 'known' : 'false']++
      }
    }
    const told = `${model}: ${JSON.stringify(counts)}`
    assert.ok(counts.known / counts.ofKind > 0.5, told)
    assert.ok(counts.false / counts.ofOthers < 0.01, told)
  }
})

test('equal vectors are wholly alike; it is kept until a library doubles', (context) => {
  const catalogue = temporaryCatalogue(context)
  const calibrations = createCalibrations(catalogue)
  let reads = 0
  const source = (size: number): Source => ({
    model: 1,
    size,
    sample: () => [1, 2, 3],
    read(ids) {
      reads++
      const vectors = toHalves(Float32Array.from(ids.flatMap((id) => [1, id, 0, 0])))
      return { ids, descriptors: vectors, projected: vectors }
    }
  })
  const first = calibrations.of(source(3), 0.5)
  assert.equal(likenessOf(first, 1), 1)
  assert.equal(calibrations.of(source(5), 0.5), first)
  assert.notEqual(calibrations.of(source(5), 0.6), first)
  assert.equal(reads, 1)
  calibrations.of(source(8), 0.5)
  assert.equal(reads, 2)
})

test('shots of one moment say where the same thing begins', (context) => {
  const catalogue = temporaryCatalogue(context)
  const { files, work, folders, transaction } = catalogue
  const folder = folders.add('/photos', 'photos')
  // Pairs of shots, a second apart; a minute between pairs; the last pair dated by its files alone.
  const ids = transaction(() =>
    Array.from({ length: 80 }, (_, i) => {
      const id = files.insert(folder, '', fileFacts(`${i}.jpg`), 0)
      const at = 1e12 + Math.floor(i / 2) * 60_000 + (i % 2) * 1000
      const dateSource: DateSource = i < 78 ? 'exif' : 'name'
      const content = { hash: hashOf(`${i}`), width: 4, height: 3, capturedAt: at, dateSource }
      work.describe(work.task(id)!, content)
      return id
    })
  )
  const pairs = catalogue.duplicates.nextShots(ids, 3000)
  assert.equal(pairs.length, 39)
  for (const [one, other] of pairs) assert.equal(ids.indexOf(other), ids.indexOf(one) + 1)
  const source: Source = {
    model: 1,
    size: 80,
    sample: () => ids,
    // Pair p lies in direction p; its two shots have a cosine of .8.
    read(some) {
      const rows = some.flatMap((id) => {
        const place = ids.indexOf(id)
        const row = new Array<number>(80).fill(0)
        row[2 * Math.floor(place / 2)] = place % 2 === 0 ? 1 : 0.8
        row[2 * Math.floor(place / 2) + 1] = place % 2 === 0 ? 0 : 0.6
        return row
      })
      return { ids: some, descriptors: toHalves(Float32Array.from(rows)) }
    }
  }
  const calibration = createCalibrations(catalogue).of(source, 0)
  const border = calibration.find(({ likeness }) => likeness === SAME_THING)!.score
  assert.ok(border > 0.7 && border <= 0.8001, `${border}`)
})
