// `kindred duplicates` in processes of its own, over real files: the three kinds, what is kept of
// each group and why, as JSON and for people.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import sharp from 'sharp'
import * as v from 'valibot'
import { openCatalogue } from '../../../main/catalogue/catalogue.ts'
import { withExif } from '../../support/exif.ts'
import { kindred } from '../../support/kindred.ts'
import { makePhotos } from '../../support/photos.ts'
import { VARIANTS, plainPicture } from '../../support/variants.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Kind = v.strictObject({
  bytes: count,
  groups: v.array(
    v.strictObject({
      bytes: count,
      reason: v.string(),
      photos: v.array(
        v.strictObject({ path: v.string(), bytes: count, width: count, height: count })
      )
    })
  )
})
const Duplicates = v.strictObject({
  identical: v.optional(Kind),
  same: v.optional(Kind),
  bursts: v.optional(Kind),
  waiting: count,
  decided: count,
  protected: count,
  away: count
})

const home = mkdtempSync(join(tmpdir(), 'kindred-cli-duplicates-'))
const [folder, library] = [join(home, 'photos'), join(home, 'library')]
const [album, backup] = [join(folder, 'album'), join(folder, 'backup')]

before(async () => {
  const [first = '', second = ''] = await makePhotos(join(home, 'drawn'), 3, { seed: 6, size: 320 })
  for (const each of [album, backup]) mkdirSync(each, { recursive: true })
  copyFileSync(first, join(album, 'a.jpg'))
  copyFileSync(first, join(backup, 'a.jpg'))
  utimesSync(join(backup, 'a.jpg'), 1e9, 1e9) // the older file
  const { picture, size } = await plainPicture(first)
  for (const name of ['resized', 'saved'])
    writeFileSync(join(album, `${name}.jpg`), await VARIANTS[name]!(picture, size))
  for (const [name, blur, moment] of [['shot', 4, '09'], ['sharper shot', 0, '11']] as const) {
    const shot = sharp(second)
    const jpeg = await (blur > 0 ? shot.blur(blur) : shot).jpeg({ quality: 90 }).toBuffer()
    const { width, height } = await sharp(jpeg).metadata()
    const taken = `2024:05:06 07:08:${moment}`
    writeFileSync(join(album, `${name}.jpg`), withExif(jpeg, { width, height, taken }))
  }
  const ran = await kindred('index', folder, '--library', library)
  assert.equal(ran.code, 0, ran.stderr)
})
after(() => rmSync(home, { recursive: true, force: true }))

async function duplicates(...args: string[]): Promise<v.InferOutput<typeof Duplicates>> {
  const ran = await kindred('duplicates', '--library', library, '--json', ...args)
  assert.equal(ran.code, 0, ran.stderr)
  return v.parse(Duplicates, JSON.parse(ran.stdout))
}

/** Paths and reasons of groups. */
function told(kind: v.InferOutput<typeof Kind> | undefined): [string, string[]][] | undefined {
  return kind?.groups.map(({ reason, photos }) => [reason, photos.map(({ path }) => path)])
}

test('equal files, versions of a picture and shots of a moment are told apart', async () => {
  const { identical, same, bursts, waiting } = await duplicates()
  assert.equal(waiting, 0)
  const [older, newer] = [join(backup, 'a.jpg'), join(album, 'a.jpg')]
  assert.deepEqual(told(identical), [['first', [older, newer]]])
  const { size } = statSync(newer)
  assert.deepEqual([identical?.bytes, identical?.groups[0]?.bytes], [size, size])
  const [group, ...others] = told(same) ?? []
  assert.deepEqual(others, [])
  assert.equal(group?.[1][0], older, 'a copy that is not to be kept is not told again')
  const versions = ['resized', 'saved'].map((name) => join(album, `${name}.jpg`))
  assert.deepEqual(group?.[1].slice(1).sort(), versions)
  const shots = ['sharper shot', 'shot'].map((name) => join(album, `${name}.jpg`))
  assert.deepEqual(told(bursts), [['sharp', shots]])
  assert.deepEqual(readFileSync(newer), readFileSync(older), 'nothing is touched')
})

test('a preferred folder, a part of the library, one kind', async () => {
  const preferring = await duplicates('--prefer', album, '--kind', 'identical')
  const paths = [album, backup].map((each) => join(each, 'a.jpg'))
  assert.deepEqual(told(preferring.identical), [['folder', paths]])
  assert.deepEqual([preferring.same, preferring.bursts], [undefined, undefined])
  const within = await duplicates('--within', album)
  assert.deepEqual(within.identical, { bytes: 0, groups: [] })
  assert.equal(within.same?.groups[0]?.photos.length, 3)
})

test('a folder may be named by a link; one outside the library is told', async () => {
  const link = join(home, 'link')
  symlinkSync(album, link)
  const preferring = await duplicates('--prefer', link, '--kind', 'identical')
  assert.equal(preferring.identical?.groups[0]?.reason, 'folder')
  const within = await duplicates('--within', link, '--kind', 'same')
  assert.equal(within.same?.groups[0]?.photos.length, 3)
  for (const option of ['--within', '--prefer']) {
    const outside = join(home, 'photo')
    const wrong = await kindred('duplicates', '--library', library, option, outside)
    assert.equal(wrong.code, 1)
    assert.match(wrong.stderr, /a folder of the library, or one inside it/)
    assert.ok(wrong.stderr.includes(outside), wrong.stderr)
  }
})

test('what was decided in the app holds here: no duplicates, and protected folders', async () => {
  const catalogue = openCatalogue(library)
  const [root] = catalogue.folders.list()
  assert.ok(root)
  const idOf = (directory: string, name: string): number =>
    catalogue.photos.atPath(root.id, directory, name) ?? assert.fail(name)
  const shots = ['shot.jpg', 'sharper shot.jpg'].map((name) => idOf('album', name))
  const decision = catalogue.duplicateDecisions.add(shots, Date.now())
  const album = { folder: root.id, directory: 'album', isProtected: true }
  catalogue.duplicateDecisions.setPlaces([album])
  catalogue.close()

  const { identical, same, bursts, ...left } = await duplicates()
  assert.deepEqual(told(identical), [
    ['protected', [join(folder, 'album', 'a.jpg'), join(folder, 'backup', 'a.jpg')]]
  ])
  assert.deepEqual([told(same), told(bursts)], [[], []])
  assert.deepEqual(left, { waiting: 0, decided: 1, protected: 2, away: 0 })
  const ran = await kindred('duplicates', '--library', library)
  assert.match(ran.stdout, /Left out: 1 group marked as no duplicates\.\n/)
  assert.match(ran.stdout, /Left out: 2 photos in protected folders\.\n/)

  const again = openCatalogue(library)
  again.duplicateDecisions.forget(decision)
  again.duplicateDecisions.setPlaces([])
  again.close()
  assert.equal((await duplicates()).bursts?.groups.length, 1)
})

test('for people; a kind that there is not is named', async () => {
  const ran = await kindred('duplicates', '--library', library)
  assert.equal(ran.code, 0)
  assert.match(ran.stdout, /^Equal files: 1 group, 0\.\d MB besides those to keep\.\n {2}keep \S+/)
  assert.match(ran.stdout, /\(sharper\)/)
  const wrong = await kindred('duplicates', '--library', library, '--kind', 'similar')
  assert.equal(wrong.code, 1)
  assert.match(wrong.stderr, /--kind/)
})
