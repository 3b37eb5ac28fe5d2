// Settings say in which numbers photos are described. Where this processor would be faster in 8
// bits, a library in float is described anew once its owner agrees.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { openCatalogue } from '../../main/catalogue/catalogue.ts'
import { Backbones } from '../../main/compute/backbones.ts'
import { EIGHT_BIT, FLOAT, SHIPPED } from '../support/backbone-folders.ts'
import { openApp, temporaryFolder, untilIndexed } from '../support/electron.ts'
import { assertAccessible, looks, sized } from '../support/looks.ts'
import { makePhotos } from '../support/photos.ts'

const ENOUGH = 260

test('a library in float is described anew once its owner agrees', async (t) => {
  const backbones = await Backbones.open(SHIPPED, () => undefined)
  const isFaster = backbones.preferred.card.sha256 === EIGHT_BIT.sha256
  await backbones.dispose()
  const home = temporaryFolder(t, 'home')
  const folder = temporaryFolder(t, 'photos')
  await makePhotos(folder, ENOUGH, { seed: 81, size: 120 })
  const library = join(home, 'config/Kindred/library')
  mkdirSync(library, { recursive: true })
  const catalogue = openCatalogue(library)
  catalogue.settings.setBackbone(FLOAT.sha256)
  catalogue.settings.setLearningPaused(true)
  catalogue.close()

  const opened = await openApp(t, { folders: [folder], home })
  const { page, close } = opened
  await sized(page, 1280, 860)
  await untilIndexed(page)
  await page.getByTestId('nav-settings').click()
  const sentence = page.getByTestId('arithmetic')
  await sentence.getByText(/described with decimal numbers/).waitFor()
  await looks(opened, 'arithmetic')
  await assertAccessible(page)
  const button = page.getByTestId('describe-anew')
  assert.equal(await button.count(), isFaster ? 1 : 0)
  if (isFaster) {
    await button.click()
    await looks(opened, 'arithmetic-confirm')
    await page.getByTestId('confirm-yes').click()
    await sentence.getByText(/described with whole numbers/).waitFor()
    assert.equal(await button.count(), 0)
  }
  await close()
  const after = openCatalogue(library)
  t.after(() => after.close())
  const expected = isFaster ? EIGHT_BIT.sha256 : FLOAT.sha256
  assert.equal(after.models.serving()?.backbone, expected)
  assert.equal(after.settings.backbone(), expected)
})
