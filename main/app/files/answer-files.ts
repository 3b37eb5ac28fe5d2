// Answers what the page asks to do with the files of photos. Runs in app. The page names photos by
// ids; the engine says where they lie; the person says in the system's dialogs where to, and
// whether a last copy may go. Paths reach the clipboard and the system, never the page.
import { basename, join } from 'node:path'
import {
  BrowserWindow,
  Menu,
  app,
  clipboard,
  dialog,
  nativeImage,
  shell,
  type MessageBoxOptions,
  type OpenDialogOptions
} from 'electron'
import * as v from 'valibot'
import { Fault, faultOf } from '../../wire/fault.ts'
import {
  COPY_PICTURE_CHANNEL,
  DRAG_CHANNEL,
  FILES_CHANNEL,
  FileAction,
  MOST_AT_ONCE,
  PhotoIds,
  RETRY_CHANNEL,
  STOP_CHANNEL,
  UNDO_CHANNEL,
  type FileAnswer
} from '../../wire/file-commands.ts'
import { WINDOW_CHANNEL, type WindowMessage } from '../../wire/process-messages.ts'
import { nameKind } from '../../wire/picture-names.ts'
import { systemFault } from '../../wire/system-fault.ts'
import type { Control } from '../control.ts'
import { tell } from '../logs.ts'
import { openInside } from '../open-inside.ts'
import { answer } from '../window-messages.ts'
import { createFileJobs, refused, trashFault, type FileJobs } from './file-jobs.ts'
import { openWith, picturePrograms, type Program } from './open-with.ts'
import { findTrashed, type Trashed } from './trashed.ts'
import { openUndoList } from './undo-list.ts'

type Engine = Pick<Control, 'call'>

const CANCELLED: FileAnswer = { outcome: 'cancelled' }
const coordinate = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000))
const none = v.strictTuple([])
const some = v.pipe(PhotoIds, v.maxLength(MOST_AT_ONCE))

/** Serves the page's questions. `page` is its window. */
export function answerFileCommands(engine: Engine, page: () => BrowserWindow | undefined): void {
  const jobs = createFileJobs({
    engine,
    trash: throwAway,
    undoList: openUndoList(join(app.getPath('userData'), 'undo.jsonl'), (error) =>
      tell('what was done with files is not remembered', error)
    ),
    tell(done, total) {
      const message: WindowMessage = { type: 'files', done, total }
      page()?.webContents.send(WINDOW_CHANNEL, message)
    }
  })
  answer(FILES_CHANNEL, v.strictTuple([FileAction, PhotoIds]), async (action, ids) => {
    try {
      return await act(action, [...new Set(ids)], engine, jobs, page())
    } catch (error) {
      tell(`${action} of ${ids.length} photos`, error)
      const told = systemFault(error, 'photo', action, 'files that can be used')
      return { outcome: 'refused', fault: faultOf(told, action, 'photo').record }
    }
  })
  answer(UNDO_CHANNEL, none, () => jobs.undo())
  answer(RETRY_CHANNEL, none, () => jobs.retry())
  answer(STOP_CHANNEL, none, async () => jobs.stop())
  answer(DRAG_CHANNEL, v.strictTuple([some]), async (ids) => {
    const files = await pathsOf(engine, ids)
    page()?.webContents.startDrag({ file: files[0]!, files, icon: dragIcon() })
  })
  answer(COPY_PICTURE_CHANNEL, v.strictTuple([coordinate, coordinate]), async (x, y) => {
    const contents = page()?.webContents
    const zoom = contents?.getZoomFactor() ?? 1
    contents?.copyImageAt(Math.round(x * zoom), Math.round(y * zoom))
  })
}

async function act(
  action: FileAction,
  ids: number[],
  engine: Engine,
  jobs: FileJobs,
  window: BrowserWindow | undefined
): Promise<FileAnswer> {
  if (action === 'move' || action === 'copy') {
    const directory = await askWhereTo(action, ids.length, window)
    return directory === undefined ? CANCELLED : jobs.run({ what: action, directory }, ids)
  }
  if (action === 'trash-duplicates') {
    const { ids: unprotected } = await engine.call('unprotected', { ids })
    return unprotected.length > 0 ? act('trash', unprotected, engine, jobs, window) : CANCELLED
  }
  if (action === 'trash') {
    const last = (await engine.call('lastCopies', { ids })).ids.length
    const isWanted =
      last === 0 || (await askForLast(ids.length, last, await goAlong(engine, ids), window))
    return isWanted ? jobs.run({ what: 'trash' }, ids) : CANCELLED
  }
  const paths = await pathsOf(engine, ids.slice(0, MOST_AT_ONCE))
  if (action === 'copy-path') await clipboard.writeText(paths.join('\n'))
  else if (action === 'show') shell.showItemInFolder(paths[0]!)
  else if (action === 'open') for (const path of paths) await openFile(path)
  else return openWithProgram(paths, window)
  const total = ids.length
  const counts = { total, done: paths.length, failed: 0, fault: null, stopped: false }
  return { outcome: 'done', ...counts, canUndo: false }
}

/** Paths of photos whose files are plain ones in their folders. Throws a Fault where none is. */
async function pathsOf(engine: Engine, ids: number[]): Promise<string[]> {
  const { photos } = await engine.call('files', { ids })
  const paths: string[] = []
  let fault = refused(`photo ${ids[0]}`, 404)
  for (const { root, paths: [path = ''] } of photos) {
    const handle = await openInside(path, root)
    if (typeof handle === 'number') fault = refused(path, handle)
    else {
      await handle.close()
      paths.push(path)
    }
  }
  if (paths.length === 0) throw fault
  return paths
}

/** Only what is called a picture: another name may be one that the system would run. */
async function openFile(path: string): Promise<void> {
  const isPicture = nameKind(basename(path)) === 'picture'
  if (isPicture && (await shell.openPath(path)) === '') return
  throw new Fault({
    kind: 'unsupported-format',
    subject: basename(path),
    expected: 'a picture by its name, and a program that opens it',
    received: isPicture ? 'no program' : 'another name'
  })
}

async function openWithProgram(
  paths: readonly string[],
  window: BrowserWindow | undefined
): Promise<FileAnswer> {
  const program = await chooseProgram(await picturePrograms(), window)
  if (!program) return CANCELLED
  await openWith(program, paths)
  const total = paths.length
  const counts = { total, done: total, failed: 0, fault: null, stopped: false }
  return { outcome: 'done', ...counts, canUndo: false }
}

/** A menu at the pointer. */
function chooseProgram(
  programs: readonly Program[],
  window: BrowserWindow | undefined
): Promise<Program | undefined> {
  return new Promise((resolve) => {
    const none = { label: 'No program for pictures is installed', enabled: false }
    const items = programs.map((program) => ({
      label: program.name.replaceAll('&', '&&'),
      click: () => resolve(program)
    }))
    // The click comes after the menu has closed.
    const callback = (): void => void setTimeout(() => resolve(undefined), 100)
    Menu.buildFromTemplate(items.length > 0 ? items : [none]).popup({
      ...(window && { window }),
      callback
    })
  })
}

async function askWhereTo(
  action: 'move' | 'copy',
  count: number,
  window: BrowserWindow | undefined
): Promise<string | undefined> {
  const word = action === 'move' ? 'Move' : 'Copy'
  const options: OpenDialogOptions = {
    title: `${word} ${count === 1 ? 'the photo' : `${count} photos`} to`,
    buttonLabel: `${word} here`,
    properties: ['openDirectory', 'createDirectory']
  }
  const { filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options))
  return filePaths[0]
}

/** What is said of the files that go with a single photo. */
async function goAlong(engine: Engine, ids: number[]): Promise<string> {
  const { photos } = await engine.call('files', { ids: ids.slice(0, MOST_AT_ONCE) })
  const names = photos.flatMap(({ paths }) => paths.slice(1).map((path) => basename(path)))
  if (names.length === 0) return ''
  if (ids.length > 1) return ' RAW files, films and settings that belong to them go along.'
  return ` What belongs to it goes along: ${names.join(', ')}.`
}

/** Asks before the last copies of photos go; `along`: a sentence on what goes with them. */
async function askForLast(
  total: number,
  last: number,
  along: string,
  window: BrowserWindow | undefined
): Promise<boolean> {
  const what = total === 1 ? 'this photo' : `${total} photos`
  const options: MessageBoxOptions = {
    type: 'warning',
    title: 'Kindred',
    message: `Move ${what} to the trash?`,
    detail: lastWords(total, last) + along,
    buttons: ['Move to Trash', 'Cancel'],
    defaultId: 1, // a key that was meant for the page throws nothing away
    cancelId: 1
  }
  const { response } = await (window
    ? dialog.showMessageBox(window, options)
    : dialog.showMessageBox(options))
  return response === 0
}

function lastWords(total: number, last: number): string {
  if (total === 1) return 'No other copy of it is known.'
  if (last === total) return 'Of none of them another copy is known.'
  return `Of ${last} of them no other copy is known.`
}

/** Throws a file away and finds it again. */
async function throwAway(path: string): Promise<Trashed | undefined> {
  const since = Date.now()
  try {
    await shell.trashItem(path)
  } catch (error) {
    tell('the trash did not take a file', error)
    throw trashFault(path)
  }
  return findTrashed(path, since)
}

/** A grey field: app decodes no picture. */
function dragIcon(): Electron.NativeImage {
  const [width, height] = [64, 48]
  return nativeImage.createFromBitmap(Buffer.alloc(4 * width * height, 0xa0), { width, height })
}
