// The decoder's page in the Chromium that people get, against the decoder of plain Node.
import test from 'node:test'
import { openChromium, openDecoderPage } from '../support/chromium.ts'
import { decoderOnPage, testDecoder } from '../support/decoder-tests.ts'

test('the decoder page', async (t) => {
  const page = await openDecoderPage(await openChromium(t))
  await testDecoder(t, await decoderOnPage(page))
})
