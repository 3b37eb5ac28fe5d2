// `kindred leave-out` and `take-back` in processes of their own: what they answer, that `status`
// tells it, and that nothing is described anew. A folder that is mistyped is told.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import * as v from 'valibot'
import { kindred } from '../../support/kindred.ts'
import { makePhotos } from '../../support/photos.ts'

const Answer = v.strictObject({ photos: v.number(), omitted: v.array(v.string()) })
const Status = v.looseObject({
  photos: v.number(),
  pending: v.number(),
  omitted: v.array(v.string()),
  leftOut: v.array(v.looseObject({ kind: v.string(), count: v.number(), first: v.string() }))
})

const home = mkdtempSync(join(tmpdir(), 'kindred-cli-leave-out-'))
const [folder, library] = [join(home, 'photos'), join(home, 'library')]
const [album, cache] = [join(folder, 'album'), join(folder, 'cache')]

before(async () => {
  await makePhotos(album, 3, { seed: 51, size: 96 })
  await makePhotos(cache, 4, { seed: 52, size: 48 })
  const ran = await kindred('index', folder, '--library', library)
  assert.equal(ran.code, 0, ran.stderr)
})
after(() => rmSync(home, { recursive: true, force: true }))

async function answerOf<T>(schema: v.GenericSchema<unknown, T>, ...args: string[]): Promise<T> {
  const ran = await kindred(...args, '--library', library, '--json')
  assert.equal(ran.code, 0, ran.stderr)
  return v.parse(schema, JSON.parse(ran.stdout))
}

/** When each thumbnail was made. */
function thumbnails(): number[] {
  const names = readdirSync(join(library, 'thumbnails'), { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => name.endsWith('.jpg')).sort()
  return files.map((name) => statSync(join(library, 'thumbnails', name)).mtimeMs)
}

test('a subfolder is left out, told, and taken back', async () => {
  const made = thumbnails()
  assert.equal(made.length, 7)
  const out = await answerOf(Answer, 'leave-out', cache)
  assert.deepEqual(out, { photos: 3, omitted: [cache] })
  const status = await answerOf(Status, 'status')
  assert.deepEqual([status.photos, status.pending, status.omitted], [3, 0, [cache]])
  assert.deepEqual(
    status.leftOut.map(({ kind, count, first }) => [kind, count, first]),
    [['chosen', 1, 'cache']]
  )
  const back = await answerOf(Answer, 'take-back', cache)
  assert.deepEqual(back, { photos: 7, omitted: [] })
  assert.deepEqual(thumbnails(), made)
})

test('photos that are too small are left out, and taken back by another limit', async () => {
  const out = await answerOf(Answer, 'leave-out', folder, '--smaller-than', '80')
  assert.deepEqual(out, { photos: 3, omitted: [] })
  const told = await kindred('status', '--library', library)
  assert.match(told.stdout, /4 photos are too small, the first “cache\/.*”\. Lower the limit/)
  const back = await answerOf(Answer, 'leave-out', folder, '--smaller-than', '0')
  assert.equal(back.photos, 7)
})

test('what cannot be left out is told, as is a folder that is mistyped', async () => {
  const asked = [
    [['leave-out', folder], /expected a folder inside one of the library/],
    [['leave-out', folder, '--smaller-than', 'few'], /--smaller-than: expected a whole number/],
    [['duplicates', '--within', join(folder, 'albun')], /expected a folder inside “photos”/]
  ] as const
  for (const [args, words] of asked) {
    const ran = await kindred(...args, '--library', library)
    assert.equal(ran.code, 1, args.join(' '))
    assert.match(ran.stderr, words)
  }
})
