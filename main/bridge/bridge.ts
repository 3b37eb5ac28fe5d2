// The one preload script, in both windows: hands the page what app tells it, and lets it ask app
// for a little. Runs sandboxed beside the page, in a world of its own; whatever is exposed here the
// page may misuse.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  CHOOSE_FOLDER_CHANNEL,
  DROPPED_FOLDER_CHANNEL,
  FULL_SCREEN_CHANNEL,
  LOCATE_FOLDER_CHANNEL,
  REST_CHANNEL,
  START_AGAIN_CHANNEL,
  type Bridge
} from '../wire/bridge-contract.ts'
import {
  COPY_PICTURE_CHANNEL,
  DRAG_CHANNEL,
  FILES_CHANNEL,
  RETRY_CHANNEL,
  STOP_CHANNEL,
  UNDO_CHANNEL
} from '../wire/file-commands.ts'
import { WINDOW_CHANNEL, type WindowMessage } from '../wire/process-messages.ts'

const bridge: Bridge = {
  chooseFolder: () => ipcRenderer.invoke(CHOOSE_FOLDER_CHANNEL),
  locateFolder: (id) => ipcRenderer.invoke(LOCATE_FOLDER_CHANNEL, id),
  // The path is empty for a file that no person dropped, which the page made up.
  droppedFolder: (file) =>
    ipcRenderer.invoke(DROPPED_FOLDER_CHANNEL, webUtils.getPathForFile(file)),
  startAgain: (process) => ipcRenderer.invoke(START_AGAIN_CHANNEL, process),
  setFullScreen: (isOn) => ipcRenderer.invoke(FULL_SCREEN_CHANNEL, isOn),
  rests: () => ipcRenderer.invoke(REST_CHANNEL),
  withFiles: (action, ids) => ipcRenderer.invoke(FILES_CHANNEL, action, ids),
  dragFiles: (ids) => ipcRenderer.invoke(DRAG_CHANNEL, ids),
  copyPicture: (x, y) => ipcRenderer.invoke(COPY_PICTURE_CHANNEL, x, y),
  undoFiles: () => ipcRenderer.invoke(UNDO_CHANNEL),
  retryFiles: () => ipcRenderer.invoke(RETRY_CHANNEL),
  stopFiles: () => ipcRenderer.invoke(STOP_CHANNEL)
}

ipcRenderer.on(WINDOW_CHANNEL, (event, message: WindowMessage) =>
  window.postMessage(message, location.origin, event.ports)
)

// The decoder window gets its port and nothing else.
if (location.host === 'kindred') contextBridge.exposeInMainWorld('kindred', bridge)
