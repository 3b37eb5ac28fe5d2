// What the page may ask of app through the bridge: to add a folder to the library, to locate one
// that lies elsewhere now, to start a process that was given up, to fill the screen with its
// window, to give memory back, and what can be done with the files of photos (file-commands.ts);
// nothing else. Pure. The page never names a path: app opens the dialog, or the bridge reads the
// path of a real drop.
import * as v from 'valibot'
import { FaultRecord } from './fault.ts'
import type { FileAction, FileAnswer } from './file-commands.ts'
import type { KeptProcess } from './process-messages.ts'

/** The channels of the bridge's questions to app (`ipcRenderer.invoke`). */
export const CHOOSE_FOLDER_CHANNEL = 'kindred:choose-folder'
export const DROPPED_FOLDER_CHANNEL = 'kindred:dropped-folder'
export const LOCATE_FOLDER_CHANNEL = 'kindred:locate-folder'
export const START_AGAIN_CHANNEL = 'kindred:start-again'
export const FULL_SCREEN_CHANNEL = 'kindred:full-screen'
export const REST_CHANNEL = 'kindred:rest'

export const FolderAnswer = v.variant('outcome', [
  v.object({
    outcome: v.literal('added'), // the engine has it and is looking through it
    partOf: v.optional(v.string()) // the folder of the library that it lies in
  }),
  v.object({ outcome: v.literal('cancelled') }), // the person closed the dialog
  v.object({ outcome: v.literal('refused'), fault: FaultRecord })
])
export type FolderAnswer = v.InferOutput<typeof FolderAnswer>

/**
 * `window.kindred` in the page: exactly these. The page's port to the engine comes apart from it,
 * as a `message` event of the window itself (`event.source === window`) with a WindowMessage as its
 * data and the port in `event.ports[0]`; a new one comes whenever the engine was started again.
 */
export interface Bridge {
  /** Opens the system's folder dialog and adds what was chosen. */
  chooseFolder(): Promise<FolderAnswer>
  /** Opens the dialog for where a folder of the library, by its id, lies now. */
  locateFolder(id: number): Promise<FolderAnswer>
  /** Adds the folder of a `drop` event (`event.dataTransfer.files[0]`). */
  droppedFolder(file: File): Promise<FolderAnswer>
  /** Starts a process after app has given it up; does nothing at any other time. */
  startAgain(process: KeptProcess): Promise<void>
  /** Fills the screen with the window, or no longer; a WindowMessage tells once it is so. */
  setFullScreen(isOn: boolean): Promise<void>
  /** Nothing is done in the page just now: what it holds and need not is given back. */
  rests(): Promise<void>
  /** Does something with the files of photos. App asks where it has to. */
  withFiles(action: FileAction, ids: number[]): Promise<FileAnswer>
  /** Begins to drag files out of the window; answers when the system has taken over. */
  dragFiles(ids: number[]): Promise<void>
  /** Puts the picture that the page shows at a place (CSS pixels) on the clipboard. */
  copyPicture(x: number, y: number): Promise<void>
  /** Takes back what was done last with files: moves, copies, the trash. */
  undoFiles(): Promise<FileAnswer>
  /** Tries once more what failed or was stopped. */
  retryFiles(): Promise<FileAnswer>
  /** Stops what is being done with files, after the photo that it is at. */
  stopFiles(): Promise<void>
}
