// Which files are companions of a photo: by name, in one directory.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { withoutCompanions } from '../../../../main/engine/folders/companions.ts'
import { list } from '../../../../main/engine/folders/walk.ts'
import { temporaryFolder } from '../../../support/library.ts'

test('a RAW and the film of a live photo belong to the photo of their name', () => {
  const cases: [names: string[], photos: string[]][] = [
    [['DSC1.ARW', 'DSC1.JPG'], ['DSC1.JPG']],
    [['dsc1.nef', 'DSC1.HEIF'], ['DSC1.HEIF']],
    [['IMG_1.HEIC', 'IMG_1.MOV'], ['IMG_1.HEIC']],
    [['DSC1.ARW'], ['DSC1.ARW']],
    [['IMG_1.MOV'], ['IMG_1.MOV']],
    [['DSC1.ARW', 'DSC2.JPG'], ['DSC1.ARW', 'DSC2.JPG']],
    [['a.png', 'a.jpg', 'a.tif'], ['a.png', 'a.jpg', 'a.tif']],
    [['a.dng', 'a.png'], ['a.dng', 'a.png']],
    [['a.jpg.dng', 'a.jpg'], ['a.jpg.dng', 'a.jpg']]
  ]
  for (const [names, photos] of cases) assert.deepEqual(withoutCompanions(names), photos)
})

test('a companion is a photo as long as its photo is not there', async (context) => {
  const root = temporaryFolder(context)
  const names = async (): Promise<unknown> =>
    (await list(root, ''))?.files.map(({ name }) => name).sort()
  writeFileSync(join(root, 'a.arw'), 'raw')
  assert.deepEqual(await names(), ['a.arw'])
  writeFileSync(join(root, 'a.jpg'), 'jpeg')
  assert.deepEqual(await names(), ['a.jpg'])
})
