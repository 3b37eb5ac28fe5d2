// The application's menu, with its keys. Runs in app.
import { Menu, app, type MenuItemConstructorOptions } from 'electron'
import { LICENCE_ADDRESS } from './addresses.ts'
import { openOutside } from './security.ts'

/** Sets the menu. @param addFolder opens the folder dialog. */
export function setMenu(addFolder: () => void): void {
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
      submenu: [{ label: 'Licence', click: () => void openOutside(LICENCE_ADDRESS) }]
    }
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
