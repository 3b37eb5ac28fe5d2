// The decoder's page in the Chromium that people get, against the decoder of plain Node.
import test from 'node:test'
import { openChromium, openDecoderPage, openPage } from '../support/chromium.ts'
import { decoderOnPage, testDecoder } from '../support/decoder-tests.ts'
import { checkLargeView, largeViewFiles } from '../support/large-view.ts'

test('the large view shows what the decoder makes of a file', async (t) => {
  const { folder, cases } = await largeViewFiles(t)
  const { page, engine, screenshot } = await openPage(t)
  await engine.addFolder(folder)
  await engine.idle()
  await checkLargeView(page, cases, screenshot)
})

test('the decoder page', async (t) => {
  const page = await openDecoderPage(await openChromium(t))
  await testDecoder(t, await decoderOnPage(page))
})
