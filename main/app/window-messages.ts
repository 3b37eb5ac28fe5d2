// The one place where app listens to its windows: checks who asks and what before anything is done.
// Runs in app. Raw ipcMain occurs in no other file (tests/style holds that).
import { ipcMain } from 'electron'
import * as v from 'valibot'
import { isPageFrame } from './sender.ts'

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
