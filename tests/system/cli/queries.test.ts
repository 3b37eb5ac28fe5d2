// `similar` with several photos, within filters, of a part.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import test, { after, before } from 'node:test'
import * as v from 'valibot'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { EXIT } from '../../../main/cli/output.ts'
import { Nearness } from '../../../main/wire/nearness.ts'
import { kindred } from '../../support/kindred.ts'
import { makePhotos } from '../../support/photos.ts'

const Similar = v.strictObject({
  query: v.union([v.string(), v.number(), v.array(v.union([v.string(), v.number()]))]),
  copies: v.array(v.string()),
  putAway: v.array(v.string()),
  kin: v.array(
    v.strictObject({
      path: v.string(),
      score: v.number(),
      likeness: v.number(),
      nearness: Nearness,
      copies: v.optional(v.array(v.string())),
      alike: v.optional(v.array(v.string()))
    })
  )
})
type Similar = v.InferOutput<typeof Similar>

const home = mkdtempSync(join(tmpdir(), 'kindred-cli-queries-'))
const folder = join(home, 'photos')
const library = join(home, 'library')
const GOOD = 24 // too few for a model: kin are by features
let paths: string[] = []

before(async () => {
  paths = await makePhotos(folder, GOOD, { seed: 9, size: 96 })
  mkdirSync(join(folder, 'copies'))
  for (const place of [0, 1, 2]) {
    const copy = join(folder, 'copies', basename(paths[place]!))
    copyFileSync(paths[place]!, copy)
    // The date of a file without one of its own, at noon wherever the test runs.
    utimesSync(copy, new Date(Date.UTC(2011, 4, 1, 12)), new Date(Date.UTC(2011, 4, 1, 12)))
  }
  const ran = await kindred('index', folder, '--library', library)
  assert.equal(ran.code, 0, ran.stderr)
})
after(() => rmSync(home, { recursive: true, force: true }))

async function similar(...args: string[]): Promise<Similar> {
  const ran = await kindred('similar', ...args, '--library', library, '--json')
  assert.equal(ran.code, 0, ran.stderr)
  return v.parse(Similar, JSON.parse(ran.stdout))
}

function pathsOf({ kin }: Similar): string[] {
  return kin.map(({ path }) => path)
}

test('several photos, and what they should not be like', async () => {
  const [first = '', second = ''] = paths
  const both = await similar(first, second, '--top', '4')
  assert.deepEqual(both.query, [first, second])
  const copies = [first, second].map((path) => join(folder, 'copies', basename(path)))
  assert.deepEqual(both.copies.sort(), [...copies].sort())
  const without = await similar(first, '--unlike', second, '--top', '100')
  assert.deepEqual(without.copies.sort(), [...copies].sort())
  for (const path of [second, ...copies])
    assert.ok(!without.kin.some((kin) => kin.path === path), 'copies of what was asked with')
  const plain = await similar(first, '--top', '100')
  assert.notDeepEqual(pathsOf(without), pathsOf(plain).filter((path) => path !== second))
})

test('a copy is no kin of its own, all its places are told', async () => {
  const [first = '', second = ''] = paths
  const { kin, copies } = await similar(first, '--top', '100')
  assert.deepEqual(copies, [join(folder, 'copies', basename(first))])
  const ofSecond = kin.filter(({ path }) => basename(path) === basename(second))
  assert.equal(ofSecond.length, 1)
  const [{ path, copies: others }] = ofSecond as [Similar['kin'][number]]
  assert.deepEqual(
    [path, ...(others ?? [])].sort(),
    [second, join(folder, 'copies', basename(second))].sort()
  )
  const ran = await kindred('similar', first, '--top', '100', '--library', library)
  assert.match(ran.stdout, /^The same file lies at:\n {2}\S+copies/)
  assert.match(ran.stdout, /the same file at \S+/)
})

test('within a folder, and within dates', async () => {
  const [first = ''] = paths
  const within = await similar(first, '--within', join(folder, 'copies'))
  assert.equal(within.kin.length, 2, 'the third is a copy of what was asked with')
  assert.ok(within.kin.every(({ path }) => path.startsWith(join(folder, 'copies'))))
  for (const dates of [
    ['--from', '2011-05-01', '--until', '2011-05-01'],
    ['--from', '2011', '--until', '2011-05'],
    ['--until', '2011']
  ])
    assert.deepEqual((await similar(first, ...dates)).kin, within.kin, dates.join(' '))
  assert.equal((await similar(first, '--until', '2011-04-30')).kin.length, 0)
  assert.equal((await similar(first, '--favourites')).kin.length, 0)
})

test('a part of a photo is another question, its strictness a number', async () => {
  const [first = ''] = paths
  const whole = await similar(first, '--crop', '0,0,1,1', '--strictness', '1')
  const part = await similar(first, '--crop', '0.5,0.5,0.5,0.5')
  assert.notDeepEqual(part.kin, whole.kin)
})

test('a photo that is not like another is no kin of it, nor the other way round', async () => {
  const [first = '', second = ''] = paths
  const { kin } = await similar(first, '--top', '100')
  const far = kin.at(-1)?.path ?? ''
  const told = await kindred('not-like', first, far, '--library', library, '--json')
  assert.deepEqual(JSON.parse(told.stdout), { photo: first, putAway: [far] }, told.stderr)
  const after = await similar(first, '--top', '100')
  const rest = kin.slice(0, -1).map(({ path }) => path)
  assert.deepEqual([after.putAway, pathsOf(after)], [[far], rest])
  const back = await similar(far, second, '--top', '100')
  assert.deepEqual(back.putAway.sort(), [first, join(folder, 'copies', basename(first))].sort())
  assert.ok(!pathsOf(back).includes(first))
  const taken = await kindred('not-like', '--take-back', first, far, '--library', library)
  assert.equal(taken.stdout, 'No photo is put away from it.\n')
  const unknown = await kindred('not-like', first, home, '--library', library)
  assert.deepEqual([unknown.code, unknown.stdout], [1, ''])
})

test('options that mean nothing are named', async () => {
  const [first = ''] = paths
  for (const [option, value] of [
    ['--from', 'May'],
    ['--until', '2011-13'],
    ['--crop', '0,0,1'],
    ['--crop', '0,0,0,1'],
    ['--strictness', '2'],
    ['--within', home]
  ] as const) {
    const ran = await kindred('similar', first, option, value, '--library', library)
    assert.deepEqual([ran.code, ran.stdout], [1, ''])
    assert.match(ran.stderr, new RegExp(option === '--within' ? home : option))
  }
})

test('albums are listed, opened anew, removed and taken back', async () => {
  const catalogue = openCatalogue(library)
  const asked = catalogue.files.inDirectory(1, '').find(({ name }) => name === basename(paths[0]!))
  const bytes = new Uint8Array(readFileSync(paths[1]!))
  const of = (id: number) => ({ of: { kind: 'photo', id, crop: null }, weight: 1 }) as const
  const outside = { of: { kind: 'picture', name: 'x.jpg', bytes, crop: null }, weight: 1 } as const
  const albums = [
    { name: 'Alike', filter: {}, parts: [of(asked?.id ?? 0)] },
    { name: 'Outside', filter: {}, parts: [outside] },
    { name: 'Large', filter: { megapixels: 1 }, parts: [] }
  ]
  for (const album of albums) catalogue.albums.keep(album, 1)
  catalogue.close()
  const run = (...args: string[]) => kindred('albums', ...args, '--library', library)
  const listed = JSON.parse((await run('--json')).stdout)
  assert.deepEqual(listed.albums, [
    { id: 1, name: 'Alike', filter: {}, like: 1, unlike: 0 },
    { id: 3, name: 'Large', filter: { megapixels: 1 }, like: 0, unlike: 0 },
    { id: 2, name: 'Outside', filter: {}, like: 1, unlike: 0 }
  ])
  const none = JSON.parse((await run('Large', '--json')).stdout)
  assert.deepEqual(none, { album: { id: 3, name: 'Large' }, missing: [], photos: [] })
  const same = JSON.parse((await run('2', '--json', '--top', '1')).stdout)
  assert.equal(basename(same.kin[0].path), basename(paths[1]!))
  const before = JSON.parse((await run('Alike', '--json')).stdout)
  assert.deepEqual(before.missing, [])
  assert.ok(before.kin.length > 10)

  // New photos join; of the one asked with, no file is left but one elsewhere.
  const made = await makePhotos(join(folder, 'new'), 3, { seed: 77, size: 96 })
  rmSync(paths[0]!)
  const indexed = await kindred('index', folder, '--library', library)
  assert.equal(indexed.code, 0, indexed.stderr)
  const after = JSON.parse((await run('Alike', '--json')).stdout)
  const found = new Set(after.kin.map(({ path }: { path: string }) => path))
  assert.ok(made.every((path) => found.has(path)), 'new ones are among its photos')
  assert.deepEqual(after.missing, [])
  rmSync(join(folder, 'copies', basename(paths[0]!)))
  await kindred('index', folder, '--library', library)
  const lost = await run('Alike')
  assert.deepEqual([lost.code, lost.stdout], [EXIT.fault, ''])
  assert.match(lost.stderr, /one of these in the library \(put one back, or remove the album\)/)

  assert.match((await run('Alike', '--remove')).stdout, /^Removed “Alike”; --take-back puts it back/)
  assert.equal((await run('Alike', '--take-back')).stdout, '“Alike” is back.\n')
})
