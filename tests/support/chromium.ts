// Opens the built pages in the system's Chromium, which is newer than that of the test runtime: the
// branch of the Electron that people get. The pages and their policies are those that app serves;
// the test takes the place of app and preload. Needs out/ built; no display.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page, type Route } from 'playwright-core'
import { DECODER_ADDRESS } from '../../main/app/addresses.ts'
import { pageResponse } from '../../main/app/page-files.ts'
import { NO_SANDBOX, ROOT, type Ending } from './electron.ts'

const PAGES = join(ROOT, 'out/pages')

/** Where it lies. Debian's is a script that finds the rest itself. */
function chromiumExecutable(): string {
  return execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim()
}

/** Chromium knows no app:// scheme: the same pages at an https address, which is a safe origin. */
function outsideAddress(address: string): string {
  const { host, pathname } = new URL(address)
  return `https://${host}.test${pathname}`
}

/** Answers a request for a page as app does. Whatever else is asked for fails. */
async function answer(route: Route): Promise<void> {
  const { hostname, pathname } = new URL(route.request().url())
  const host = hostname.replace(/\.test$/, '')
  const response = await pageResponse(PAGES, new Request(`app://${host}${pathname}`))
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer())
  })
}

/** Starts Chromium, which is closed at the test's end. `host-resolver-rules` as in the app. */
export async function openChromium(t: Ending): Promise<BrowserContext> {
  const browser = await chromium.launch({
    executablePath: chromiumExecutable(),
    args: [...NO_SANDBOX, '--host-resolver-rules=MAP * ~NOTFOUND']
  })
  t.after(() => browser.close())
  const context = await browser.newContext()
  await context.route('**/*', answer)
  return context
}

/** Opens the decoder's page. */
export async function openDecoderPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(outsideAddress(DECODER_ADDRESS))
  return page
}
