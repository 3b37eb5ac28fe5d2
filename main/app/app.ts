// Electron's main process: one instance, its windows, processes, schemes and menu. It stays idle:
// no photo, no search and no file but window.json and those of photo:// go through here.
import { BrowserWindow, app, dialog } from 'electron'
import * as v from 'valibot'
import {
  CHOOSE_FOLDER_CHANNEL,
  DROPPED_FOLDER_CHANNEL,
  START_AGAIN_CHANNEL
} from '../wire/bridge-contract.ts'
import { Fault, type FaultRecord } from '../wire/fault.ts'
import { foldersOf } from './command-line.ts'
import { createControl, type Control } from './control.ts'
import { addDroppedFolder, addFolder, chooseFolder } from './add-folders.ts'
import { setMenu } from './menu.ts'
import { answer } from './messages.ts'
import { startProcesses, type Processes } from './processes.ts'
import { declareSchemes, serveSchemes } from './protocols.ts'
import { protectAll } from './security.ts'
import { openPageWindow } from './windows.ts'

const SecondInstance = v.object({ folders: v.array(v.string()) })

/** Without compute the library is shown as it is: a person may look, or let it be tried again. */
async function askWithoutCompute(fault: FaultRecord, startAgain: () => void): Promise<void> {
  const { message } = new Fault(fault)
  console.error(`kindred: compute: ${message}`)
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Photos cannot be indexed',
    message,
    detail: `More is in the log: ${app.getPath('logs')}`,
    buttons: ['Try again', 'Go on without'],
    cancelId: 1
  })
  if (response === 0) startAgain()
}

function openPage(processes: Processes): BrowserWindow {
  const window = openPageWindow()
  processes.attachPage(window)
  // Not when the last window is closed: the hidden one of the decoder is one too, while it is open.
  window.on('closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  return window
}

function addAll(engine: Control, folders: readonly string[]): void {
  for (const folder of folders)
    void addFolder(engine, folder).then((result) => {
      if (result.outcome !== 'refused') return
      const { message } = new Fault(result.fault)
      void dialog.showMessageBox({ type: 'warning', title: 'Kindred', message })
    })
}

async function run(folders: string[]): Promise<void> {
  await app.whenReady()
  const engine = createControl()
  serveSchemes(engine)
  answer(CHOOSE_FOLDER_CHANNEL, v.strictTuple([]), () => chooseFolder(engine))
  answer(DROPPED_FOLDER_CHANNEL, v.strictTuple([v.pipe(v.string(), v.minLength(1))]), (path) =>
    addDroppedFolder(engine, path)
  )
  setMenu(() => void chooseFolder(engine))
  const processes = startProcesses(engine, (fault) =>
    void askWithoutCompute(fault, () => processes.startAgain('compute'))
  )
  answer(START_AGAIN_CHANNEL, v.strictTuple([]), async () => processes.startAgain('engine'))
  let page = openPage(processes)
  addAll(engine, folders)

  app.on('second-instance', (_event, _argv, _here, data) => {
    if (page.isMinimized()) page.restore()
    page.focus()
    const parsed = v.safeParse(SecondInstance, data)
    if (parsed.success) addAll(engine, parsed.output.folders)
  })
  app.on('window-all-closed', () => undefined) // or it ends the app by itself
  app.on('activate', () => {
    if (page.isDestroyed()) page = openPage(processes)
  })
  let closed = false
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void processes.close().then(() => {
      closed = true
      app.quit()
    })
  })
}

const folders = foldersOf(process.argv, app.isPackaged, process.cwd())
// A second start with the same library would fight over it: it hands its folders to the first and
// ends.
if (app.requestSingleInstanceLock({ folders })) {
  protectAll()
  declareSchemes()
  void run(folders)
} else {
  app.quit()
}
