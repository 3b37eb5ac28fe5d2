// The processes and windows that work for the page, and the lines between them. Runs in app.
// Each may die at any time: it is started again, and its partners are handed new ports.
import { join } from 'node:path'
import { MessageChannelMain, app, type BrowserWindow, type MessagePortMain } from 'electron'
import type { FaultRecord } from '../wire/fault.ts'
import { portOfMain } from '../wire/port.ts'
import { WINDOW_CHANNEL } from '../wire/processes.ts'
import { Backoff } from './backoff.ts'
import type { Control } from './control.ts'
import { followPower, tellPower } from './power.ts'
import { createSwitchboard, type HandOver } from './switchboard.ts'
import { keepAlive } from './utility.ts'
import { openDecoderWindow } from './windows.ts'

export interface Processes {
  /** Joins the page with the engine at each load of it; loads it again when its process died. */
  attachPage(window: BrowserWindow): void
  /** Ends all in good order. Never rejects. */
  close(): Promise<void>
}

function handOverTo(window: BrowserWindow): HandOver<MessagePortMain> {
  return (peer, port) =>
    window.webContents.postMessage(WINDOW_CHANNEL, { type: 'port', peer }, [port])
}

/**
 * Starts engine, compute and the decoder window.
 * @param control app's own line to the engine.
 * @param onRefused engine or compute cannot start: told once, and it stays down.
 */
export function startProcesses(
  control: Control,
  onRefused: (name: 'engine' | 'compute', fault: FaultRecord) => void
): Processes {
  const lines = createSwitchboard<MessagePortMain>(() => {
    const { port1, port2 } = new MessageChannelMain()
    return [port1, port2]
  })
  let closing = false
  let decoder: BrowserWindow | undefined
  let refused: FaultRecord | undefined // why compute stays down
  lines.up('app', (_peer, port) => {
    control.handOver(portOfMain(port))
    tellPower(control)
    if (refused) tellRefused(refused)
  })
  followPower(control)

  function tellRefused(fault: FaultRecord): void {
    refused = fault
    control.call('computeRefused', { fault }).catch((error: unknown) => console.error(error))
  }

  const engine = keepAlive({
    name: 'engine',
    file: join(__dirname, 'engine.js'),
    start: { type: 'start', library: join(app.getPath('userData'), 'library') },
    onUp: (send) =>
      lines.up('engine', (peer, port) => {
        if (peer === 'page' || peer === 'compute' || peer === 'control')
          send({ type: 'port', peer }, [port])
      }),
    onDown: () => lines.down('engine'),
    onRefused: (fault) => onRefused('engine', fault)
  })

  const compute = keepAlive({
    name: 'compute',
    file: join(__dirname, 'compute.js'),
    start: {
      type: 'start',
      backbones: app.isPackaged
        ? join(process.resourcesPath, 'backbones')
        : join(app.getAppPath(), 'model/backbones'),
      decoder: 'port'
    },
    onUp: (send) =>
      lines.up('compute', (peer, port) => {
        if (peer === 'engine' || peer === 'decoder') send({ type: 'port', peer }, [port])
      }),
    onDown: () => lines.down('compute'),
    onRefused: (fault) => (tellRefused(fault), onRefused('compute', fault)),
    // It ends as if it had crashed, and is opened again below.
    onDecoderStuck: () => {
      if (decoder?.isDestroyed() === false) decoder.webContents.forcefullyCrashRenderer()
    }
  })

  const decoderBackoff = new Backoff()
  function openDecoder(): void {
    const started = Date.now()
    const window = openDecoderWindow()
    decoder = window
    window.webContents.on('did-finish-load', () => lines.up('decoder', handOverTo(window)))
    window.webContents.once('render-process-gone', (_event, details) => {
      lines.down('decoder')
      window.destroy()
      if (closing) return
      const wait = decoderBackoff.afterDeath(Date.now() - started)
      console.error(
        `kindred: the decoder ended (${details.reason}); opening it again in ${wait} ms`
      )
      setTimeout(openDecoder, wait)
    })
  }
  openDecoder()

  function attachPage(window: BrowserWindow): void {
    const backoff = new Backoff()
    let started = Date.now()
    window.webContents.on('did-finish-load', () => lines.up('page', handOverTo(window)))
    window.webContents.on('render-process-gone', (_event, details) => {
      lines.down('page')
      if (closing) return
      const wait = backoff.afterDeath(Date.now() - started)
      console.error(`kindred: the page ended (${details.reason}); loading it again in ${wait} ms`)
      setTimeout(() => {
        started = Date.now()
        if (!window.isDestroyed()) window.webContents.reload()
      }, wait)
    })
    window.on('closed', () => lines.down('page'))
  }

  async function close(): Promise<void> {
    closing = true
    await engine.close() // before compute: an end of it that the engine sees is a crash
    await compute.close()
    decoder?.destroy()
  }

  return { attachPage, close }
}
