// The decoder's page in the Chromium that people get, against the decoder of plain Node.
import test from 'node:test'
import { openChromium, openDecoderPage, openPage } from '../support/chromium.ts'
import { decoderOnPage, testDecoder } from '../support/decoder-tests.ts'
import { checkLargePictures, largePictureFiles } from '../support/large-picture.ts'

test('the large picture shows what the decoder makes of a file', async (t) => {
  const { folder, cases } = await largePictureFiles(t)
  const { page, engine, screenshot } = await openPage(t)
  await engine.addFolder(folder)
  await engine.idle()
  await checkLargePictures(page, cases, screenshot)
})

test('the decoder page', async (t) => {
  const page = await openDecoderPage(await openChromium(t))
  await testDecoder(t, await decoderOnPage(page))
})
