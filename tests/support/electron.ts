// Opens the built app in real Electron for a test, with a library of its own, and closes it
// afterwards. Needs a display (npm test makes one), out/ built, and ELECTRON_OVERRIDE_DIST_PATH.
import { copyFileSync, cpSync, mkdtempSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { atEnd } from './endings.ts'
import type { Ending } from './endings.ts'
import { connectCatalogue } from '../../main/catalogue/catalogue.ts'
import { systemCodeOf } from '../../main/wire/system-fault.ts'

// The app starts as it does with people.
delete process.env.NODE_COMPILE_CACHE

/** The repository's root folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Where screenshots are kept to be looked at; not under version control. */
export const ARTEFACTS = join(ROOT, 'artefacts')

export type ProcessName = 'engine' | 'compute' | 'decoder' | 'page'

export interface OpenOptions {
  /** A packaged app; out/ in the test's runtime if not given. */
  executable?: string
  /** The folder of the app, where it is not this repository. */
  root?: string
  /** Folders to be added, as on the command line. */
  folders?: readonly string[]
  /** A folder for settings and library; a new temporary one if not given. */
  home?: string
  /** More switches for Chromium. */
  switches?: readonly string[]
  /** More of the environment. */
  env?: Readonly<Record<string, string>>
}

export interface OpenedApp {
  app: ElectronApplication
  page: Page
  /** Settings and library lie below it. */
  home: string
  /** The process id of each that is running now. */
  pids(): Promise<Partial<Record<ProcessName, number>>>
  /** SIGKILLs one if it runs; returns whether it did. */
  kill(name: ProcessName): Promise<boolean>
  /** Keeps a picture of the window as artefacts/<name>.png and returns its path. */
  screenshot(name: string): Promise<string>
  close(): Promise<void>
}

/** The loader of TypeScript marks inner functions with it; code that is sent elsewhere lacks it. */
export const HELPER = 'globalThis.__name = (inner) => inner'

/** A temporary folder that is removed at the test's end. */
export function temporaryFolder(t: Ending, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `kindred-${name}-`))
  // Chromium's helpers may write there for a moment after the app has ended.
  atEnd(t, () => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }))
  return folder
}

/** The root of a copy of the built app, to be damaged. */
export function copyOfApp(t: Ending): string {
  const root = temporaryFolder(t, 'app')
  copyFileSync(join(ROOT, 'package.json'), join(root, 'package.json'))
  cpSync(join(ROOT, 'out'), join(root, 'out'), { recursive: true })
  for (const name of ['node_modules', 'model']) symlinkSync(join(ROOT, name), join(root, name))
  return root
}

/** The executable of the runtime that the tests use. */
export function electronExecutable(): string {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (!folder) throw new Error('ELECTRON_OVERRIDE_DIST_PATH is not set: run this with `npm test`')
  return join(folder, 'electron')
}

/** Chromium refuses to run its sandbox as root; as any other user it stays on. */
export const NO_SANDBOX: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : []

async function pidsOf(app: ElectronApplication): Promise<Partial<Record<ProcessName, number>>> {
  return await app.evaluate(({ app: electron, BrowserWindow }) => {
    const found: Partial<Record<ProcessName, number>> = {}
    for (const metric of electron.getAppMetrics()) {
      if (metric.name === 'kindred engine') found.engine = metric.pid
      if (metric.name === 'kindred compute') found.compute = metric.pid
    }
    for (const window of BrowserWindow.getAllWindows()) {
      const contents = window.webContents
      if (contents.isCrashed() || contents.getOSProcessId() === 0) continue
      const isDecoder = contents.getURL().startsWith('app://decoder/')
      found[isDecoder ? 'decoder' : 'page'] = contents.getOSProcessId()
    }
    return found
  })
}

/** How long the indexing bar must be gone to count: between scanning and indexing it may blink. */
export const QUIET_MILLISECONDS = 1000

/** The library that each page shows. */
const libraries = new WeakMap<Page, string>()

/** Resolves when photos are shown, all that can be indexed are, and the page is at rest. */
export async function untilIndexed(page: Page): Promise<void> {
  const library = libraries.get(page)
  if (library === undefined) throw new Error('a page that openApp did not open')
  // On a slow machine indexing may begin later than the page was quiet: the catalogue knows.
  do await untilQuiet(page)
  while (hasWork(library))
}

/** Photos to be described, averaged or compared: the bar tells of the first alone. */
function hasWork(library: string): boolean {
  const catalogue = connectCatalogue(library, 'read')
  try {
    const { fingerprints, models, vectors, work } = catalogue
    const model = models.serving()
    const isAveraged = !model || vectors.unaveraged(model.id, 0, 1).length === 0
    return work.doable() > 0 || !isAveraged || fingerprints.anyWaiting()
  } finally {
    catalogue.close()
  }
}

async function untilQuiet(page: Page): Promise<void> {
  await page.evaluate(() => void delete (globalThis as { busyAt?: number }).busyAt)
  await page.waitForFunction(
    (quiet) => {
      const state = globalThis as { busyAt?: number }
      const bar = document.querySelector('[data-testid="indexing-bar"]')
      if (bar || !document.querySelector('[data-testid="tile"]')) state.busyAt = Date.now()
      return Date.now() - (state.busyAt ??= Date.now()) > quiet
    },
    QUIET_MILLISECONDS,
    { polling: 100 }
  )
}

/** The window that shows this, once it is there. */
async function windowAt(app: ElectronApplication, address: string): Promise<Page> {
  for (;;) {
    // Not the event of a window: it may come before the window's address is known, and once only.
    const page = app.windows().find((each) => each.url().startsWith(address))
    if (page) {
      await page.waitForLoadState('load')
      return page
    }
    const { exitCode, signalCode } = app.process()
    if (exitCode !== null || signalCode !== null)
      throw new Error(`the app ended (${exitCode ?? signalCode}) before it showed ${address}`)
    await sleep(20)
  }
}

/** The decoder's hidden window, which is there once a photo is to be decoded. */
export async function decoderOf(app: ElectronApplication): Promise<Page> {
  const page = await windowAt(app, 'app://decoder/')
  await page.evaluate(HELPER)
  return page
}

/** Between two acts of `keepActing`, ms: the decoder and compute rest after a minute. */
const ACTING_EVERY = 15_000

/**
 * Somebody acts in the app's page now and then, so that what rests for want of work stays up;
 * until the answer is called, which resolves when nothing is on its way.
 */
export function keepActing(page: Page): () => Promise<void> {
  let act = Promise.resolve()
  const acting = setInterval(() => (act = page.keyboard.press('Shift')), ACTING_EVERY)
  return async () => {
    clearInterval(acting)
    await act
  }
}

/** The window of the page: the decoder's hidden window is one too, and may come first. */
async function pageOf(app: ElectronApplication): Promise<Page> {
  return windowAt(app, 'app://kindred/')
}

/** Opens the app. It is closed, and a temporary home removed, at the test's end. */
export async function openApp(t: Ending, options: OpenOptions = {}): Promise<OpenedApp> {
  const home = options.home ?? temporaryFolder(t, 'home')
  const app = await _electron.launch({
    executablePath: options.executable ?? electronExecutable(),
    args: [
      ...(options.executable ? [] : [options.root ?? ROOT]),
      ...NO_SANDBOX,
      ...(options.switches ?? []),
      ...(options.folders ?? [])
    ],
    env: {
      ...process.env,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_CACHE_HOME: join(home, 'cache'),
      ...options.env
    },
    timeout: 0
  })
  app.context().setDefaultTimeout(0) // no test depends on how fast the machine is
  let closed = false
  async function close(): Promise<void> {
    if (closed) return
    closed = true
    await app.close()
  }
  atEnd(t, close)
  const page = await pageOf(app)
  libraries.set(page, join(home, 'config/Kindred/library'))
  await app.evaluate(HELPER)
  await page.evaluate(HELPER)
  await page.addInitScript(HELPER)

  return {
    app,
    page,
    home,
    pids: () => pidsOf(app),
    async kill(name) {
      const pid = (await pidsOf(app))[name]
      return pid !== undefined && killed(pid)
    },
    async screenshot(name) {
      mkdirSync(ARTEFACTS, { recursive: true })
      const path = join(ARTEFACTS, `${name}.png`)
      await page.screenshot({ path })
      return path
    },
    close
  }
}

/** SIGKILLs a process; false for one that ended since its number was read. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (systemCodeOf(error) === 'ESRCH') return false
    throw error
  }
}
