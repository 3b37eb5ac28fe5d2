// How a screen looks, and whether it can be used by all: screenshots in both schemes and two
// widths, and a run of axe-core. Needs the opened app.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { ROOT } from './electron.ts'
import type { OpenedApp } from './electron.ts'

/** Gives the window's inside another size and waits until all is laid out anew. */
export async function sized(page: Page, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height })
  await page.waitForTimeout(300)
  await untilFrames(page)
}

/** Resolves when what is so now is drawn: at a second frame the first one is. */
async function untilFrames(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
  })
}

/** Resolves when pictures that are loaded are on the screen, too: large ones are drawn later. */
export async function untilPainted(page: Page, selector: string): Promise<void> {
  await page.locator(selector).evaluateAll((images) =>
    Promise.all(images.map((image) => image instanceof HTMLImageElement && image.decode()))
  )
  await untilFrames(page)
}

/** Keeps pictures of what is shown: light and dark, narrow and wide. */
export async function looks(opened: OpenedApp, name: string): Promise<void> {
  const { page } = opened
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    for (const [word, width] of [
      ['narrow', 520],
      ['wide', 1500]
    ] as const) {
      await sized(page, width, 950)
      await opened.screenshot(`${name}-${word}-${scheme}`)
    }
  }
  await page.emulateMedia({ colorScheme: null })
}

// In the page, where the script that is evaluated puts it.
declare const axe: Pick<typeof import('axe-core'), 'run'>

/** Fails if axe-core finds anything against the accessibility of what is shown. */
export async function assertAccessible(page: Page): Promise<void> {
  // Evaluated, since the page's policy allows no script tags.
  await page.evaluate(readFileSync(join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8'))
  const violations = await page.evaluate(async () => {
    // A colour on its way to another is neither; what never ends (a spinner) is not waited for.
    const ending = document
      .getAnimations()
      .filter((one) => one.effect?.getTiming().iterations === 1)
    await Promise.allSettled(ending.map((one) => one.finished))
    const found = await axe.run()
    if (found.passes.length === 0) return ['nothing was checked']
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} (${nodes.length})`)
  })
  assert.deepEqual(violations, [])
}

interface FileOfPage {
  name: string
  type: string
  bytes: Uint8Array
}

/** Lets files come into the page from outside: dropped on the window, or pasted. */
export async function bring(
  page: Page,
  how: 'dragover' | 'drop' | 'paste',
  files: FileOfPage[]
): Promise<void> {
  const list = files.map(({ bytes, ...file }) => ({
    ...file,
    base64: Buffer.from(bytes).toString('base64')
  }))
  await page.evaluate(
    ([event, brought]) => {
      const data = new DataTransfer()
      for (const { name, type, base64 } of brought) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
        data.items.add(new File([bytes], name, { type }))
      }
      const init = { bubbles: true, cancelable: true }
      window.dispatchEvent(
        event === 'paste'
          ? new ClipboardEvent(event, { ...init, clipboardData: data })
          : new DragEvent(event, { ...init, dataTransfer: data })
      )
    },
    [how, list] as const
  )
}
