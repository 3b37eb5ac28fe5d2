// Electron's main process: one instance, its windows, processes, schemes and menu. It stays idle:
// no photo, no search and no file but window.json and those of photo:// go through here.
import { join } from 'node:path'
import { app, dialog, type BrowserWindow } from 'electron'
import * as v from 'valibot'
import {
  CHOOSE_FOLDER_CHANNEL,
  DROPPED_FOLDER_CHANNEL,
  FULL_SCREEN_CHANNEL,
  LOCATE_FOLDER_CHANNEL,
  REST_CHANNEL,
  START_AGAIN_CHANNEL
} from '../wire/bridge-contract.ts'
import { FolderInfo } from '../wire/engine-records.ts'
import { faultWords } from '../wire/fault-words.ts'
import { KeptProcess, WINDOW_CHANNEL, type WindowMessage } from '../wire/process-messages.ts'
import { foldersOf } from './command-line.ts'
import { createControl } from './control.ts'
import { addDroppedFolder, addFolder, chooseFolder, locateFolder } from './add-folders.ts'
import { giveBackMemory } from './give-back.ts'
import { answerFileCommands } from './files/answer-files.ts'
import { keepLogs, showLogs } from './logs.ts'
import { setMenu } from './menu.ts'
import { answer } from './window-messages.ts'
import { becomeOnlyInstance } from './only-instance.ts'
import { isOnTestRuntime, refusedWithoutSandbox } from './package-state.ts'
import { startProcesses, type Processes } from './processes.ts'
import { declareSchemes, serveSchemes } from './protocols.ts'
import { protectAll } from './security.ts'
import { openPageWindow } from './windows.ts'

const engine = createControl()
let processes: Processes | undefined
let page: BrowserWindow | undefined
/** Nothing is opened any more, and what is open ends. */
let isClosing = false

/** Says in the window what it runs on, if that is not what people get. */
function tellRuntime({ webContents }: BrowserWindow): void {
  const message: WindowMessage = { type: 'test-runtime' }
  if (isOnTestRuntime())
    webContents.on('did-finish-load', () => webContents.send(WINDOW_CHANNEL, message))
}

/** Says whether the window fills the screen, whoever made it so: the menu, the page, the system. */
function tellFullScreen(window: BrowserWindow): void {
  const { webContents } = window
  function say(isOn: boolean): void {
    if (webContents.isDestroyed()) return // closed while it filled the screen
    webContents.send(WINDOW_CHANNEL, { type: 'full-screen', isOn } satisfies WindowMessage)
  }
  window.on('enter-full-screen', () => say(true))
  window.on('leave-full-screen', () => say(false))
  webContents.on('did-finish-load', () => say(window.isFullScreen()))
}

/** Opens the page's window, or brings it to the front. */
function showPage(): void {
  if (isClosing || !processes) return
  if (page && !page.isDestroyed()) {
    if (page.isMinimized()) page.restore()
    return page.focus()
  }
  page = openPageWindow()
  processes.attachPage(page)
  tellRuntime(page)
  tellFullScreen(page)
  if (process.platform === 'darwin') return // there an app stays without a window
  page.on('close', () => (isClosing = true))
  // Not when the last window is closed: the hidden one of the decoder is one too, while it is open.
  page.on('closed', () => app.quit())
}

async function addAll(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const result = await addFolder(engine, folder)
    if (result.outcome !== 'refused') continue
    const { what: message, remedy: detail } = faultWords(result.fault)
    void dialog.showMessageBox({ type: 'warning', title: 'Kindred', message, detail })
  }
}

/** Ends all processes in good order before the app itself ends. */
function closeBeforeQuit(running: Processes): void {
  let isClosed = false
  app.on('will-quit', (event) => {
    if (isClosed) return
    event.preventDefault()
    void running.close().then(() => {
      isClosed = true
      // In a turn of its own: with nothing left to close this comes inside the event that was
      // prevented, and a quit then is not heard.
      setImmediate(() => app.quit())
    })
  })
}

function open(): void {
  const library = join(app.getPath('userData'), 'library')
  serveSchemes(engine, library)
  answer(CHOOSE_FOLDER_CHANNEL, v.strictTuple([]), () => chooseFolder(engine))
  answer(LOCATE_FOLDER_CHANNEL, v.strictTuple([FolderInfo.entries.id]), (id) =>
    locateFolder(engine, id)
  )
  answer(DROPPED_FOLDER_CHANNEL, v.strictTuple([v.pipe(v.string(), v.minLength(1))]), (path) =>
    addDroppedFolder(engine, path)
  )
  answerFileCommands(engine, () => page)
  setMenu({ addFolder: () => void chooseFolder(engine), showLogs: () => void showLogs() })
  const running = startProcesses(library, engine)
  processes = running
  answer(START_AGAIN_CHANNEL, v.strictTuple([KeptProcess]), async (name) =>
    running.startAgain(name)
  )
  answer(FULL_SCREEN_CHANNEL, v.strictTuple([v.boolean()]), async (isOn) =>
    page?.setFullScreen(isOn)
  )
  answer(REST_CHANNEL, v.strictTuple([]), async () => {
    if (page && !page.isDestroyed()) await giveBackMemory(page.webContents)
  })
  closeBeforeQuit(running)
  showPage()
  app.on('window-all-closed', () => undefined) // or it ends the app by itself
  app.on('activate', showPage)
}

async function start(): Promise<void> {
  if (await refusedWithoutSandbox()) return app.quit()
  const folders = foldersOf(process.argv, app.isPackaged, process.cwd())
  const isOnly = await becomeOnlyInstance(folders, {
    isClosing: () => isClosing,
    onStart(others) {
      showPage()
      void addAll(others)
    }
  })
  if (!isOnly) return app.quit()
  keepLogs()
  await app.whenReady()
  open()
  await addAll(folders)
}

app.on('before-quit', () => (isClosing = true))
protectAll()
declareSchemes()
void start()
