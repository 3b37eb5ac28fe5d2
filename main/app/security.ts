// Shuts every door of a window that the app does not need: permissions, navigation, new windows,
// webviews, downloads, the network. Runs in app; applied to every session and every webContents.
import { app, shell, type Session, type WebContents } from 'electron'
import { isOwnAddress, outsideAddress } from './addresses.ts'

/**
 * Opens an address in the system's browser if it is on the list, else does nothing.
 * @returns whether it was opened.
 */
export function openOutside(address: string): boolean {
  const allowed = outsideAddress(address)
  if (allowed) void shell.openExternal(allowed)
  return allowed !== undefined
}

/** Denies a window everything but its own page. */
function protectContents(contents: WebContents): void {
  // What app itself loads is not stopped by these: they see what the page tries.
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url)
    return { action: 'deny' }
  })
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}

/** Denies a session every permission, download and outside request. */
export function protectSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, decide) => decide({}))
  // Else Chromium fetches a dictionary as soon as the session exists, whatever its windows say.
  session.setSpellCheckerEnabled(false)
  session.setSpellCheckerLanguages([])
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest((details, decide) =>
    decide({ cancel: !isOwnAddress(details.url) && !details.url.startsWith('devtools://') })
  )
}

/** Call before the app is ready, so that no window can exist without its protection. */
export function protectAll(): void {
  // For Linux's superuser, who cannot have Chromium's sandbox; any other start keeps it on for all.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  // No name and no address resolves: even a request that nothing else stopped cannot leave.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  app.on('web-contents-created', (_event, contents) => protectContents(contents))
}
