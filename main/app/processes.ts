// The processes and windows that work for the page, and the lines between them. Runs in app.
// Each may die at any time: it is started again, and its partners are handed new ports.
import { join } from 'node:path'
import { MessageChannelMain, app, type BrowserWindow, type MessagePortMain } from 'electron'
import type { FaultRecord } from '../wire/fault.ts'
import { portOfMain } from '../wire/port.ts'
import { Backoff } from './backoff.ts'
import type { Control } from './control.ts'
import { careForDecoder, handOverTo } from './decoder-window.ts'
import { followPower } from './power.ts'
import { createSwitchboard } from './switchboard.ts'
import { keepAlive } from './utility.ts'

export interface Processes {
  /** Joins the page with the engine at each load of it; loads it again when its process died. */
  attachPage(window: BrowserWindow): void
  /** Ends all in good order. Never rejects. */
  close(): Promise<void>
}

/**
 * Starts engine and compute, and the decoder window when compute asks for it.
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
  const power = followPower(control)
  let closing = false
  let refused: FaultRecord | undefined // why compute stays down
  lines.up('app', (_peer, port) => {
    control.handOver(portOfMain(port))
    power.tell()
    if (refused) tellRefused(refused)
  })

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

  const decoder = careForDecoder(lines)
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
    onDecoder(report) {
      if (closing) return
      if (report === 'decoder-wanted') decoder.want()
      else if (report === 'decoder-idle') decoder.rest()
      else decoder.end()
    }
  })

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
    decoder.rest()
  }

  return { attachPage, close }
}
