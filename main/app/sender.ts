// Who may ask app for something: the page's main frame and no one else. Runs in app; pure.
import { isPageAddress } from './addresses.ts'

/** What is looked at of the frame that sent a message. */
interface Sender {
  url: string
  parent: unknown
}

/**
 * True for the main frame of our page; not for a frame inside it, another origin or one that is
 * gone.
 */
export function isPageFrame(frame: Sender | null): boolean {
  return frame !== null && frame.parent === null && isPageAddress(frame.url)
}
