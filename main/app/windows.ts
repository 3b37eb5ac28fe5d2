// The two windows: the page that a person sees, and the hidden one that decodes photos. Runs in
// app. Both are untrusted: no Node, isolated, sandboxed, one preload; what they load is fixed here.
import { join } from 'node:path'
import { BrowserWindow, app, nativeTheme, screen, type WebPreferences } from 'electron'
import { DECODER_ADDRESS, PAGE_ADDRESS } from './addresses.ts'
import { tell } from './logs.ts'
import { onScreen, readBounds, writeBounds } from './window-bounds.ts'

/** The decoder's session, apart from the page's: it has no photo:// at all. */
export const DECODER_PARTITION = 'decoder'

const BACKGROUND = { dark: '#161616', light: '#fafafa' }

function safePreferences(): WebPreferences {
  return {
    preload: join(__dirname, '../bridge/bridge.js'),
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false, // it would fetch its dictionaries
    devTools: !app.isPackaged
  }
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light
}

/**
 * Loads the window's own page, and again if it ends up elsewhere (about:blank cannot be prevented).
 * A page cannot keep its window open.
 */
function holdAt(window: BrowserWindow, address: string): void {
  function load(): void {
    window.loadURL(address).catch((error: unknown) => {
      if (!window.isDestroyed()) tell('a window is not loaded', error)
    })
  }
  window.webContents.on('did-navigate', (_event, reached) => {
    if (reached !== address) load()
  })
  window.webContents.on('will-prevent-unload', (event) => event.preventDefault())
  load()
}

/**
 * Opens the page's window, where it was last, in the colour of the theme until the page has drawn.
 */
export function openPageWindow(): BrowserWindow {
  const file = join(app.getPath('userData'), 'window.json')
  const screens = screen.getAllDisplays().map((display) => display.workArea)
  const window = new BrowserWindow({
    ...onScreen(readBounds(file), screens),
    minWidth: 480,
    minHeight: 360,
    title: 'Kindred',
    backgroundColor: background(),
    show: false,
    webPreferences: safePreferences()
  })
  const follow = (): void => window.setBackgroundColor(background())
  nativeTheme.on('updated', follow)
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    try {
      writeBounds(file, window.getNormalBounds())
    } catch (error) {
      tell('the place of the window is not remembered', error)
    }
  })
  window.on('closed', () => nativeTheme.off('updated', follow))
  holdAt(window, PAGE_ADDRESS)
  return window
}

/** Opens the hidden decoder window. */
export function openDecoderWindow(): BrowserWindow {
  const window = new BrowserWindow({
    show: false,
    title: 'Kindred decoder',
    webPreferences: {
      ...safePreferences(),
      partition: DECODER_PARTITION,
      backgroundThrottling: false // hidden, and at work
    }
  })
  holdAt(window, DECODER_ADDRESS)
  return window
}
