// The one preload script, in both windows: hands the page its port, and lets it ask for a folder.
// Runs sandboxed beside the page, in a world of its own; whatever is exposed here the page may
// misuse.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  CHOOSE_FOLDER_CHANNEL,
  DROPPED_FOLDER_CHANNEL,
  type Bridge
} from '../wire/bridge-contract.ts'
import { WINDOW_CHANNEL, type WindowMessage } from '../wire/process-messages.ts'

/** Electron before version 32 put the path on the file itself. */
interface FileWithPath extends File {
  readonly path?: string
}

/** The path of a file that a person dropped; empty for one that the page made up. */
function pathOf(file: FileWithPath): string {
  // The older runtime has no webUtils, whatever the types of the newer one say.
  const utilities: Pick<typeof webUtils, 'getPathForFile'> | undefined = webUtils
  return utilities ? utilities.getPathForFile(file) : (file.path ?? '')
}

const bridge: Bridge = {
  chooseFolder: () => ipcRenderer.invoke(CHOOSE_FOLDER_CHANNEL),
  droppedFolder: (file) => ipcRenderer.invoke(DROPPED_FOLDER_CHANNEL, pathOf(file))
}

ipcRenderer.on(WINDOW_CHANNEL, (event, message: WindowMessage) =>
  window.postMessage(message, location.origin, event.ports)
)

// The decoder window gets its port and nothing else.
if (location.host === 'kindred') contextBridge.exposeInMainWorld('kindred', bridge)
