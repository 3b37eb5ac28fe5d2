// Has a page give back memory that it holds and need not. Runs in app.
//
// [Note: give back] Chromium keeps the last thousand pictures that it drew unpacked, 350 KB each
// for our thumbnails, until the system itself is short of memory; no switch sets how many. Under
// pressure it lets go of them, while all that is drawn stays drawn. A page is told of pressure by
// the tools for developers only (https://chromedevtools.github.io/devtools-protocol/tot/Memory).
// `webFrame.clearCache` leaves those pictures, and costs the next click 15 ms. They are unpacked
// anew when they are scrolled to.
import type { WebContents } from 'electron'
import { tell } from './logs.ts'

/** Tells a page that memory is short, once; not one that somebody debugs. Never rejects. */
export async function giveBackMemory(contents: WebContents): Promise<void> {
  const { debugger: line } = contents
  if (line.isAttached()) return // by an earlier call, too
  try {
    line.attach()
    await line.sendCommand('Memory.simulatePressureNotification', { level: 'critical' })
  } catch (error) {
    if (!contents.isDestroyed()) tell('the page gives no memory back', error)
  } finally {
    if (!contents.isDestroyed() && line.isAttached()) line.detach()
  }
}
