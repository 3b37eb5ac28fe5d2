// Which files are photos and which are companions of one: by name, in one directory, and by what
// could not be read.
import assert from 'node:assert/strict'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { originalStem, pairFiles } from '../../../../main/engine/folders/companions.ts'
import { list } from '../../../../main/engine/folders/walk.ts'
import type { KnownFiles } from '../../../../main/engine/folders/walk.ts'
import { temporaryFolder } from '../../../support/library.ts'

/** Files, of which those with a '!' are damaged, and the photos, each with its companions. */
const CASES: readonly (readonly [what: string, files: string, photos: Record<string, string>])[] = [
  ['RAW and JPEG', 'DSC1.ARW DSC1.JPG', { 'DSC1.JPG': 'DSC1.ARW' }],
  ['endings of any case', 'dsc1.nef DSC1.HEIF', { 'DSC1.HEIF': 'dsc1.nef' }],
  ['a live photo', 'IMG_1.HEIC IMG_1.MOV', { 'IMG_1.HEIC': 'IMG_1.MOV' }],
  ['all of a phone', 'a.MOV a.AAE a.DNG a.HEIC', { 'a.HEIC': 'a.DNG a.MOV a.AAE' }],
  ['a RAW alone', 'DSC1.ARW', { 'DSC1.ARW': '' }],
  ['a film alone', 'IMG_1.MOV', { 'IMG_1.MOV': '' }],
  ['other names', 'DSC1.ARW DSC2.JPG', { 'DSC1.ARW': '', 'DSC2.JPG': '' }],
  ['pictures that no camera writes beside', 'a.png a.jpg a.tif', { 'a.png': '', 'a.jpg': '', 'a.tif': '' }],
  ['a RAW beside such a one', 'a.dng a.png', { 'a.dng': '', 'a.png': '' }],
  ['endings within names', 'a.jpg.dng a.jpg', { 'a.jpg.dng': '', 'a.jpg': '' }],
  ['two JPEGs, one RAW', 'a.jpeg a.arw a.jpg', { 'a.jpeg': '', 'a.jpg': 'a.arw' }],
  ['a JPEG of a live photo', 'a.jpg a.heic a.mov a.dng', { 'a.jpg': 'a.dng', 'a.heic': 'a.mov' }],
  ['two RAWs', 'a.cr2 a.dng a.jpg', { 'a.jpg': 'a.cr2 a.dng' }],
  ['two pictures for two eyes', 'HNI_1.MPO HNI_1.JPG', { 'HNI_1.JPG': 'HNI_1.MPO' }],
  ['settings by both spellings', 'a.jpg a.xmp a.jpg.xmp', { 'a.jpg': 'a.jpg.xmp a.xmp' }],
  ['settings of a companion', 'a.arw a.jpg a.ARW.xmp', { 'a.jpg': 'a.arw a.ARW.xmp' }],
  ['settings of a RAW', 'a.arw a.xmp', { 'a.arw': 'a.xmp' }],
  ['settings of a picture', 'IMG_2.PNG IMG_2.AAE', { 'IMG_2.PNG': 'IMG_2.AAE' }],
  ["Apple's settings of the original", 'IMG_1.JPG IMG_O1.AAE', { 'IMG_1.JPG': 'IMG_O1.AAE' }],
  ['settings of nothing', 'b.jpg a.xmp IMG_3.AAE', { 'b.jpg': '' }],
  ['settings of a film', 'a.mov a.xmp', { 'a.mov': '' }],
  ['a damaged JPEG', '!a.jpg a.arw a.mov', { 'a.jpg': '', 'a.arw': 'a.jpg a.mov' }],
  ['both damaged', '!a.jpg !a.arw', { 'a.jpg': 'a.arw' }],
  ['one of two RAWs', '!a.jpg !a.arw a.dng', { 'a.jpg': '', 'a.dng': 'a.arw a.jpg' }],
  ['one of two JPEGs', '!a.jpg a.jpeg a.arw', { 'a.jpg': '', 'a.jpeg': 'a.arw' }],
  ['a damaged JPEG alone', '!a.jpg', { 'a.jpg': '' }],
  ['names without endings', 'a b a.arw', { a: '', b: '', 'a.arw': '' }]
]

for (const [what, files, expected] of CASES)
  test(`who belongs to whom: ${what}`, () => {
    const all = files.split(' ').map((name) => name.replace('!', ''))
    const isDamaged = (name: string): boolean => files.split(' ').includes(`!${name}`)
    const isSettings = (name: string): boolean => /\.(xmp|aae)$/i.test(name)
    const names = all.filter((name) => !isSettings(name))
    for (const order of [names, [...names].reverse()]) {
      const known = { isDamaged, isPhotoInstead: () => false, isEdit: () => false }
      const pairs = pairFiles(order, all.filter(isSettings), known)
      const told = [...pairs].map(([photo, { companions }]) => [photo, companions.join(' ')])
      assert.deepEqual(Object.fromEntries(told), expected)
      assert.deepEqual([...pairs.keys()], order.filter((name) => pairs.has(name)), 'in their order')
    }
  })

test('what was damaged is the photo again once it is another file', async (context) => {
  const root = temporaryFolder(context)
  const listed = async (known?: KnownFiles): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await list(root, '', undefined, known))?.files.map((file) => [
        file.name,
        `${String(file.isDamaged)} ${file.companions?.join()}`
      ]) ?? []
    )
  writeFileSync(join(root, 'a.arw'), 'raw')
  assert.deepEqual(await listed(), { 'a.arw': 'false ' })
  writeFileSync(join(root, 'a.jpg'), 'jpeg')
  assert.deepEqual(await listed(), { 'a.jpg': 'false a.arw' })
  const { size, mtimeMs: modifiedAt } = statSync(join(root, 'a.jpg'))
  const failures = new Map([['a.jpg', { size, modifiedAt }]])
  const known = { failures, edits: new Set<string>(), companions: new Set<string>() }
  assert.deepEqual(await listed(known), { 'a.arw': 'false a.jpg', 'a.jpg': 'true ' })
  writeFileSync(join(root, 'a.jpg'), 'another jpeg')
  assert.deepEqual(await listed(known), { 'a.jpg': 'false a.arw' })
})

test('names of edited versions say what they were made from', () => {
  const cases: [stem: string, original: string | undefined][] = [
    ['img_e1234', 'img_1234'],
    ['img_e12', undefined],
    ['dsc_e1234', undefined],
    ['img_1234-edited', 'img_1234'],
    ['img_1234_edited', 'img_1234'],
    ['img_1234 (edited)', 'img_1234'],
    ['img_1234-edited(1)', 'img_1234'],
    ['dsc01234-edit', 'dsc01234'],
    ['dsc01234-edit-2', 'dsc01234'],
    ['pxl_20210101_120000123~2', 'pxl_20210101_120000123'],
    ['img_1234-bearbeitet', 'img_1234'],
    ['img_1234-modifie\u0301', 'img_1234'], // as macOS writes accents
    ['img_1234-ha editado', 'img_1234'],
    ['img_1234-編集済み', 'img_1234'],
    ['unedited', undefined],
    ['credit', undefined],
    ['the edited', 'the'],
    ['edited', undefined],
    ['img_1234-1', undefined],
    ['img_1234', undefined]
  ]
  for (const [stem, original] of cases) assert.equal(originalStem(stem), original, stem)
})

/** Files, of which those with a '=' are known to be edits, and the photos: companions<original. */
const EDITS: readonly (readonly [what: string, files: string, photos: Record<string, string>])[] = [
  ['not known yet', 'IMG_1234.HEIC IMG_E1234.JPG', { 'IMG_1234.HEIC': '', 'IMG_E1234.JPG': '<IMG_1234.HEIC' }],
  ['an edit', 'IMG_1234.HEIC =IMG_E1234.JPG', { 'IMG_E1234.JPG': 'IMG_1234.HEIC<IMG_1234.HEIC' }],
  [
    'all of a phone',
    'IMG_1234.HEIC IMG_1234.MOV IMG_1234.AAE IMG_O1234.AAE =IMG_E1234.HEIC IMG_E1234.MOV',
    { 'IMG_E1234.HEIC': 'IMG_1234.HEIC IMG_1234.MOV IMG_E1234.MOV IMG_1234.AAE IMG_O1234.AAE<IMG_1234.HEIC' }
  ],
  ['an edit of a RAW', 'a.dng =a-edited.jpg', { 'a-edited.jpg': 'a.dng<a.dng' }],
  ['an edit of a screenshot', 'a.PNG =a~2.jpg', { 'a~2.jpg': 'a.PNG<a.PNG' }],
  ['without its original', '=a-edited.jpg', { 'a-edited.jpg': '' }],
  ['a damaged original', '!a.jpg =a-edited.jpg', { 'a.jpg': '', 'a-edited.jpg': '' }],
  ['a damaged edit', 'a.jpg !a-edited.jpg', { 'a.jpg': '', 'a-edited.jpg': '' }],
  ['a film', 'a.mov a-edited.mov', { 'a.mov': '', 'a-edited.mov': '' }],
  ['two edits', 'a.jpg =a-edit.jpg a-edit-2.jpg', { 'a-edit.jpg': 'a.jpg<a.jpg', 'a-edit-2.jpg': '' }],
  [
    'an edit of an edit',
    'a.jpg =a-edit.jpg =a-edit-edited.jpg',
    { 'a-edit-edited.jpg': 'a-edit.jpg a.jpg<a-edit.jpg' }
  ]
]

for (const [what, files, expected] of EDITS)
  test(`an edited version and its original: ${what}`, () => {
    const marked = files.split(' ')
    const all = marked.map((name) => name.replace(/[!=]/, ''))
    const known = {
      isDamaged: (name: string) => marked.includes(`!${name}`),
      isPhotoInstead: () => false,
      isEdit: (name: string) => marked.includes(`=${name}`)
    }
    const names = all.filter((name) => !name.endsWith('.AAE'))
    const settings = all.filter((name) => name.endsWith('.AAE'))
    for (const order of [names, [...names].reverse()]) {
      const pairs = [...pairFiles(order, settings, known)]
      const told = pairs.map(([photo, { companions, original }]) => [
        photo,
        companions.join(' ') + (original === undefined ? '' : `<${original}`)
      ])
      assert.deepEqual(Object.fromEntries(told), expected)
    }
  })
