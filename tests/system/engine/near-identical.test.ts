// Near-identical pictures, from files to kin: told in indexing, folded in answers, and in a library
// from before there were fingerprints made of thumbnails. Real engine, compute and files.
import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import test from 'node:test'
import sharp from 'sharp'
import type { FoundKin } from '../../../main/engine/api.ts'
import { atRest, sql } from '../../support/at-rest.ts'
import { ask, kinOf, temporaryFolder } from '../../support/library.ts'
import { makePhotos } from '../../support/photos.ts'
import { VARIANTS, plainPicture } from '../../support/variants.ts'

const PICTURES = 8
const NAMES = Object.keys(VARIANTS).map((name) => `${name}.jpg`)

const PAIRS = `SELECT a.hash AS one, b.hash AS other FROM near_identical
  JOIN fingerprints AS a ON a.id = one JOIN fingerprints AS b ON b.id = other ORDER BY 1, 2`
const WAITING = 'SELECT id FROM fingerprints WHERE compared = 0 OR fingerprint IS NULL'
const FEATURES = 'SELECT photo, made_at FROM features ORDER BY photo'

/** The names that kin tell, those folded into one beside it. */
function namesOf(kin: readonly FoundKin[]): string[][] {
  return kin.map(({ path, alike }) => [path, ...alike].map((one) => basename(one)).sort())
}

test('variants of a picture are one of the kin, in a library from before, too', async (context) => {
  const [library, home] = [temporaryFolder(context), temporaryFolder(context)]
  const folder = join(home, 'photos')
  const [first = ''] = await makePhotos(folder, PICTURES, { seed: 4, size: 300 })
  mkdirSync(join(folder, 'variants'))
  const { picture, size } = await plainPicture(first)
  for (const [name, change] of Object.entries(VARIANTS))
    writeFileSync(join(folder, 'variants', `${name}.jpg`), await change(picture, size))
  const blank = sharp({ create: { width: 300, height: 200, channels: 3, background: '#f4f4f2' } })
  await blank.jpeg().toFile(join(folder, 'blank.jpg'))

  await atRest(library, async (engine) => {
    await engine.addFolder(folder)
    await engine.idle()
    const folded = namesOf(await kinOf(engine, ask({ path: first }, 100)))
    const variants = folded.filter((names) => names.some((name) => NAMES.includes(name)))
    assert.deepEqual(variants, [[...NAMES].sort()], 'all of them are one')
    assert.equal(folded.length, PICTURES, 'the other pictures, and the variants')
    const plain = await kinOf(engine, { ...ask({ path: first }, 100), fold: false })
    assert.equal(plain.length, PICTURES - 1 + NAMES.length, 'each by itself; no blank one')
    assert.deepEqual(await kinOf(engine, ask({ path: join(folder, 'blank.jpg') }, 100)), [])
  })
  const [pairs, features] = [sql(library, PAIRS), sql(library, FEATURES)]
  assert.deepEqual(sql(library, WAITING), [])

  // As the step of the schema leaves it.
  sql(library, 'DELETE FROM fingerprints RETURNING id')
  assert.deepEqual(sql(library, PAIRS), [])
  sql(library, 'INSERT INTO fingerprints (hash) SELECT DISTINCT hash FROM photos RETURNING id')
  // Not beside its place, where it would be found again: nothing but thumbnails is left to look at.
  const unplugged = join(home, 'elsewhere', 'unplugged')
  mkdirSync(join(home, 'elsewhere'))
  renameSync(folder, unplugged)
  await atRest(library, async (engine) => {
    const { indexed } = await engine.idle()
    assert.equal(indexed, 0)
  })
  assert.deepEqual(sql(library, WAITING), [])
  assert.deepEqual(sql(library, FEATURES), features, 'none is described anew')
  assert.deepEqual(sql(library, PAIRS), pairs)

  renameSync(unplugged, folder)
  await sharp(first).jpeg({ quality: 40 }).toFile(join(folder, 'later.jpg'))
  rmSync(join(folder, 'variants'), { recursive: true })
  await atRest(library, async (engine) => {
    await engine.rescan()
    await engine.idle()
    const [kin] = await kinOf(engine, ask({ path: first }, 100))
    assert.deepEqual(kin && namesOf([kin]), [['later.jpg']], 'what left is not told')
  })
  const later = sql(library, PAIRS).length - pairs.length
  assert.equal(later, 2 * (1 + NAMES.length), 'one that came later is compared with all')
})
