// `kindred restore` on a real library: lists copies, goes back to one, refuses while it is open.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import * as v from 'valibot'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { makeCopy } from '../../../main/catalogue/copies.ts'
import { kindred } from '../../support/kindred.ts'
import { addIndexed, hashOf, temporaryFolder } from '../../support/library.ts'

const COPIED = Date.UTC(2026, 2, 12, 10, 30)

test('a copy is put back once nothing else has the library open', async (context) => {
  const library = temporaryFolder(context)
  const catalogue = openCatalogue(library)
  const id = addIndexed(catalogue, catalogue.folders.add('/photos', 'photos'), 'a.jpg')
  catalogue.favourites.set([id], true)
  makeCopy(library, COPIED)
  catalogue.favourites.set([id], false)

  const told = await kindred('restore', '--library', library, '--json')
  assert.equal(told.code, 0, told.stderr)
  const Copies = v.array(v.object({ path: v.string(), at: v.number(), marks: v.number() }))
  const [copy] = v.parse(Copies, JSON.parse(told.stdout))
  assert.deepEqual([copy?.at, copy?.marks], [COPIED, 1])

  const early = await kindred('restore', '2026-03-12', '--library', library)
  assert.equal(early.code, 1)
  assert.match(early.stderr, /Another Kindred has this library open/)
  catalogue.close()

  const none = await kindred('restore', '2025', '--library', library)
  assert.equal(none.code, 1)
  assert.match(none.stderr, /2025: .*2026-03-12T10:30/s)
  const done = await kindred('restore', '2026-03-12', '--library', library, '--json')
  assert.equal(done.code, 0, done.stderr)
  const { from, kept } = v.parse(
    v.object({ from: v.number(), kept: v.string() }),
    JSON.parse(done.stdout)
  )
  assert.equal(from, COPIED)
  const after = openCatalogue(library)
  assert.deepEqual(after.favourites.hashes(), [hashOf('a.jpg')])
  after.close()
  const status = await kindred('status', '--library', library, '--json')
  assert.equal(status.code, 0, status.stderr)
  assert.ok(join(library, kept).endsWith('.sqlite'))
})
