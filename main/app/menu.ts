// The application's menu, with its keys. Runs in app.
import { Menu, app, type MenuItemConstructorOptions } from 'electron'
import { LICENCE_ADDRESS } from './addresses.ts'
import { openOutside } from './security.ts'

export interface MenuActions {
  /** Opens the folder dialog. */
  addFolder(): void
  showLogs(): void
}

/** Sets the menu. */
export function setMenu({ addFolder, showLogs }: MenuActions): void {
  const onMac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(onMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Add Folder…', accelerator: 'CmdOrCtrl+O', click: addFolder },
        { type: 'separator' },
        { role: onMac ? 'close' : 'quit' }
      ]
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } satisfies MenuItemConstructorOptions])
      ]
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Show Logs', click: showLogs },
        { type: 'separator' },
        { label: 'Licence', click: () => void openOutside(LICENCE_ADDRESS) }
      ]
    }
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
