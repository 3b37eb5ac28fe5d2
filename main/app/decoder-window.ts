// The hidden decoder window: there while compute has photos to decode, opened again when it dies
// meanwhile. Runs in app. Without it an idle app is a process of some 30 MB smaller.
import type { BrowserWindow, MessagePortMain } from 'electron'
import { WINDOW_CHANNEL } from '../wire/process-messages.ts'
import { Backoff, Prospects, hopeless } from '../wire/backoff.ts'
import type { Fault } from '../wire/fault.ts'
import { comeSecond } from './come-second.ts'
import type { HandOver, Switchboard } from './switchboard.ts'
import { openDecoderWindow } from './windows.ts'

/** A window that has not loaded its page for so long never will. */
const LOADING_MILLISECONDS = 60_000

export interface DecoderCare {
  /** Compute has something to decode. */
  want(): void
  /** It has had nothing for a while. */
  rest(): void
  /** It does not answer: it ends as if it had crashed, and is opened again. */
  end(): void
}

/** Hands a window its ports; to one that is destroyed they close. */
export function handOverTo(window: BrowserWindow): HandOver<MessagePortMain> {
  return (peer, port) => {
    if (window.isDestroyed()) return port.close()
    window.webContents.postMessage(WINDOW_CHANNEL, { type: 'port', peer }, [port])
  }
}

/**
 * Keeps the decoder window, which is not open at first.
 * @param onRefused it ended again and again while it started: it stays closed until it is wanted
 */
export function careForDecoder(
  lines: Switchboard<MessagePortMain>,
  onRefused: (fault: Fault) => void
): DecoderCare {
  const backoff = new Backoff()
  let prospects = new Prospects()
  let window: BrowserWindow | undefined
  let timer: NodeJS.Timeout | undefined
  let loading: NodeJS.Timeout | undefined

  function open(): void {
    timer = undefined
    const started = Date.now()
    let isReady = false
    const self = openDecoderWindow()
    window = self
    loading = setTimeout(() => self.webContents.forcefullyCrashRenderer(), LOADING_MILLISECONDS)
    self.webContents.on('did-finish-load', () => {
      if (window !== self) return
      clearTimeout(loading)
      isReady = true
      prospects = new Prospects()
      comeSecond(self.webContents.getOSProcessId())
      lines.up('decoder', handOverTo(self))
    })
    self.once('closed', () => {
      if (window === self) forget() // the app quits: that closes all windows
    })
    self.webContents.once('render-process-gone', (_event, details) => {
      if (window !== self) return
      shut()
      // What ends one that was ready are photos, however many: that is no reason to give up.
      const often = isReady ? undefined : prospects.afterDeath(Date.now() - started, false)
      if (often) {
        prospects = new Prospects()
        console.error(`kindred: the decoder ended ${often} (${details.reason}); it stays closed`)
        return onRefused(hopeless('decoder', often))
      }
      const wait = backoff.afterDeath(Date.now() - started)
      console.error(
        `kindred: the decoder ended (${details.reason}, ${details.exitCode}); ` +
          `opening it again in ${wait} ms`
      )
      timer = setTimeout(open, wait)
    })
  }

  function forget(): void {
    clearTimeout(loading)
    lines.down('decoder')
    window = undefined
  }

  function shut(): void {
    const former = window
    forget()
    former?.destroy()
  }

  return {
    want() {
      if (!window && !timer) open()
    },
    rest() {
      clearTimeout(timer)
      timer = undefined
      shut()
    },
    end: () => window?.webContents.forcefullyCrashRenderer()
  }
}
