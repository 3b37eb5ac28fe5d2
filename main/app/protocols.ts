// The two schemes of our own: app:// for the pages, photo:// for pictures. Runs in app.
// Nothing is served from the file scheme.
import { join } from 'node:path'
import { protocol, session } from 'electron'
import { PAGE_SCHEME, PHOTO_SCHEME } from './addresses.ts'
import type { Control } from './control.ts'
import { pageResponse } from './page-files.ts'
import { pictureResponse, picturesOf } from './photo-files.ts'
import { protectSession } from './security.ts'
import { DECODER_PARTITION } from './windows.ts'

/** Makes the schemes known as safe origins. Call before the app is ready. */
export function declareSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
    { scheme: PHOTO_SCHEME, privileges: { standard: true, secure: true, stream: true } }
  ])
}

/**
 * Answers both schemes in the page's session, and only app:// in the decoder's. Call when ready.
 * @param library its folder.
 */
export function serveSchemes(engine: Pick<Control, 'call'>, library: string): void {
  const pages = join(__dirname, '../pages')
  const page = session.defaultSession
  const decoder = session.fromPartition(DECODER_PARTITION)
  for (const each of [page, decoder]) {
    protectSession(each)
    each.protocol.handle(PAGE_SCHEME, (request) => pageResponse(pages, request))
  }
  const pictures = picturesOf(library, engine)
  page.protocol.handle(PHOTO_SCHEME, (request) => pictureResponse(request, pictures))
}
