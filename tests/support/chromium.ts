// Opens the built pages in the system's Chromium, which is newer than that of the test runtime: the
// branch of the Electron that people get. The test takes the place of app and preload: it serves
// the pages and their policies as app does, pictures too, and hands the page a port to an engine
// that it holds itself. Needs out/ built; no display.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page, type Route } from 'playwright-core'
import { DECODER_ADDRESS, PAGE_ADDRESS } from '../../main/app/addresses.ts'
import { createControl } from '../../main/app/control.ts'
import { pageResponse } from '../../main/app/page-files.ts'
import { pictureResponse, picturesOf } from '../../main/app/photo-files.ts'
import type { Engine } from '../../main/engine/api.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { portPair, type Port } from '../../main/wire/port.ts'
import { superviseCompute } from './compute.ts'
import { ARTEFACTS, HELPER, NO_SANDBOX, ROOT, temporaryFolder } from './electron.ts'
import type { Ending } from './endings.ts'

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

async function fulfil(route: Route, response: Response): Promise<void> {
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer())
  })
}

/** Starts Chromium, which is closed at the test's end. It serves the pages and nothing else. */
export async function openChromium(t: Ending): Promise<BrowserContext> {
  const browser = await chromium.launch({
    executablePath: chromiumExecutable(),
    timeout: 0,
    args: [...NO_SANDBOX, '--host-resolver-rules=MAP * ~NOTFOUND']
  })
  t.after(() => browser.close())
  const context = await browser.newContext()
  context.setDefaultTimeout(0) // no test depends on how fast the machine is
  await context.addInitScript(HELPER)
  await context.route('**/*', async (route) => {
    const { hostname, pathname } = new URL(route.request().url())
    const address = `app://${hostname.replace(/\.test$/, '')}${pathname}`
    await fulfil(route, await pageResponse(PAGES, new Request(address)))
  })
  return context
}

/** Opens the decoder's page. */
export async function openDecoderPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(outsideAddress(DECODER_ADDRESS))
  return page
}

// In the page, where `handPort` puts them: the test's end of the line, and what it hears on it.
declare const line: MessagePort
declare const hear: (message: unknown) => Promise<void>

/** Hands the page a port to the engine, as app does through the preload; the other end of it. */
async function handPort(page: Page): Promise<Port> {
  let listener: (message: unknown) => void = () => undefined
  await page.exposeFunction('hear', (message: unknown) => listener(message))
  await page.evaluate(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => void hear(data)
    Object.assign(globalThis, { line: port1 })
    window.postMessage({ type: 'port', peer: 'engine' }, location.origin, [port2])
  })
  return {
    // A page that is closed hears nothing any more.
    post: (message) =>
      void page.evaluate((data) => line.postMessage(data), message).catch(() => undefined),
    onMessage: (heard) => (listener = heard),
    onClose: (closed) => void page.once('close', closed),
    close: () => undefined
  }
}

export interface ChromiumPage {
  page: Page
  engine: Engine
  /** The folder of the engine's library. */
  library: string
  /** Keeps a picture of the page as artefacts/chromium-<name>.png and returns its path. */
  screenshot(name: string): Promise<string>
}

/** Opens the page on an engine and a compute of its own, which end with the test. */
export async function openPage(t: Ending): Promise<ChromiumPage> {
  const context = await openChromium(t)
  const library = temporaryFolder(t, 'library')
  const engine = await createEngine({ library, watch: false })
  const compute = await superviseCompute((port) => engine.attachCompute(port))
  t.after(async () => {
    await engine.close()
    await compute.stop()
  })
  const control = createControl()
  const [ours, its] = portPair()
  engine.serveControl(its)
  control.handOver(ours)
  const pictures = picturesOf(library, control)
  await context.route(/^photo:/, async (route) => {
    await fulfil(route, await pictureResponse(new Request(route.request().url()), pictures))
  })
  const page = await context.newPage()
  await page.goto(outsideAddress(PAGE_ADDRESS))
  engine.servePage(await handPort(page))
  return {
    page,
    engine,
    library,
    async screenshot(name) {
      const path = join(ARTEFACTS, `chromium-${name}.png`)
      await page.screenshot({ path })
      return path
    }
  }
}
