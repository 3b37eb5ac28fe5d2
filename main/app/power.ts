// Tells the engine whether the machine runs on its battery: it does not learn then. Runs in app.
import { powerMonitor } from 'electron'
import type { Control } from './control.ts'

/** Tells it now; call it again when the engine was started anew. */
export function tellPower(engine: Pick<Control, 'call'>): void {
  const onBattery = powerMonitor.isOnBatteryPower()
  engine.call('power', { onBattery }).catch((error: unknown) => console.error(error))
}

/** Tells it at every change from now on. */
export function followPower(engine: Pick<Control, 'call'>): void {
  powerMonitor.on('on-battery', () => tellPower(engine))
  powerMonitor.on('on-ac', () => tellPower(engine))
}
