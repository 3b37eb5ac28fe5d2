// What the preload hands to the page: window.kindred. Runs in the page; in a browser without the
// bridge (a preview) the page still works and says what is missing.
import type { Bridge, FolderAnswer } from '../../main/wire/bridge-contract.ts'
import type { KeptProcess } from '../../main/wire/process-messages.ts'

declare global {
  interface Window {
    kindred?: Bridge
  }
}

const ABSENT: FolderAnswer = {
  outcome: 'refused',
  fault: {
    kind: 'internal',
    about: 'program',
    passes: false,
    subject: 'adding a folder',
    expected: 'the Kindred app',
    received: 'a page without it'
  }
}

/** Lets the person choose a folder in the system's dialog, and adds it. */
export async function chooseFolder(): Promise<FolderAnswer> {
  return window.kindred ? window.kindred.chooseFolder() : ABSENT
}

/** Lets the person choose where a folder of the library lies now. */
export async function locateFolder(id: number): Promise<FolderAnswer> {
  return window.kindred ? window.kindred.locateFolder(id) : ABSENT
}

/** Starts a process that was given up. */
export async function startAgain(process: KeptProcess): Promise<void> {
  await window.kindred?.startAgain(process)
}

/** Adds a folder that was dropped on the window. */
export async function droppedFolder(file: File): Promise<FolderAnswer> {
  return window.kindred ? window.kindred.droppedFolder(file) : ABSENT
}

/** The page is at rest: it gives memory back. */
export async function rests(): Promise<void> {
  await window.kindred?.rests()
}
