// The decoder window in real Electron against the decoder of plain Node.
import test from 'node:test'
import { decoderOnPage, testDecoder } from '../support/decoder-tests.ts'
import {
  decoderOf,
  keepActing,
  openApp,
  temporaryFolder,
  untilIndexed
} from '../support/electron.ts'
import { checkLargePictures, largePictureFiles } from '../support/large-picture.ts'
import { makePhotos } from '../support/photos.ts'

test('the large picture shows what the decoder makes of a file', async (t) => {
  const { folder, cases } = await largePictureFiles(t)
  const { page, screenshot } = await openApp(t, { folders: [folder] })
  await untilIndexed(page)
  await checkLargePictures(page, cases, screenshot)
})

test('the decoder window', async (t) => {
  const folder = temporaryFolder(t, 'photo')
  await makePhotos(folder, 1) // for there to be a decoder
  const opened = await openApp(t, { folders: [folder] })
  const page = await decoderOf(opened.app)
  await untilIndexed(opened.page)
  // Taken over by the test, it no longer works for compute, which would end for want of work, and
  // the decoder with it, if nobody acted.
  const endActing = keepActing(opened.page)
  try {
    await testDecoder(t, await decoderOnPage(page))
  } finally {
    await endActing()
  }
})
