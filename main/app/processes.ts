// The processes and windows that work for the page, and the lines between them. Runs in app.
// Each may die at any time: it is started again, and its partners are handed new ports.
import { join } from 'node:path'
import { MessageChannelMain, app, type BrowserWindow, type MessagePortMain } from 'electron'
import type { FaultRecord } from '../wire/fault.ts'
import { portOfMain } from '../wire/port.ts'
import { WINDOW_CHANNEL, type KeptProcess, type WindowMessage } from '../wire/process-messages.ts'
import { Backoff } from '../wire/backoff.ts'
import type { Control } from './control.ts'
import { careForDecoder, handOverTo } from './decoder-window.ts'
import { tell } from './logs.ts'
import { followPower } from './power.ts'
import { createSwitchboard } from './switchboard.ts'
import { keepAlive } from './utility.ts'

export interface Processes {
  /** Joins the page with the engine at each load of it; loads it again when its process died. */
  attachPage(window: BrowserWindow): void
  /** Starts what stays down anew; does nothing where it is up. */
  startAgain(name: KeptProcess): void
  /** Ends all in good order. Never rejects. */
  close(): Promise<void>
}

/**
 * Starts engine and compute, and the decoder window when compute asks for it.
 * @param library its folder.
 * @param control app's own line to the engine.
 */
export function startProcesses(library: string, control: Control): Processes {
  const lines = createSwitchboard<MessagePortMain>(() => {
    const { port1, port2 } = new MessageChannelMain()
    return [port1, port2]
  })
  const power = followPower(control)
  let closing = false
  let page: BrowserWindow | undefined
  const down = new Map<KeptProcess, FaultRecord>() // those that stay down, and why
  lines.up('app', (_peer, port) => {
    control.handOver(portOfMain(port))
    power.tell()
    tellEngine()
  })

  /** Tells the engine that there is no compute, and why. */
  function tellEngine(): void {
    const fault = down.get('compute')
    if (!fault) return
    const refusal = control.call('computeRefused', { fault })
    refusal.catch((error: unknown) => tell('the engine was not told of compute', error))
  }

  /** Tells the page which processes stay down, and why. */
  function tellPage(): void {
    if (!page || page.isDestroyed()) return
    for (const [process, fault] of down) {
      const stopped: WindowMessage = { type: 'stopped', process, fault, logs: app.getPath('logs') }
      page.webContents.send(WINDOW_CHANNEL, stopped)
    }
  }

  const engine = keepAlive({
    name: 'engine',
    file: join(__dirname, 'engine.js'),
    start: { type: 'start', library },
    onUp(send) {
      compute.wake() // a new engine begins with one
      lines.up('engine', (peer, port) => {
        if (peer === 'page' || peer === 'compute' || peer === 'control')
          send({ type: 'port', peer }, [port])
      })
    },
    onDown: () => lines.down('engine'),
    onRefused(fault) {
      down.set('engine', fault)
      tellPage()
    },
    onCompute(report) {
      if (closing) return
      if (report === 'compute-wanted') return compute.wake()
      compute.rest()
      decoder.rest() // it is compute's alone
    }
  })

  const decoder = careForDecoder(lines, ({ record }) =>
    compute.send({ type: 'decoder-refused', fault: record })
  )
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
    onRefused(fault) {
      down.set('compute', fault)
      decoder.rest()
      tellEngine()
      tellPage()
    },
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
    page = window
    window.webContents.on('did-finish-load', () => {
      lines.up('page', handOverTo(window))
      tellPage()
    })
    window.webContents.on('render-process-gone', (_event, details) => {
      lines.down('page')
      if (closing) return
      const wait = backoff.afterDeath(Date.now() - started)
      console.error(
        `kindred: the page ended (${details.reason}, ${details.exitCode}); ` +
          `loading it again in ${wait} ms`
      )
      setTimeout(() => {
        started = Date.now()
        if (!window.isDestroyed()) window.webContents.reload()
      }, wait)
    })
    window.on('closed', () => lines.down('page'))
  }

  function startAgain(name: KeptProcess): void {
    down.delete(name)
    if (name === 'engine') engine.startAgain()
    else compute.startAgain()
  }

  async function close(): Promise<void> {
    closing = true
    await engine.close() // before compute: an end of it that the engine sees is a crash
    await compute.close()
    decoder.rest()
  }

  return { attachPage, startAgain, close }
}
