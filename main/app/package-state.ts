// What a package must not hide: that it holds an old Electron, or that it was started without
// Chromium's sandbox, as an AppImage does by itself where the system keeps it away. Main process.
import { app, dialog } from 'electron'

/** The first part of the version of Electron that people get: put here by electron.config.ts. */
declare const RELEASED_ELECTRON: number

/**
 * Whether this is not what people get: `npm start` says so by a switch where it could not have the
 * Electron that is meant, a package has an older one.
 */
export function isOnTestRuntime(): boolean {
  if (!app.isPackaged) return app.commandLine.hasSwitch('test-runtime')
  return Number(process.versions.electron.split('.')[0]) < RELEASED_ELECTRON
}

const WHY = 'Kindred does not open photos without Chromium’s sandbox.'
const REMEDY =
  'It was started with --no-sandbox. An AppImage does that by itself where the system keeps ' +
  'unprivileged programs from making sandboxes, as Ubuntu 23.10 and later do. Install the deb, ' +
  'which brings the permission, or allow it until the next start of the system:\n\n' +
  'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'

/**
 * Tells a person that a package is not opened without its sandbox; false where it has one. Root
 * cannot have one, and is let in.
 */
export async function refusedWithoutSandbox(): Promise<boolean> {
  if (!app.isPackaged || process.platform !== 'linux' || process.getuid?.() === 0) return false
  if (!app.commandLine.hasSwitch('no-sandbox')) return false
  console.error(`kindred: ${WHY} ${REMEDY}`)
  await app.whenReady()
  await dialog.showMessageBox({ type: 'error', title: 'Kindred', message: WHY, detail: REMEDY })
  return true
}
