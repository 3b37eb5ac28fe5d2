// How a model comes to serve when photos lack what it needs: a photo that was away while the
// features it had were removed, one that cannot be read, one that nothing can be made of. With a
// real catalogue and search, and a compute that answers as the test says.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { TestContext } from 'node:test'
import type { Catalogue } from '../../../../main/catalogue/catalogue.ts'
import { createFitter } from '../../../../main/engine/models/fitter.ts'
import type { Fitter } from '../../../../main/engine/models/fitter.ts'
import { createModelSwap } from '../../../../main/engine/models/model-swap.ts'
import { createTidying } from '../../../../main/engine/models/tidying.ts'
import { isFault } from '../../../../main/wire/fault.ts'
import {
  encode,
  multiplyReference,
  parseQuantizer,
  serialiseQuantizer
} from '../../../../model/retrieval.ts'
import {
  BACKBONE,
  encodingOf,
  faultRecord,
  fileFacts,
  hashOf,
  temporaryCatalogue,
  temporaryFolder
} from '../../../support/library.ts'
import { partCompute } from '../../../support/part-compute.ts'
import { readerOf } from '../../../support/reader-line.ts'
import { clusteredFeatures, fitted } from '../../../support/quantizers.ts'
import { contextOf } from '../../../support/writer-context.ts'

const PHOTOS = 12
const D = 32
const SHIPPED = BACKBONE
const TUNED = 'c'.repeat(64)
const TUNED_AGAIN = 'd'.repeat(64)
/** No swap of these tests needs so many rounds. */
const MOST_ROUNDS = 20

const features = clusteredFeatures(PHOTOS, D, 4)
const fitting = fitted(300, D) // one for all tests

interface Library {
  catalogue: Catalogue
  fitter: Fitter
  photos: number[]
  /** A model of a backbone; its id. */
  add(backbone: string): Promise<number>
  /** Lets a model serve; fails when the rounds of it do not end. */
  serve(model: number): Promise<void>
}

/** Photos that the shipped backbone has described, and its model, which serves. */
async function library(
  context: TestContext,
  isReadable: (photo: number) => boolean = () => true
): Promise<Library> {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const photos = Array.from({ length: PHOTOS }, (_, row) => {
    const name = `${row}.jpg`
    const id = catalogue.files.insert(folder, '', fileFacts(name), 0)
    catalogue.transaction(() => {
      const size = { width: 4, height: 3, capturedAt: null }
      catalogue.work.describe(catalogue.work.task(id)!, { hash: hashOf(name), ...size })
      catalogue.vectors.putFeature(id, SHIPPED, featureOf(row))
    })
    return id
  })
  const { link } = partCompute({
    renew: ({ photos: asked }) => ({
      outcomes: asked.map(({ id }) =>
        isReadable(id)
          ? { outcome: 'renewed', id, feature: featureOf(photos.indexOf(id)) }
          : { outcome: 'refused', id, fault: unreadable }
      )
    }),
    encode: ({ quantizer, features: rows }) =>
      encode(parseQuantizer(quantizer), rows, multiplyReference)
  })
  context.after(() => link.close())
  await link.session()
  const tuned = temporaryFolder(context)
  for (const sha256 of [TUNED, TUNED_AGAIN])
    writeFileSync(join(tuned, `test-tuned-${sha256.slice(0, 8)}.json`), '{}')
  const parts = contextOf(catalogue, link, { reader: readerOf(catalogue, ''), tuned })
  const tidying = createTidying(parts)
  const swap = createModelSwap(parts, tidying)
  const fitter = createFitter(parts, swap)
  await tidying.useShipped([{ sha256: SHIPPED }])
  const add = async (backbone: string): Promise<number> => {
    const record = serialiseQuantizer({ ...(await fitting), backbone })
    if (backbone === SHIPPED) return catalogue.models.add('first', record, Date.now())
    return catalogue.models.addLearned(record, Date.now(), LEARNED)
  }
  const serve = (model: number): Promise<void> => {
    let rounds = 0
    const onPhase = (phase: string): void => {
      if (phase === 'renewal' && ++rounds > MOST_ROUNDS) throw new Error('it goes on for ever')
    }
    const following = { givesWay: false, onPhase, onDone: () => undefined }
    return swap.serve(model, new AbortController().signal, following)
  }
  await serve(await add(SHIPPED))
  return { catalogue, fitter, photos, add, serve }
}

const unreadable = faultRecord('disk-error')

const LEARNED = {
  base: null,
  depth: 'deep',
  device: 'cpu',
  seconds: 1,
  steps: 1,
  scoreBefore: 0,
  scoreAfter: 1,
  witnessShare: 0.05
} as const

function featureOf(row: number): Uint16Array<ArrayBuffer> {
  return features.slice(row * D, (row + 1) * D)
}

/**
 * Two tuned backbones come to serve, one after the other, while a photo is away: what the shipped
 * one had made of it is removed, so that nothing is known of it when it is back.
 */
async function comeBackUnknown({ catalogue, photos, add, serve }: Library) {
  const away = photos[4]!
  catalogue.files.leave(away, Date.now())
  const first = await add(TUNED)
  await serve(first)
  const second = await add(TUNED_AGAIN)
  await serve(second)
  catalogue.files.comeBack(away)
  for (const backbone of [SHIPPED, TUNED, TUNED_AGAIN])
    assert.equal(catalogue.vectors.feature(away, backbone), undefined)
  return { away, first, second }
}

test('a photo that came back without a feature is described again', async (context) => {
  const made = await library(context)
  const { catalogue, serve } = made
  const { away, first } = await comeBackUnknown(made)
  await serve(first)
  assert.equal(catalogue.models.serving()?.id, first)
  assert.ok(catalogue.vectors.feature(away, TUNED))
  assert.ok(catalogue.vectors.encoding(away, first))
})

test('one that came back and cannot be read waits to be indexed again', async (context) => {
  let lost = -1
  const made = await library(context, (photo) => photo !== lost)
  const { catalogue, photos, serve } = made
  lost = photos[4]!
  const { away, first } = await comeBackUnknown(made)
  await serve(first)
  assert.equal(catalogue.models.serving()?.id, first)
  const { pending, indexed } = catalogue.work.counts()
  assert.deepEqual([pending, indexed], [1, PHOTOS - 1])
  assert.deepEqual(
    catalogue.work.pending(9).map(({ id }) => id),
    [away]
  )
})

test('indexing finds such a photo, too', async (context) => {
  const made = await library(context)
  const { catalogue } = made
  await comeBackUnknown(made)
  assert.equal(catalogue.vectors.requeueUndescribed(TUNED_AGAIN), 1)
  assert.equal(catalogue.work.counts().pending, 1)
})

test('no fit begins beside a swap, which may wait for indexing to rest', async (context) => {
  const { fitter, add, serve } = await library(context)
  const grown = 10_000 // photos: the library has outgrown what serves
  assert.equal(fitter.isDue(grown, true), true)
  const tuned = await add(TUNED)
  const [first, second] = [serve(tuned), serve(await add(TUNED_AGAIN))]
  assert.equal(fitter.isDue(grown, true), false)
  await first
  assert.equal(fitter.isDue(grown, true), false, 'the next waits for its turn')
  await second
  assert.equal(fitter.isDue(grown, true), false, 'a learned one serves')
  await serve(await add(SHIPPED))
  assert.equal(fitter.isDue(grown, true), true)
})

test('where nothing can be made of a photo, the swap ends with a fault', async (context) => {
  const { catalogue, photos, add, serve } = await library(context)
  const { id: serving } = catalogue.models.serving()!
  const [photo] = photos
  // Made up, as photos of simulated libraries are: the code of what serves, and nothing else.
  catalogue.transaction(() => {
    catalogue.vectors.drop(photo!)
    catalogue.vectors.putEncoding(photo!, serving, encodingOf(1))
  })
  await assert.rejects(serve(await add(TUNED)), (error) => isFault(error, 'not-found'))
  assert.equal(catalogue.models.serving()?.id, serving)
})
