// Whether the machine runs on its battery, as Linux tells it in /sys/class/power_supply (described
// in the kernel's Documentation/ABI/testing/sysfs-class-power). Runs in app; knows files, not
// Electron, whose powerMonitor tells nothing of batteries on Linux (electron/electron#29614).
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Where Linux has a folder for each supply. */
export const POWER_SUPPLIES = '/sys/class/power_supply'

/** A battery of the machine: what it says of itself tells whether it is drawn from. */
type Battery = 'discharging' | 'resting' | 'unknown'

/** What a file of a supply says; undefined when it is missing or cannot be read. */
async function said(supply: string, name: string): Promise<string | undefined> {
  try {
    return (await readFile(join(supply, name), 'utf8')).trim()
  } catch {
    return undefined // drivers leave files out, and reading fails while a battery is taken out
  }
}

async function batteryAt(supply: string): Promise<Battery | undefined> {
  // Of a mouse, a headset or a pen: it powers that alone.
  if ((await said(supply, 'scope')) === 'Device') return undefined
  if ((await said(supply, 'present')) === '0') return undefined
  const status = await said(supply, 'status')
  if (status === 'Discharging') return 'discharging'
  const rests = status === 'Charging' || status === 'Not charging' || status === 'Full'
  return rests ? 'resting' : 'unknown'
}

/**
 * True when a battery of the machine is drawn from and no mains adapter gives power. A charger at a
 * USB port is not asked: where the battery loses charge all the same, or the port powers something
 * else, work that can wait should wait. False when nothing is known.
 * @param folder one folder for each supply; see POWER_SUPPLIES.
 */
export async function isOnBattery(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => [])
  const batteries: Battery[] = []
  const mains: (string | undefined)[] = []
  for (const name of names) {
    const supply = join(folder, name)
    const type = await said(supply, 'type')
    if (type === 'Mains') mains.push(await said(supply, 'online'))
    if (type !== 'Battery' && type !== 'UPS') continue
    const battery = await batteryAt(supply)
    if (battery) batteries.push(battery)
  }
  if (mains.some((online) => online !== undefined && online !== '0')) return false
  if (batteries.includes('discharging')) return true
  return mains.includes('0') && batteries.includes('unknown')
}
