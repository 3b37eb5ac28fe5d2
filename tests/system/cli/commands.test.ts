// The command line in processes of its own, on generated photos: what it answers, where, and with
// which code it ends.
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { after, before } from 'node:test'
import * as v from 'valibot'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { EXIT } from '../../../main/cli/output.ts'
import { Nearness } from '../../../main/wire/nearness.ts'
import { kindred } from '../../support/kindred.ts'
import { makePhotos } from '../../support/photos.ts'

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Indexed = v.strictObject({
  waits: v.tuple([]),
  photos: count,
  indexed: count,
  failed: count,
  seconds: v.number(),
  photosPerSecond: v.number(),
  computeBusy: share
})
const Similar = v.strictObject({
  query: v.union([v.string(), v.number()]),
  copies: v.array(v.string()),
  putAway: v.array(v.string()),
  kin: v.array(
    v.strictObject({ path: v.string(), score: share, likeness: share, nearness: Nearness })
  )
})
const Evaluated = v.strictObject({
  photos: count,
  queries: count,
  labels: count,
  top: count,
  rows: v.array(v.strictObject({ of: v.string(), mAP: share, bytesPerPhoto: v.number() }))
})

const home = mkdtempSync(join(tmpdir(), 'kindred-cli-'))
const folder = join(home, 'photos')
const library = join(home, 'library')
const GOOD = 270 // enough for a first quantizer
const WITHOUT_LIBRARY = ['reproduce', 'devices']
let paths: string[] = []

before(async () => {
  mkdirSync(folder)
  paths = await makePhotos(folder, GOOD, { seed: 7, size: 96 })
  writeFileSync(join(folder, 'broken.jpg'), 'this is no photo')
  writeFileSync(
    join(folder, 'phone.heic'),
    Buffer.from('v/1\x01 an OpenEXR', 'latin1')
  )
  const ran = await kindred('index', folder, '--library', library, '--json')
  assert.equal(ran.code, 0, ran.stderr)
  const answer = v.parse(Indexed, JSON.parse(ran.stdout))
  assert.deepEqual(
    { photos: answer.photos, indexed: answer.indexed, failed: answer.failed },
    { photos: GOOD + 2, indexed: GOOD, failed: 2 }
  )
  assert.ok(answer.computeBusy > 0)
  assert.match(ran.stderr, /indexing: \d+ of \d+/, 'progress is told on stderr')
})
after(() => rmSync(home, { recursive: true, force: true }))

/** Runs a command on the library and returns what its JSON says. */
async function answerOf(...args: string[]): Promise<unknown> {
  const ran = await kindred(...args, '--library', library, '--json')
  assert.equal(ran.code, 0, ran.stderr)
  assert.match(ran.stdout, /^[[{].*\n$/, `stdout is the answer alone; stderr: ${ran.stderr}`)
  return JSON.parse(ran.stdout)
}

test('status tells the photos, the model and the bytes of a code', async () => {
  const status = v.parse(
    v.looseObject({
      photos: count,
      indexed: count,
      pending: count,
      failed: count,
      model: v.looseObject({ M: count, K: count, bits: count, fittedOn: count }),
      bytesPerPhoto: v.number()
    }),
    await answerOf('status')
  )
  assert.deepEqual(
    [status.photos, status.indexed, status.pending, status.failed],
    [GOOD + 2, GOOD, 0, 2]
  )
  assert.deepEqual([status.model.bits, status.bytesPerPhoto], [64, 8])
})

test('failed names each file and why', async () => {
  const failed = v.parse(
    v.array(v.strictObject({ path: v.string(), reason: v.string() })),
    await answerOf('failed')
  )
  const reasons = new Map(failed.map(({ path, reason }) => [path, reason]))
  assert.equal(reasons.size, 2)
  assert.match(reasons.get(join(folder, 'phone.heic')) ?? '', /OpenEXR/)
  assert.ok((reasons.get(join(folder, 'broken.jpg')) ?? '').length > 20)
})

test('similar answers for a file of the library, its id, and a file outside', async () => {
  const [first = ''] = paths
  const inside = v.parse(Similar, await answerOf('similar', first, '--top', '5'))
  assert.equal(inside.kin.length, 5)
  assert.ok(
    inside.kin.every(({ path }) => path !== first),
    'the photo itself is left out'
  )
  const scores = inside.kin.map(({ score }) => score)
  assert.deepEqual(
    scores,
    [...scores].sort((a, b) => b - a)
  )

  const outside = join(home, 'copy.jpg')
  copyFileSync(first, outside)
  const ofCopy = v.parse(Similar, await answerOf('similar', outside, '--top', '5'))
  assert.equal(ofCopy.kin[0]?.path, first, 'a copy of a photo finds that photo first')
  assert.ok((ofCopy.kin[0]?.score ?? 0) > 0.99)

  const byId = v.parse(Similar, await answerOf('similar', '100', '--top', '3'))
  assert.equal(byId.query, 100)
  assert.equal(byId.kin.length, 3)
})

test('evaluate ranks by everything that is kept, from features to codes', async () => {
  const answer = v.parse(Evaluated, await answerOf('evaluate', '--labels', 'folder', '--top', '10'))
  assert.equal(answer.photos, GOOD)
  assert.equal(answer.labels, new Set(paths.map((path) => dirname(path))).size)
  assert.deepEqual(
    answer.rows.map(({ of, bytesPerPhoto }) => [of, bytesPerPhoto]),
    [
      ['features', 2560],
      ['projected', 512],
      ['descriptors', 256],
      ['codes', 8],
      ['reranked', 776]
    ]
  )
  for (const { mAP } of answer.rows) assert.ok(mAP > 0.1 && mAP <= 1)
})

test('a second run finds nothing to do, and tells people in words', async () => {
  const ran = await kindred('index', folder, '--library', library)
  assert.equal(ran.code, 0, ran.stderr)
  assert.match(ran.stdout, /270 of 272 photos are indexed, 2 failed/)
  assert.match(ran.stdout, /This run: 0 photos/)
})

test('faults and wrong usage end with their own codes, and nothing on stdout', async () => {
  const empty = join(home, 'empty')
  openCatalogue(empty).close() // a library without photos
  const cases: [expected: number, args: string[], says: RegExp][] = [
    [1, ['index', join(home, 'nowhere'), '--library', library], /nowhere.*expected/s],
    [1, ['similar', '999999', '--library', library, '--json'], /999999/],
    [1, ['similar', join(home, 'none.jpg'), '--library', library], /none\.jpg/],
    [1, ['similar', join(folder, 'broken.jpg'), '--library', library], /broken\.jpg/],
    [1, ['similar', '1', '--top', 'many', '--library', library], /--top.*whole number/],
    [1, ['evaluate', '--library', empty], /indexed photos.*index a folder/],
    [1, ['status', '--library', join(home, 'typo')], /typo: .*Index a folder first/],
    [2, ['index', folder], /--library/],
    [2, ['evaluate', '--labels', 'colour', '--library', library], /folder/],
    [2, ['dance'], /dance/]
  ]
  for (const [code, args, says] of cases) {
    const ran = await kindred(...args)
    assert.equal(ran.code, code, `${args.join(' ')}: ${ran.stderr}`)
    assert.match(ran.stderr, says)
    assert.equal(ran.stdout, '')
  }
  assert.equal(existsSync(join(home, 'typo')), false, 'nothing is made by a mistyped name')
})

test('every command explains itself', async () => {
  const all = await kindred('--help')
  assert.match(all.stdout, /Exit codes/)
  for (const code of Object.values(EXIT)) assert.match(all.stdout, new RegExp(`\\b${code} [a-z]`))
  const commands = [...all.stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name)
  assert.ok(commands.length >= 5)
  for (const name of commands.filter((one) => one !== 'help')) {
    const help = await kindred(name, '--help')
    assert.equal(help.code, 0)
    assert.match(help.stdout, new RegExp(`Usage: kindred ${name}[^]*Answers`))
    if (!WITHOUT_LIBRARY.includes(name)) assert.match(help.stdout, /--library/)
  }
})
