// Shots of one moment are one of the kin: by the camera's clock and by what they show, each as the
// first of them. Over a real catalogue, by features.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { foldedKin } from '../../../../main/engine/answering/fold-kin.ts'
import { createSearch } from '../../../../main/engine/answering/search.ts'
import type { DateSource } from '../../../../main/wire/photo-date.ts'
import { seededRandom, toHalves } from '../../../../model/retrieval.ts'
import { BACKBONE, fileFacts, hashOf, temporaryCatalogue } from '../../../support/library.ts'

const D = 64
const T = Date.UTC(2024, 5, 1, 12)

interface Shot {
  /** What it shows; photos of one thing are nearly equal. */
  thing: number
  /** Seconds after T by its camera's clock; none: not dated by a camera. */
  at?: number
  from?: DateSource
}

/** The kin of photo 0, by place, each with those beside it. */
function kinOfFirst(context: TestContext, shots: readonly Shot[], isFolded = true): number[][] {
  const catalogue = temporaryCatalogue(context)
  const { files, folders, work, vectors } = catalogue
  const folder = folders.add('/photos', 'photos')
  const ids = catalogue.transaction(() =>
    shots.map(({ thing, at, from: dateSource = 'exif' }, i) => {
      const id = files.insert(folder, '', fileFacts(`${i}.jpg`), 0)
      const capturedAt = at === undefined ? null : T + 1000 * at
      const content = { hash: hashOf(`${i}`), width: 4, height: 3, capturedAt, dateSource }
      work.describe(work.task(id)!, content)
      const random = seededRandom(1 + thing)
      const feature = Float32Array.from({ length: D }, () => random() - 0.5)
      feature[0]! += 0.001 * i
      vectors.putFeature(id, BACKBONE, toHalves(feature))
      return id
    })
  )
  const search = createSearch(catalogue)
  search.useBackbone(BACKBONE)
  const asked = search.vectorsOf(ids[0]!)!
  const folding = { top: shots.length, first: 4, isFolded }
  return foldedKin(catalogue, search, folding, (top) =>
    search.find([{ vectors: asked, weight: 1 }], { top, except: [ids[0]!] })
  )
    .map(({ id, shots: others }) => [id, ...others].map((one) => ids.indexOf(one)))
    .sort((a, b) => a[0]! - b[0]!)
}

test('shots of one moment and thing are one of the kin', (context) => {
  const others: Shot[] = [
    { thing: 0, at: 500 },
    { thing: 1, at: 10 },
    { thing: 1, at: 12 },
    { thing: 1, at: 14 },
    { thing: 2, at: 13 }, // of another thing
    { thing: 1, at: 90 } // of another moment
  ]
  const kin = kinOfFirst(context, others)
  assert.equal(kin.length, 3)
  assert.deepEqual(kin.map((group) => group.length).sort(), [1, 1, 3])
  assert.deepEqual([...kin.find((group) => group.length === 3)!].sort(), [1, 2, 3])
  assert.equal(kinOfFirst(context, others, false).length, 5, 'unless they are to be told apart')
})

test('moments do not chain: each shot is as the first', (context) => {
  const row = Array.from({ length: 9 }, (_, i) => ({ thing: 1, at: 4 * i }))
  const kin = kinOfFirst(context, [{ thing: 0, at: 900 }, ...row])
  assert.ok(kin.length >= 2)
  for (const [first, ...others] of kin)
    for (const other of others) assert.ok(Math.abs(row[other - 1]!.at - row[first! - 1]!.at) <= 10)
})

test('only a camera’s clock tells moments', (context) => {
  const shots: Shot[] = [
    { thing: 0, at: 900 },
    { thing: 1 },
    { thing: 1, at: 10, from: 'name' },
    { thing: 1, at: 10, from: 'file' },
    { thing: 1, at: 11, from: 'exif' }
  ]
  assert.equal(kinOfFirst(context, shots).length, 4)
})
