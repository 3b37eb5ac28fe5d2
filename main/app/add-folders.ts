// Adds folders to the library: chosen in the system's dialog, dropped on the page, or named on the
// command line. Runs in app: the page never learns or names a path.
import { BrowserWindow, dialog, type MessageBoxOptions, type OpenDialogOptions } from 'electron'
import type { FolderAnswer } from '../wire/bridge-contract.ts'
import { isFault } from '../wire/fault.ts'
import type { Control } from './control.ts'

const DIALOG: OpenDialogOptions = {
  title: 'Choose a folder of photos',
  buttonLabel: 'Add folder',
  properties: ['openDirectory', 'multiSelections']
}

const LOCATE: OpenDialogOptions = {
  title: 'Where does the folder lie now?',
  buttonLabel: 'It is here',
  properties: ['openDirectory']
}

/** Adds a folder. A fault of the folder's comes back as an answer. */
export async function addFolder(
  engine: Pick<Control, 'call'>,
  path: string
): Promise<FolderAnswer> {
  try {
    const { partOf } = await engine.call('addFolder', { path })
    return { outcome: 'added', ...(partOf !== undefined && { partOf }) }
  } catch (error) {
    if (!isFault(error)) throw error
    return { outcome: 'refused', fault: error.record }
  }
}

/**
 * Adds a folder that was dropped on the page, if the person says so: the path comes from the page's
 * process, which is not trusted.
 */
export async function addDroppedFolder(
  engine: Pick<Control, 'call'>,
  path: string
): Promise<FolderAnswer> {
  const question: MessageBoxOptions = {
    type: 'question',
    title: 'Kindred',
    message: 'Add this folder to Kindred?',
    detail: path,
    buttons: ['Add', 'Cancel'],
    defaultId: 1, // a key that was meant for the page adds nothing
    cancelId: 1
  }
  const window = BrowserWindow.getFocusedWindow()
  const { response } = await (window
    ? dialog.showMessageBox(window, question)
    : dialog.showMessageBox(question))
  return response === 0 ? addFolder(engine, path) : { outcome: 'cancelled' }
}

/** Lets the person choose folders and adds them; the first that is refused is told. */
export async function chooseFolder(engine: Pick<Control, 'call'>): Promise<FolderAnswer> {
  const window = BrowserWindow.getFocusedWindow()
  const { filePaths } = await (window
    ? dialog.showOpenDialog(window, DIALOG)
    : dialog.showOpenDialog(DIALOG))
  if (filePaths.length === 0) return { outcome: 'cancelled' }
  const answers: FolderAnswer[] = []
  for (const path of filePaths) answers.push(await addFolder(engine, path))
  const isTold = (each: FolderAnswer): boolean =>
    each.outcome === 'refused' || (each.outcome === 'added' && each.partOf !== undefined)
  return answers.find(isTold) ?? { outcome: 'added' }
}

/** Lets the person choose where a folder that is not where it was lies now. */
export async function locateFolder(
  engine: Pick<Control, 'call'>,
  id: number
): Promise<FolderAnswer> {
  const window = BrowserWindow.getFocusedWindow()
  const { filePaths } = await (window
    ? dialog.showOpenDialog(window, LOCATE)
    : dialog.showOpenDialog(LOCATE))
  const [path] = filePaths
  if (path === undefined) return { outcome: 'cancelled' }
  try {
    await engine.call('locateFolder', { id, path })
    return { outcome: 'added' }
  } catch (error) {
    if (!isFault(error)) throw error
    return { outcome: 'refused', fault: error.record }
  }
}
