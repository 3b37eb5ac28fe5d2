// Tells the engine whether the machine runs on its battery: it does not learn then. Runs in app.
import { app, powerMonitor } from 'electron'
import type { Control } from './control.ts'
import { tell } from './logs.ts'
import { POWER_SUPPLIES, isOnBattery } from './power-supplies.ts'

/** Linux gives no word of a change that every system has: it is looked for so often, ms. */
const LOOK_EVERY = 10_000
/** Names another folder than POWER_SUPPLIES, as tests do. */
const FOLDER_SWITCH = 'power-supplies'

export interface Power {
  /** Tells it now: to an engine that was started anew. */
  tell(): void
}

/** Tells the engine at every change from now on. */
export function followPower(engine: Pick<Control, 'call'>): Power {
  return process.platform === 'linux' ? followFiles(engine) : followEvents(engine)
}

function send(engine: Pick<Control, 'call'>, onBattery: boolean): void {
  const told = engine.call('power', { onBattery })
  told.catch((error: unknown) => tell('the engine was not told of the battery', error))
}

function followFiles(engine: Pick<Control, 'call'>): Power {
  const folder = app.commandLine.getSwitchValue(FOLDER_SWITCH) || POWER_SUPPLIES
  let told: boolean | undefined

  async function look(): Promise<void> {
    const onBattery = await isOnBattery(folder)
    if (onBattery !== told) send(engine, (told = onBattery))
  }

  async function lookOn(): Promise<void> {
    await look()
    setTimeout(() => void lookOn(), LOOK_EVERY).unref()
  }

  void lookOn()
  powerMonitor.on('resume', () => void look())
  return {
    tell() {
      told = undefined
      void look()
    }
  }
}

function followEvents(engine: Pick<Control, 'call'>): Power {
  const tell = (): void => send(engine, powerMonitor.isOnBatteryPower())
  powerMonitor.on('on-battery', tell)
  powerMonitor.on('on-ac', tell)
  return { tell }
}
