// The one place where app listens to its windows: checks who asks and what before anything is done.
// Runs in app. Raw ipcMain occurs in no other file (tests/style holds that).
import { ipcMain } from 'electron'
import * as v from 'valibot'
import { isPageAddress } from './addresses.ts'

/** What is looked at of the frame that sent a message. */
interface Sender {
  url: string
  parent: unknown
}

/** True for the main frame of our page; not for a frame inside it, another origin or one that is gone. */
export function isPageFrame(frame: Sender | null): boolean {
  return frame !== null && frame.parent === null && isPageAddress(frame.url)
}

/**
 * Answers the page's questions on a channel.
 * @param argumentList a tuple schema: the arguments exactly as they must come.
 * @throws to the asker, when it is not the page's main frame or its arguments are malformed.
 */
export function answer<A extends unknown[], R>(
  channel: string,
  argumentList: v.GenericSchema<unknown, A>,
  handler: (...args: A) => Promise<R>
): void {
  ipcMain.handle(channel, (event, ...received: unknown[]) => {
    if (!isPageFrame(event.senderFrame)) throw new Error(`${channel}: only the page may ask this`)
    const parsed = v.safeParse(argumentList, received)
    if (!parsed.success) throw new Error(`${channel}: ${parsed.issues[0].message}`)
    return handler(...parsed.output)
  })
}
