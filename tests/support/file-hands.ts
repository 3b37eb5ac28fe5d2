// What tests of files in the real app share: the system's dialogs are answered at Electron's
// boundary, and what the system was asked for is recorded. Test code only.
import { readdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import type { OpenedApp } from './electron.ts'

/** What the system was asked for, as it is recorded in app. */
export interface Asked {
  questions: string[]
  shown: string[]
  opened: string[]
  dragged: string[][]
}

/** Answers dialogs: this folder, and yes or no; records what the system is asked for. */
export async function answering({ app }: OpenedApp, folder: string, yes = true): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow, dialog, shell }, [path, response]) => {
      const asked: Asked = { questions: [], shown: [], opened: [], dragged: [] }
      Object.assign(globalThis, { asked })
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
      dialog.showMessageBox = async (...args: unknown[]) => {
        const options = args.at(-1) as { message: string; detail?: string }
        asked.questions.push(`${options.message} ${options.detail}`)
        return { response, checkboxChecked: false }
      }
      shell.showItemInFolder = (file) => void asked.shown.push(file)
      shell.openPath = async (file) => (asked.opened.push(file), '')
      for (const window of BrowserWindow.getAllWindows())
        window.webContents.startDrag = ({ file, files }) =>
          void asked.dragged.push(files ?? [file])
    },
    [folder, yes ? 0 : 1] as const
  )
}

export const askedOf = ({ app }: OpenedApp): Promise<Asked> =>
  app.evaluate(() => Reflect.get(globalThis, 'asked') as Asked)

/** Names of files below a folder. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort()
}

export const tiles = (page: Page) => page.getByTestId('tile')
export const idOf = async (page: Page, place: number): Promise<number> =>
  Number(await tiles(page).nth(place).getAttribute('data-photo-id'))

export async function untilPhotos(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelectorAll('[data-testid="tile"]').length === wanted,
    count
  )
}

export async function said(page: Page, words: string): Promise<void> {
  await page.getByTestId('file-result').getByText(words).waitFor()
}

/**
 * Waits until the page has every answer that app has given: they come in the order in which they
 * were given, and to this question there is one at once. A page that waits for one begins nothing.
 */
async function untilAnswered(page: Page): Promise<void> {
  await page.evaluate(() => window.kindred?.stopFiles())
}

/** The first question that a person is asked, once there is one, and it was answered. */
export async function questionOf(opened: OpenedApp): Promise<string> {
  for (;;) {
    const [question] = (await askedOf(opened)).questions
    if (question !== undefined) {
      await untilAnswered(opened.page)
      return question
    }
  }
}

export async function menuOf(page: Page, place: number, command: string): Promise<void> {
  await tiles(page).nth(place).click({ button: 'right' })
  await page.getByTestId(`menu-${command}`).click()
}

/** The longer side of the picture on the clipboard; 0 for none. Older Electrons answer at once. */
export function sizeOnClipboard({ app }: OpenedApp): Promise<number> {
  return app.evaluate(async ({ clipboard, nativeImage }) => {
    async function read(): Promise<Electron.NativeImage> {
      const readNow: unknown = Reflect.get(clipboard, 'readImage')
      if (typeof readNow === 'function') return Reflect.apply(readNow, clipboard, [])
      for (const item of await clipboard.read())
        if (item.types.includes('image/png')) {
          const bytes = await (await item.getType('image/png')).arrayBuffer()
          return nativeImage.createFromBuffer(Buffer.from(bytes))
        }
      return nativeImage.createEmpty()
    }
    const { width, height } = (await read()).getSize()
    return Math.max(width, height)
  })
}
