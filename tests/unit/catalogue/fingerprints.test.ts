// Fingerprints of contents in a real catalogue: what is still to be compared, which show the same
// picture, and what is forgotten.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { FINGERPRINT_BYTES } from '../../../model/retrieval.ts'
import { addCopy, describeAs, fileFacts, hashOf, temporaryCatalogue } from '../../support/library.ts'

const PRINT = new Uint8Array(FINGERPRINT_BYTES).fill(7)
const OTHER = new Uint8Array(FINGERPRINT_BYTES).fill(9)

/** A catalogue with photos of these contents, and the ids of contents by name. */
function catalogueOf(context: TestContext, names: readonly string[]) {
  const catalogue = temporaryCatalogue(context)
  const folder = catalogue.folders.add('/photos', 'photos')
  const photos = names.map((name) => addCopy(catalogue, folder, `${name}.jpg`, name))
  const contentOf = (name: string): number => {
    return catalogue.contents.heldBy(photos).get(photos[names.indexOf(name)]!)!.content
  }
  const waiting = (): number[] => catalogue.fingerprints.waiting(10).map(({ id }) => id)
  return { catalogue, folder, photos, contentOf, waiting }
}

test('every content that is described waits to be compared, equal files once', (context) => {
  const { catalogue, folder, contentOf, waiting } = catalogueOf(context, ['a', 'b'])
  const { fingerprints } = catalogue
  addCopy(catalogue, folder, 'copy of a.jpg', 'a')
  assert.deepEqual(waiting(), [contentOf('a'), contentOf('b')])
  fingerprints.put(hashOf('a'), PRINT, false)
  assert.deepEqual(fingerprints.waiting(1)[0]?.fingerprint, PRINT)
  fingerprints.setCompared(contentOf('a'))
  fingerprints.setCompared(contentOf('b'))
  assert.equal(fingerprints.anyWaiting(), false)
  assert.equal(fingerprints.left(), 0)
  fingerprints.put(hashOf('a'), PRINT, false)
  assert.deepEqual(waiting(), [], 'it is as it was')
})

test('a content that is shown otherwise now is compared anew', (context) => {
  const { catalogue, contentOf, waiting } = catalogueOf(context, ['a', 'b'])
  const { fingerprints } = catalogue
  const [a, b] = [contentOf('a'), contentOf('b')]
  for (const name of ['a', 'b']) fingerprints.put(hashOf(name), PRINT, false)
  fingerprints.link(a, b)
  for (const id of [a, b]) fingerprints.setCompared(id)
  assert.deepEqual(fingerprints.pairsOf([a, b]), new Map([[a, new Set([b])], [b, new Set([a])]]))
  fingerprints.put(hashOf('a'), OTHER, false)
  assert.deepEqual(waiting(), [a])
  assert.deepEqual(fingerprints.pairsOf([a, b]), new Map())
})

test('a content without a fingerprint is tried again when it comes back', (context) => {
  const { catalogue, photos, contentOf, waiting } = catalogueOf(context, ['a', 'b'])
  const { fingerprints } = catalogue
  fingerprints.put(hashOf('b'), PRINT, false)
  for (const name of ['a', 'b']) fingerprints.setCompared(contentOf(name))
  photos.forEach((photo, place) => {
    catalogue.files.change(photo, fileFacts(`${place}`))
    describeAs(catalogue, photo, ['a', 'b'][place]!)
  })
  assert.deepEqual(waiting(), [contentOf('a')])
})

test('keys find a content from near by', (context) => {
  const { catalogue, contentOf } = catalogueOf(context, ['a', 'b', 'c'])
  const { fingerprints } = catalogue
  const [a, b, c] = [contentOf('a'), contentOf('b'), contentOf('c')]
  fingerprints.setKey(a, [0.1, 0.2, 0.3, 0.4, 0.5])
  fingerprints.setKey(b, [0.12, 0.2, 0.3, 0.4, 0.48])
  fingerprints.setKey(c, [0.1, 0.2, 0.3, 0.4, 0.6])
  const near = (key: number[]): number[] => fingerprints.nearKey(key, 0.03, 10).sort()
  assert.deepEqual(near([0.1, 0.2, 0.3, 0.4, 0.5]), [a, b])
  fingerprints.setKey(b, [0, 0, 0, 0, 0])
  assert.deepEqual(near([0.1, 0.2, 0.3, 0.4, 0.5]), [a])
})

test('a content that no photo has is forgotten, with its pairs and its key', (context) => {
  const { catalogue, photos, contentOf } = catalogueOf(context, ['a', 'b', 'c'])
  const { fingerprints } = catalogue
  const [a, b, c] = [contentOf('a'), contentOf('b'), contentOf('c')]
  fingerprints.link(a, b)
  fingerprints.link(b, c)
  fingerprints.setKey(a, [0, 0, 0, 0, 0])
  catalogue.transaction(() => catalogue.files.erase(photos[0]!))
  let after: number | undefined = 0
  while (after !== undefined) after = fingerprints.purge(after, 2)
  assert.deepEqual(fingerprints.pairsOf([a, b, c]), new Map([[b, new Set([c])], [c, new Set([b])]]))
  assert.deepEqual(fingerprints.nearKey([0, 0, 0, 0, 0], 1, 10), [])
  fingerprints.link(a, c) // it went in this moment
  assert.equal(fingerprints.pairsOf([a]).size, 0)
})
