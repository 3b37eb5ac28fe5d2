// What was put off: attempts are spaced out, and go on after a restart where they were.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { TestContext } from 'node:test'
import type { Catalogue } from '../../../../main/catalogue/catalogue.ts'
import { openCatalogue } from '../../../../main/catalogue/catalogue.ts'
import { SPACING } from '../../../../main/engine/faults/decision.ts'
import { PutOff } from '../../../../main/engine/indexing/put-off.ts'
import { faultRecord, fileFacts, temporaryFolder } from '../../../support/library.ts'

const CLOSED = faultRecord('no-access')
const HOUR = 3600_000
/** So long that no test waits for it. */
const [first, most] = [HOUR, 100 * HOUR]
const spacing = { ...SPACING, photo: { first, most } }

interface Photo {
  id: number
  size: number
  modifiedAt: number
  sidecar: string
  sidecarModifiedAt: number
}

/** A library with one photo, beside which lies an XMP file that cannot be read. */
function library(context: TestContext): { open(): Catalogue; photo: Photo } {
  const folder = temporaryFolder(context)
  let catalogue = openCatalogue(folder)
  context.after(() => catalogue.close())
  const id = catalogue.files.insert(catalogue.folders.add('/p', 'p'), '', fileFacts('a.jpg'), 0)
  const { size, modifiedAt } = fileFacts('a.jpg')
  const photo = { id, size, modifiedAt, sidecar: 'a.xmp', sidecarModifiedAt: 5 }
  return {
    photo,
    /** As after a restart. */
    open() {
      catalogue.close()
      catalogue = openCatalogue(folder)
      return catalogue
    }
  }
}

const made = (catalogue: Catalogue): PutOff => new PutOff(spacing, catalogue.putOff, 'dates')

test('attempts survive a restart: the next waits as long as it would have', (context) => {
  const { open, photo } = library(context)
  for (let attempts = 1; attempts <= 3; attempts++) {
    const waiting = made(open())
    const began = Date.now()
    assert.equal(waiting.put(photo, CLOSED), true)
    const after = (waiting.nextAt() ?? 0) - first * 2 ** (attempts - 1)
    assert.ok(began <= after && after <= Date.now(), `attempt ${attempts}`)
    assert.deepEqual(waiting.next(1, () => [photo]), [], 'its time has not come')
  }
  const again = made(open())
  assert.deepEqual(again.next(1, () => [photo]), [], 'nor after a restart')
  const changed = { ...photo, sidecarModifiedAt: 6 }
  assert.deepEqual(again.next(1, () => [changed]), [changed], 'a file that changed waits no longer')
  assert.deepEqual(new PutOff(spacing, open().putOff, 'judging').next(1, () => [photo]), [photo])
})

test('what was read, asked for, or left is put off no more', (context) => {
  const { open, photo } = library(context)
  made(open()).put(photo, CLOSED)
  made(open()).done(photo.id)
  assert.deepEqual(open().putOff.ofWork('dates'), [])
  made(open()).put(photo, CLOSED)
  made(open()).tryNow()
  const catalogue = open()
  assert.deepEqual(catalogue.putOff.ofWork('dates'), [])
  made(catalogue).put(photo, CLOSED)
  catalogue.files.erase(photo.id)
  assert.deepEqual(catalogue.putOff.ofWork('dates'), [])
})

test('a clock that was put back makes nobody wait for long', (context) => {
  const { open, photo } = library(context)
  const { putOff } = open()
  const files = `${photo.size} ${photo.modifiedAt} ${photo.sidecarModifiedAt} ${photo.sidecar}`
  putOff.put('dates', { photo: photo.id, files, attempts: 9, retryAt: Date.now() + 99 * most })
  const waiting = made(open())
  assert.ok((waiting.nextAt() ?? Infinity) <= Date.now() + most)
  assert.deepEqual(waiting.next(1, () => [photo]), [])
})

test('what fails for good is tried once a start', (context) => {
  const { open, photo } = library(context)
  const waiting = made(open())
  assert.equal(waiting.put(photo, faultRecord('corrupt-photo')), false)
  assert.deepEqual([waiting.next(1, () => [photo]), waiting.nextAt()], [[], undefined])
  assert.deepEqual(made(open()).next(1, () => [photo]), [photo])
})
